import { named, rowsOf, sql, uuidArray, type Sql, type Tx } from "../../db/db.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import {
  createWordRules,
  type Consent,
  type Reading,
  type WordLists,
  type WordRules,
} from "../facts/facts.ts";

type ListsAt = (at_ms: number) => WordLists;
const DEFAULTS = createWordRules({ words: [], off: [] });

interface Version {
  id: string;
  version: string;
  confirms: boolean;
}
type Kept = Version & { lists: ListsAt };

/** By workspace; as long as its version stays the same. */
const kept = new Map<string, Kept>();
const KEPT = 1_000;

/** How each message is read, by its own time. */
type ReadingOf = (event: RoutedEvent) => Reading;

/**
 * The words that count, in two steps. `guess` is what this process has kept of them, at once; `check` asks by the key of
 * consent_settings whether that is still so, on a way to the server with others, and answers what is: null as guessed.
 * The words themselves are read when their version is another one.
 */
export function wordLists(
  tx: Tx,
  events: readonly RoutedEvent[],
): { guess: ReadingOf; check: () => Promise<ReadingOf | null> } {
  const workspace_ids = [
    ...new Set(events.filter(({ event }) => "message" in event.data).map(({ workspace_id }) => workspace_id)),
  ];
  const guessed = new Map(workspace_ids.flatMap((id) => kept.get(id) ?? []).map((one) => [one.id, one]));
  return {
    guess: readingBy(guessed),
    async check() {
      if (workspace_ids.length === 0) return null;
      const versions = await tx.rows<Version>(named("word list versions")`
        select workspace_id as id, words_version::text as version, confirms from consent_settings
        where workspace_id = any(${uuidArray(workspace_ids)}::uuid[]) and words_version > 0`);
      const isKept = ({ id, version, confirms }: Version) =>
        guessed.get(id)?.version === version && guessed.get(id)?.confirms === confirms;
      if (versions.length === guessed.size && versions.every(isKept)) return null;
      return readingBy(await readLists(tx, versions));
    },
  };
}

function readingBy(lists: ReadonlyMap<string, Kept>): ReadingOf {
  return ({ workspace_id, occurred_at }) => {
    const one = lists.get(workspace_id);
    return { lists: (one?.lists ?? DEFAULTS)(occurred_at.getTime()), confirms: one?.confirms ?? false };
  };
}

async function readLists(tx: Tx, versions: readonly Version[]): Promise<Map<string, Kept>> {
  const stale = versions.filter(({ id, version }) => kept.get(id)?.version !== version);
  const rules = await readRules(tx, stale);
  const lists = new Map<string, Kept>();
  for (const { id, version, confirms } of versions) {
    const known = kept.get(id);
    const own = rules.get(id);
    const of_version = own === undefined && known?.version === version ? known.lists : null;
    lists.set(id, {
      id,
      version,
      confirms,
      lists: of_version ?? createWordRules(own ?? { words: [], off: [] }),
    });
  }
  if (kept.size + stale.length > KEPT) kept.clear();
  for (const [id, one] of lists) kept.set(id, one);
  return lists;
}

async function readRules(tx: Tx, workspaces: readonly { id: string }[]): Promise<Map<string, WordRules>> {
  if (workspaces.length === 0) return new Map();
  const ids = uuidArray(workspaces.map(({ id }) => id));
  const rows = await tx.rows<WordRules & { id: string }>(sql`
    select due.id,
      (select coalesce(json_agg(json_build_object('meaning', w.meaning, 'matches', w.matches, 'text', w.text,
          'since_ms', ${ms(sql`w.since`)}, 'until_ms', ${ms(sql`w.until`)})), '[]')
        from consent_words w where w.workspace_id = due.id) as words,
      (select coalesce(json_agg(json_build_object('language', o.language,
          'since_ms', ${ms(sql`o.since`)}, 'until_ms', ${ms(sql`o.until`)})), '[]')
        from consent_defaults_off o where o.workspace_id = due.id) as off
    from unnest(${ids}::uuid[]) as due (id)`);
  return new Map(rows.map(({ id, ...rules }) => [id, rules]));
}

/** Milliseconds since 1970; null for a time without one. */
const ms = (time: Sql) =>
  sql`case when isfinite(${time}) then floor(extract(epoch from ${time}) * 1000)::bigint end`;

/** Clocks of Meta and of ours, whose times are of seconds: an answer may seem to be older than its question. */
export const CONFIRM_SLACK_MS = 5_000;

/**
 * The ledger: one row a statement, under the id of the event that made it. A confirmation is one only of a person who was
 * asked before: the question is committed before it goes out, so whether there was one does not depend on what comes in
 * which order. What the statements make of a contact is folded from all rows (identity/contact-rows.ts).
 */
export function recordConsents(tx: Tx, consents: readonly Consent[]): void {
  if (consents.length === 0) return;
  const due = consents.map(({ workspace_id, event_id: id, identity, at_ms, ...row }) => ({
    workspace_id,
    id,
    kind: identity.kind,
    value: identity.value,
    state: row.state,
    source: row.source,
    evidence: row.evidence,
    wamid: row.wamid,
    at: at_ms,
    user_id: row.user_id ?? null,
    reason: row.reason ?? null,
  }));
  const columns = {
    workspace_id: "uuid",
    id: "uuid",
    kind: "text",
    value: "text",
    state: "text",
    source: "text",
    evidence: "text",
    wamid: "text",
    at: "timestamptz",
    user_id: "uuid",
    reason: "text",
  } as const;
  tx.later(sql`
    insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, evidence, wamid, occurred_at,
      user_id, reason)
    select due.* from ${rowsOf(due, columns)}
    where due.source <> 'DOUBLE_OPT_IN' or exists (
      select from contact_identities i
      join contact_identities own on own.workspace_id = i.workspace_id and own.contact_id = i.contact_id
      join consent_events p on (p.workspace_id, p.identity_kind, p.identity_value) = (own.workspace_id, own.kind, own.value)
      where (i.workspace_id, i.kind, i.value) = (due.workspace_id, due.kind, due.value) and p.state = 'PENDING'
        and p.occurred_at <= due.at + ${CONFIRM_SLACK_MS} * interval '1 millisecond')
    order by 1, 2
    on conflict (workspace_id, id) do nothing`);
}

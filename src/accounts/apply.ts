import { sentences, winners } from "../base/base.ts";
import { rowsOf, sql, type Tx } from "../db/db.ts";
import type { Applied, LiveChange } from "../live/live.ts";
import {
  BEHAVIOURS,
  explainFailure,
  failureOf,
  itemOf,
  type Failure,
  type RoutedEvent,
} from "../meta/meta.ts";
import { isNewer, recordEnds, recordNotices, type NewNotice, type NoticeEnd } from "../notices/notices.ts";
import { notice, type Fact, type Said } from "./facts.ts";
import { readAccount, REINSTATED } from "./read-account.ts";
import { readNumber } from "./read-number.ts";
import { isSubject } from "./standing.ts";

/**
 * What Meta says of accounts and numbers: kept by aspect, the newest by Meta's clock, and told as notices. A fold that
 * does not depend on order; what is paused because of it is read from the facts when something is to be sent.
 */
export async function applyAccounts(tx: Tx, events: readonly RoutedEvent[]): Promise<Applied> {
  const facts: Fact[] = [];
  const notices: NewNotice[] = [];
  const ends: NoticeEnd[] = [];
  for (const event of events) {
    const about = subjectOf(event);
    if (!about) continue;
    const { said, subject_kind, subject, kind, display_phone_number } = about;
    const { workspace_id, id: event_id, journal_id, occurred_at, event: read } = event;
    const { waba_id } = read;
    const at_ms = +occurred_at;
    if (subject !== "")
      for (const one of said.facts)
        facts.push({
          ...one,
          workspace_id,
          subject_kind,
          subject,
          at_ms,
          event_id,
          rank: rankOf(one.blocks),
        });
    for (const one of said.ends ?? [])
      ends.push({ workspace_id, name: `${subject_kind}:${subject}:${one}`, at_ms });
    for (const one of said.notices) {
      const end = one.end && { ...one.end, by: one.end.by && `${subject_kind}:${subject}:${one.end.by}` };
      const key = `${subject_kind}:${subject}:${one.key}`;
      const rank = one.resolved ? 0 : one.severity === "critical" ? 2 : 1;
      const row = { ...one, key, end, kind, rank, workspace_id, event_id, journal_id, at_ms };
      notices.push({ ...row, waba_id, display_phone_number });
    }
  }
  const changed = await foldFacts(tx, facts);
  const changes = [
    ...(await recordNotices(tx, notices)),
    ...(await recordEnds(tx, ends)),
    ...(await numbersOf(tx, changed)),
  ];
  // What waited may go out now.
  if (changed.length > 0) await tx.run(sql`select pg_notify('sends', '')`);
  return { changes, ignored: [] };
}

function subjectOf({ event }: RoutedEvent) {
  const { data, waba_id } = event;
  if (data.kind === "phone_number") {
    const digits = data.display_phone_number?.replace(/\D/g, "") ?? "";
    const said = readNumber(itemOf(event));
    const { display_phone_number } = data;
    return { said, subject_kind: "number", subject: digits, kind: "number", display_phone_number } as const;
  }
  const number = event.display_phone_number;
  if (data.kind === "account") {
    const said = readAccount(data.subject, itemOf(event));
    return {
      said,
      subject_kind: "account",
      subject: waba_id ?? "",
      kind: "account",
      display_phone_number: number,
    } as const;
  }
  const failure = data.kind === "error" ? failureOf(event) : null;
  if (failure) {
    const said = errorSaid(failure, event.phone_number_id);
    return {
      said,
      subject_kind: "account",
      subject: waba_id ?? "",
      kind: "error",
      display_phone_number: number,
    } as const;
  }
  return null;
}

/** The account is blocked for its policy violations, or locked. */
const ENDED_BY_REINSTATEMENT = new Set([368, 131031]);

/** An error about no message: of the system, the app or the account. */
function errorSaid(failure: Failure, phone_number_id: string | null): Said {
  const { code, says, advice, behaviour, details } = explainFailure(failure);
  const key = `error:${code ?? failure.title ?? ""}:${phone_number_id ?? ""}`;
  const stops = behaviour === "pause_number" || behaviour === "pause_connection" || behaviour === "ask";
  const severity = stops ? "critical" : behaviour === "note" ? "info" : "warning";
  const more = sentences(details, advice === BEHAVIOURS[behaviour].does ? null : advice);
  const title = `${says.replace(/[.]$/, "")}${code === null ? "" : ` (${code})`}`;
  const end =
    code !== null && ENDED_BY_REINSTATEMENT.has(code)
      ? { until_ms: null, by: REINSTATED, title: null }
      : null;
  return { facts: [], notices: [notice(key, severity, title, more, false, end)] };
}

const rankOf = (blocks: Fact["blocks"]): number => (blocks === "all" ? 2 : blocks === "templates" ? 1 : 0);

type Subject = Pick<Fact, "workspace_id" | "subject_kind" | "subject">;

const FACT_COLUMNS = {
  workspace_id: "uuid",
  subject_kind: "text",
  subject: "text",
  aspect: "text",
  value: "text",
  blocks: "text",
  until: "timestamptz",
  says: "text",
  at: "timestamptz",
  rank: "integer",
  event_id: "uuid",
} as const;
const columnsOf = (fact: Fact) => ({
  ...fact,
  value: JSON.stringify(fact.value),
  until: fact.until_ms,
  at: fact.at_ms,
});

/** One upsert of the newest of each aspect, in the order of the keys; answers the subjects that are no longer as they were. */
async function foldFacts(tx: Tx, facts: readonly Fact[]): Promise<Subject[]> {
  const keyOf = (one: Fact) => [one.workspace_id, one.subject_kind, one.subject, one.aspect].join(" ");
  const rows = winners(facts, keyOf, isNewer);
  if (rows.length === 0) return [];
  return tx.rows<Subject>(sql`
    insert into account_facts as f (workspace_id, subject_kind, subject, aspect, value, blocks, until, says, at, rank, event_id)
    select workspace_id, subject_kind, subject, aspect, value::jsonb, blocks, until, says, at, rank::smallint, event_id
    from ${rowsOf(rows.map(columnsOf), FACT_COLUMNS, "told")}
    on conflict (workspace_id, subject_kind, subject, aspect) do update set
      value = excluded.value, blocks = excluded.blocks, until = excluded.until, says = excluded.says, at = excluded.at,
      rank = excluded.rank, event_id = excluded.event_id
    where (excluded.at, excluded.rank, excluded.event_id) > (f.at, f.rank, f.event_id)
    returning f.workspace_id, f.subject_kind, f.subject`);
}

/** The numbers that these subjects are, or have: pages show how they send. */
async function numbersOf(tx: Tx, subjects: readonly Subject[]): Promise<LiveChange[]> {
  if (subjects.length === 0) return [];
  const rows = await tx.rows<{ workspace_id: string; id: string }>(sql`
    select distinct n.workspace_id, n.id
    from ${rowsOf(subjects, { workspace_id: "uuid", subject_kind: "text", subject: "text" }, "told")}
    join phone_numbers n on n.workspace_id = told.workspace_id and ${isSubject(sql`told`, sql`n`)}`);
  return rows.map(({ workspace_id, id: phone_number_id }) => ({
    workspace_id,
    name: "PhoneNumberUpdated",
    data: { phone_number_id },
  }));
}

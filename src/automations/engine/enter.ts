import { contactsInRules, segmentRules } from "../../audience/audience.ts";
import type { Condition, SegmentRule } from "../../contract/audience.ts";
import type { Flow } from "../../contract/automations.ts";
import { rowsOf, sql, uuidArray, type Tx } from "../../db/db.ts";
import { isRefused } from "../../sending/sending.ts";
import { triggerNode } from "../flow/flow.ts";
import { flowKey, readFlows, type TriggerFacts } from "./run-rows.ts";

const AT_ONCE = 500;
/** What is kept of a contact who became another one follows by then. */
const JOINING_S = 5;

interface Entry {
  id: string;
  automation_id: string;
  version: number;
  contact_id: string;
  key: string;
  trigger: TriggerFacts & { awaited?: boolean };
}

/** What keeps an entry out: the run is kept as BLOCKED with it. */
type Blocked = "consent" | "frequency_cap" | "excluded" | "reentry" | "inside" | "awaited";

export interface Entered {
  workspace_id: string;
  automation_id: string;
  run_id: string;
}

/**
 * Makes runs of what was triggered, in this order: consent, cap, exclusion, whether they may enter again. The contacts and
 * their conversations are locked, as they are where something is told of them: what they do is before the run, or finds it.
 */
export async function enterDue(
  tx: Tx,
  workspace_id: string,
  now: Date,
): Promise<{ looked: number; entered: Entered[] }> {
  const entries = await tx.rows<Entry>(sql`
    select id, automation_id, version, contact_id, key, trigger from automation_entries
    where workspace_id = ${workspace_id} and due_at <= ${now}
    order by due_at, id limit ${AT_ONCE} for update skip locked`);
  if (entries.length === 0) return { looked: 0, entered: [] };
  const contacts = await lockContacts(tx, workspace_id, entries);
  const active = await activeAmong(tx, workspace_id, entries);
  const flows = await readFlows(tx, workspace_id, entries);
  const here = entries.filter(
    (entry) => active.has(entry.automation_id) && contacts.has(entry.contact_id) && flows.has(flowKey(entry)),
  );
  const blocks = await judge(tx, workspace_id, here, { contacts, flows, now });
  const runs = here.map((entry, i) => ({ entry, flow: flows.get(flowKey(entry))!, blocked: blocks[i]! }));
  await writeEntered(tx, workspace_id, runs, now);
  const joining = entries.filter(({ contact_id }) => !contacts.has(contact_id));
  await endEntries(tx, workspace_id, entries, joining, now);
  return {
    looked: entries.length,
    entered: here.map(({ id: run_id, automation_id }) => ({ workspace_id, automation_id, run_id })),
  };
}

/** In the pipeline's order: contacts, then conversations. Answers what each says about marketing. */
async function lockContacts(
  tx: Tx,
  workspace_id: string,
  entries: readonly Entry[],
): Promise<Map<string, string>> {
  const ids = uuidArray([...new Set(entries.map(({ contact_id }) => contact_id))]);
  const rows = await tx.rows<{ id: string; marketing_state: string }>(sql`
    select id, marketing_state from contacts where workspace_id = ${workspace_id} and id = any(${ids}::uuid[])
    order by id for no key update`);
  await tx.run(sql`
    select from conversations where workspace_id = ${workspace_id} and contact_id = any(${ids}::uuid[])
    order by contact_id, phone_number_id for no key update`);
  return new Map(rows.map(({ id, marketing_state }) => [id, marketing_state]));
}

async function activeAmong(tx: Tx, workspace_id: string, entries: readonly Entry[]): Promise<Set<string>> {
  const ids = [...new Set(entries.map(({ automation_id }) => automation_id))];
  const rows = await tx.rows<{ id: string }>(sql`
    select id from automations
    where workspace_id = ${workspace_id} and id = any(${uuidArray(ids)}::uuid[]) and state = 'ACTIVE'`);
  return new Set(rows.map(({ id }) => id));
}

interface Judging {
  contacts: ReadonlyMap<string, string>;
  flows: ReadonlyMap<string, Flow>;
  now: Date;
}

async function judge(
  tx: Tx,
  workspace_id: string,
  entries: readonly Entry[],
  { contacts, flows, now }: Judging,
) {
  const before = await runsBefore(tx, workspace_id, entries);
  const marketing = await marketingFlows(tx, workspace_id, flows);
  const excluded = await excludedBy(tx, workspace_id, entries, flows, now);
  return entries.map((entry): Blocked | null => {
    const { settings } = flows.get(flowKey(entry))!;
    const state = contacts.get(entry.contact_id)!;
    const place = `${entry.automation_id} ${entry.contact_id}`;
    const past = before.get(place) ?? { last_ms: null, inside: new Set<string>() };
    const blocked = ((): Blocked | null => {
      if (state === "REDACTED") return "consent";
      if (marketing.has(flowKey(entry)) && isRefused("MARKETING", state)) return "consent";
      if (isCapped(settings.frequency_cap, past.last_ms, now.getTime())) return "frequency_cap";
      if (excluded(entry)) return "excluded";
      if (entry.trigger.awaited === true) return "awaited";
      if (past.inside.has(entry.key) || (settings.reentry !== "every_event" && past.inside.size > 0))
        return "inside";
      return settings.reentry === "never" && past.last_ms !== null ? "reentry" : null;
    })();
    if (blocked === null) {
      past.inside.add(entry.key);
      before.set(place, { ...past, last_ms: now.getTime() });
    }
    return blocked;
  });
}

const DAY_MS = 86_400_000;
const WINDOWS: ReadonlyMap<string, number> = new Map([
  ["EVER", Number.POSITIVE_INFINITY],
  ["24_HOURS", DAY_MS],
  ["7_DAYS", 7 * DAY_MS],
  ["14_DAYS", 14 * DAY_MS],
  ["30_DAYS", 30 * DAY_MS],
]);

const isCapped = (cap: string | null, last_ms: number | null, now_ms: number): boolean =>
  cap !== null && last_ms !== null && now_ms - last_ms < (WINDOWS.get(cap) ?? 0);

/** By automation and contact: when they entered last, and the keys of the runs that they are in. By automation_runs__contact_id. */
async function runsBefore(tx: Tx, workspace_id: string, entries: readonly Entry[]) {
  const rows = await tx.rows<{
    automation_id: string;
    contact_id: string;
    last_at: Date;
    inside: string[] | null;
  }>(sql`
    select r.automation_id, r.contact_id, max(r.entered_at) as last_at,
      array_agg(r.key) filter (where r.state in ('ACTIVE', 'PAUSED')) as inside
    from (select distinct * from ${rowsOf(entries, { automation_id: "uuid", contact_id: "uuid" })}) due
    join automation_runs r on r.workspace_id = ${workspace_id} and r.contact_id = due.contact_id
      and r.automation_id = due.automation_id and r.state <> 'BLOCKED'
    group by 1, 2`);
  return new Map(
    rows.map((row): [string, { last_ms: number | null; inside: Set<string> }] => [
      `${row.automation_id} ${row.contact_id}`,
      { last_ms: row.last_at.getTime(), inside: new Set(row.inside ?? []) },
    ]),
  );
}

/** Those flows that send marketing, or a template of which it is not known. */
async function marketingFlows(
  tx: Tx,
  workspace_id: string,
  flows: ReadonlyMap<string, Flow>,
): Promise<Set<string>> {
  const acts = [...flows].flatMap(([key, { nodes }]) =>
    nodes.flatMap((node) =>
      node.type === "action" && node.act?.kind === "send_template" ? [{ key, ...node.act }] : [],
    ),
  );
  if (acts.length === 0) return new Set();
  const due = acts.map(({ key, template_id, template_group_id }) => ({
    key,
    template_id,
    template_group_id,
  }));
  const rows = await tx.rows<{ key: string }>(sql`
    select distinct due.key
    from ${rowsOf(due, { key: "text", template_id: "uuid", template_group_id: "uuid" })}
    left join template_group_members g on g.workspace_id = ${workspace_id} and g.group_id = due.template_group_id
    left join template_groups o on o.workspace_id = ${workspace_id} and o.id = due.template_group_id
    left join templates t on t.workspace_id = ${workspace_id} and (t.id = due.template_id
      or (t.name = g.template_name and t.language = g.language and t.waba_id = o.waba_id))
    where coalesce(upper(t.category), 'MARKETING') = 'MARKETING'`);
  return new Set(rows.map(({ key }) => key));
}

async function excludedBy(
  tx: Tx,
  workspace_id: string,
  entries: readonly Entry[],
  flows: ReadonlyMap<string, Flow>,
  now: Date,
): Promise<(entry: Entry) => boolean> {
  const named = [...flows.values()].flatMap(({ settings }) => settings.exclude);
  if (named.length === 0) return () => false;
  const keyOf = ({ kind, id }: (typeof named)[number]) => `${kind} ${id}`;
  const rules = new Map<string, SegmentRule>();
  for (const one of named)
    if (one.kind !== "segment") {
      const condition: Condition = { on: one.kind, op: "any", ids: [one.id] };
      rules.set(keyOf(one), { groups: [[condition]] });
    }
  const segments = named.filter(({ kind }) => kind === "segment").map(({ id }) => id);
  for (const [id, rule] of await segmentRules(tx, workspace_id, segments)) rules.set(`segment ${id}`, rule);
  const found = await contactsInRules(
    tx,
    workspace_id,
    entries.map(({ contact_id }) => contact_id),
    [...rules].map(([key, rule]) => ({ key, rule })),
    now.toISOString().slice(0, 10),
  );
  return (entry) =>
    flows.get(flowKey(entry))!.settings.exclude.some((one) => found.get(keyOf(one))?.has(entry.contact_id));
}

type Judged = { entry: Entry; flow: Flow; blocked: Blocked | null };

/** One that another process lets in at the same moment is inside. */
async function writeEntered(tx: Tx, workspace_id: string, runs: readonly Judged[], now: Date): Promise<void> {
  const let_in = runs.filter(({ blocked }) => blocked === null);
  const inside = await insertRuns(tx, workspace_id, let_in, now);
  const late = let_in.filter(({ entry }) => !inside.has(entry.id));
  await insertRuns(
    tx,
    workspace_id,
    [
      ...runs.filter(({ blocked }) => blocked !== null),
      ...late.map((one) => ({ ...one, blocked: "inside" as const })),
    ],
    now,
  );
  const waits = let_in.flatMap(({ entry }) => (inside.has(entry.id) ? [entry] : []));
  await tx.run(sql`
    insert into automation_waits (workspace_id, run_id, visit, wake_at, contact_id)
    select ${workspace_id}, id, 0, '-infinity', contact_id from ${rowsOf(waits, { id: "uuid", contact_id: "uuid" })}
    on conflict do nothing`);
}

async function insertRuns(
  tx: Tx,
  workspace_id: string,
  runs: readonly Judged[],
  now: Date,
): Promise<Set<string>> {
  if (runs.length === 0) return new Set();
  const rows = runs.map(({ entry, flow, blocked }) => ({
    id: entry.id,
    automation_id: entry.automation_id,
    version: entry.version,
    contact_id: entry.contact_id,
    key: entry.key,
    trigger: JSON.stringify(entry.trigger),
    conversation_id: entry.trigger.conversation_id ?? null,
    state: blocked === null ? "ACTIVE" : "BLOCKED",
    node_id: blocked === null ? (triggerNode(flow)?.id ?? "") : null,
    reason: blocked,
    ended_at: blocked === null ? null : now,
  }));
  const written = await tx.rows<{ id: string }>(sql`
    insert into automation_runs (workspace_id, id, automation_id, version, contact_id, key, state, node_id, trigger,
      conversation_id, reason, entered_at, ended_at)
    select ${workspace_id}, id, automation_id, version, contact_id, key, state, node_id, trigger::jsonb, conversation_id, reason,
      ${now}, ended_at
    from ${rowsOf(rows, COLUMNS)} order by id on conflict do nothing returning id`);
  return new Set(written.map(({ id }) => id));
}

const COLUMNS = {
  id: "uuid",
  automation_id: "uuid",
  version: "integer",
  contact_id: "uuid",
  key: "text",
  trigger: "text",
  conversation_id: "uuid",
  state: "text",
  node_id: "text",
  reason: "text",
  ended_at: "timestamptz",
} as const;

async function endEntries(
  tx: Tx,
  workspace_id: string,
  entries: readonly Entry[],
  joining: readonly Entry[],
  now: Date,
) {
  const later = new Set(joining.map(({ id }) => id));
  const done = entries.filter(({ id }) => !later.has(id)).map(({ id }) => id);
  await tx.run(sql`
    delete from automation_entries where workspace_id = ${workspace_id} and id = any(${uuidArray(done)}::uuid[])`);
  if (later.size > 0)
    await tx.run(sql`
      update automation_entries set due_at = ${now}::timestamptz + ${JOINING_S} * interval '1 second'
      where workspace_id = ${workspace_id} and id = any(${uuidArray([...later])}::uuid[])`);
}

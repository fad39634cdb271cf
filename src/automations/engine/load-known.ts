import { zoneOfCountry } from "../../base/base.ts";
import { contactsInRules, eventsSince, segmentRules } from "../../audience/audience.ts";
import { readPeople } from "../../campaigns/campaigns.ts";
import { getPolicy } from "../../consent/consent.ts";
import type { Condition } from "../../contract/audience.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import { windowExpiresAt } from "../../inbox/inbox.ts";
import { asksOf, keyOfCondition, keyOfSegment, zoneAmong, type Asks } from "../flow/flow.ts";
import { loadAnswers, loadCalls } from "./load-answers.ts";
import { loadMessages, loadReplies } from "./load-messages.ts";
import { testTime, testTimeOrNull } from "./test-clock.ts";
import type { Traveller } from "./traveller.ts";

/**
 * What the nodes at which these runs are ask, and is not read yet: each kind by one statement for all of them. What a step
 * changes itself is taken from `has` then, and read anew.
 */
export async function loadKnown(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
  now_ms: number,
): Promise<void> {
  const asking = travellers.map((traveller) => ({
    traveller,
    asks: asksOf(traveller.node, traveller.flow.settings),
  }));
  const those = (what: string, isAsked: (asks: Asks) => boolean) =>
    asking.flatMap(({ traveller, asks }) => {
      if (traveller.has.has(what) || !isAsked(asks)) return [];
      traveller.has.add(what);
      return [traveller];
    });
  const replying = those("replies", ({ replies }) => replies);
  const sending = new Set([...those("messages", ({ messages }) => messages), ...replying]);
  if (sending.size > 0) {
    const names = await loadMessages(tx, workspace_id, [...sending]);
    if (replying.length > 0) await loadReplies(tx, workspace_id, replying, names);
  }
  const talking = those("conversation", ({ conversation }) => conversation);
  if (talking.length > 0) await loadConversations(tx, workspace_id, talking);
  const calling = asking.flatMap(({ traveller, asks }) => {
    const key = `call ${traveller.visit.number}`;
    if (!asks.call || traveller.has.has(key)) return [];
    traveller.has.add(key);
    return [traveller];
  });
  if (calling.length > 0) await loadCalls(tx, workspace_id, calling);
  const answered = those("answers", ({ answers }) => answers);
  if (answered.length > 0) await loadAnswers(tx, workspace_id, answered);
  await loadEvents(tx, workspace_id, asking);
  await loadRules(tx, workspace_id, asking, now_ms);
}

/** Zones, values and consent of the contacts of all of them; a contact who is gone stays null. */
export async function loadPeople(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
): Promise<void> {
  const due = travellers.filter(({ has }) => !has.has("person"));
  if (due.length === 0) return;
  const contacts = [...new Set(due.map(({ run }) => run.contact_id))];
  const people = await readPeople(
    tx,
    workspace_id,
    contacts.map((contact_id) => ({ contact_id, values: null })),
  );
  const { time_zone } = await getPolicy(tx, workspace_id);
  for (const traveller of due) {
    traveller.has.add("person");
    const person = people.get(traveller.run.contact_id) ?? null;
    traveller.person = person;
    if (person === null) continue;
    traveller.known.zone = zoneAmong(person.time_zone, zoneOfCountry(person.country ?? ""), time_zone);
    traveller.known.fields = person.fields;
    traveller.known.marketing_state = person.marketing_state;
  }
}

/** Meta's window after a person's message. */
const WINDOW_MS = 24 * 3_600_000;

interface ConversationRow {
  run_id: string;
  conversation_id: string;
  window_until: Date | null;
  is_assigned: boolean;
  answered_at: Date | null;
}

/** By the unique key of conversations and messages__conversation_id__sent_at. */
async function loadConversations(tx: Tx, workspace_id: string, runs: readonly Traveller[]): Promise<void> {
  const due = runs.map(({ run, flow, known }) => ({
    run_id: run.id,
    contact_id: run.contact_id,
    number: flow.settings.phone_number_id,
    since: Math.max(known.since_ms, run.resumed_at?.getTime() ?? 0),
  }));
  const columns = { run_id: "uuid", contact_id: "uuid", number: "uuid", since: "timestamptz" } as const;
  const rows = await tx.rows<ConversationRow>(sql`
    select distinct on (due.run_id) due.run_id, c.id as conversation_id, ${windowExpiresAt(sql`c`)} as window_until,
      c.assignee_id is not null and coalesce(c.assigned_at > due.since, false) as is_assigned, (
      select min(m.sent_at) from messages m
      where m.workspace_id = ${workspace_id} and m.conversation_id = c.id and m.sent_at > due.since
        and m.direction = 'OUTBOUND' and m.source in ('AGENT', 'PHONE_APP')) as answered_at
    from ${rowsOf(due, columns)}
    join conversations c on c.workspace_id = ${workspace_id} and c.contact_id = due.contact_id
      and (due.number is null or c.phone_number_id = due.number)
    order by due.run_id, c.last_message_at desc nulls last`);
  const found = new Map(rows.map((row) => [row.run_id, row]));
  for (const { run, known } of runs) {
    const row = found.get(run.id);
    const until_ms = row?.window_until?.getTime() ?? null;
    // It began when the person wrote: as late by the test's clock as that was.
    known.window_until_ms = until_ms === null ? null : testTime(run.test, until_ms - WINDOW_MS) + WINDOW_MS;
    known.answered_ms = testTimeOrNull(run.test, row?.answered_at?.getTime() ?? null);
    known.is_assigned = row?.is_assigned ?? false;
    if (row !== undefined) run.conversation_id ??= row.conversation_id;
  }
}

type Asking = { traveller: Traveller; asks: Asks }[];

async function loadEvents(tx: Tx, workspace_id: string, asking: Asking): Promise<void> {
  const due = asking.filter(({ traveller, asks }) =>
    asks.events.some((name) => !traveller.has.has(`event ${name}`)),
  );
  if (due.length === 0) return;
  const names = new Set(due.flatMap(({ asks }) => asks.events));
  const events = await eventsSince(
    tx,
    workspace_id,
    due.map(({ traveller: { run, known } }) => ({
      key: run.id,
      contact_id: run.contact_id,
      since: new Date(known.since_ms),
    })),
    [...names],
  );
  for (const { traveller } of due) {
    const fresh = events.filter(
      ({ key, id, name }) =>
        key === traveller.run.id &&
        id !== traveller.run.trigger.event_id &&
        !traveller.has.has(`event ${name}`),
    );
    for (const name of names) traveller.has.add(`event ${name}`);
    traveller.known.events = [
      ...traveller.known.events,
      ...fresh.map(({ name, at }) => ({ name, at_ms: testTime(traveller.run.test, at.getTime()) })),
    ].toSorted((one, other) => one.at_ms - other.at_ms);
  }
}

/** Conditions on contacts, and segments: all that is asked, of all that are asked about. */
async function loadRules(tx: Tx, workspace_id: string, asking: Asking, now_ms: number): Promise<void> {
  const conditions = new Map<string, Condition>();
  const segments = new Set<string>();
  const due = asking.filter(({ traveller, asks }) => {
    const { holds } = traveller.known;
    const missing_conditions = asks.conditions.filter((one) => !holds.has(keyOfCondition(one)));
    const missing_segments = asks.segments.filter((id) => !holds.has(keyOfSegment(id)));
    for (const condition of missing_conditions) conditions.set(keyOfCondition(condition), condition);
    for (const id of missing_segments) segments.add(id);
    return missing_conditions.length + missing_segments.length > 0;
  });
  if (due.length === 0) return;
  const rules = [
    ...[...conditions].map(([key, condition]) => ({ key, rule: { groups: [[condition]] } })),
    ...[...(await segmentRules(tx, workspace_id, [...segments]))].map(([id, rule]) => ({
      key: keyOfSegment(id),
      rule,
    })),
  ];
  const today = new Date(now_ms).toISOString().slice(0, 10);
  const found = await contactsInRules(
    tx,
    workspace_id,
    due.map(({ traveller }) => traveller.run.contact_id),
    rules,
    today,
  );
  for (const { traveller } of due)
    traveller.known.holds = new Map([
      ...traveller.known.holds,
      ...[...found].map(([key, contacts]) => [key, contacts.has(traveller.run.contact_id)] as const),
    ]);
}

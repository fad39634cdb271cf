import { RULE_TABLES, segmentRules, whereRule } from "../../audience/audience.ts";
import { zoneOfCountry, type Clock } from "../../base/base.ts";
import { readPeople } from "../../campaigns/campaigns.ts";
import { getPolicy } from "../../consent/consent.ts";
import type { Condition, SegmentRule } from "../../contract/audience.ts";
import type { Trigger } from "../../contract/automations.ts";
import { sql, type Database, type Sql, type Tx } from "../../db/db.ts";
import { nextTime, timeOfDate, triggerOf, zoneAmong } from "../flow/flow.ts";
import { addEntries, type TriggerRow } from "./entries.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How often segments are looked at for people who came in, and dates for those that have come. */
const LOOK_MS = 60_000;
const DATES_MS = 15 * MINUTE_MS;
/** So many people a step: a fraction of a second. */
const AT_ONCE = 1_000;

/** How far the clock has come with a trigger. */
interface Place {
  /** Those who match already: the last of them who was let in; null: all were. */
  existing?: string | null;
  /** segment_entered: who was in when it began is written down. */
  seeded?: boolean;
  /** schedule: the time that it is at, and the last person of it; date_field: until when dates were looked at. */
  at_ms?: number;
  after?: string;
}

interface Due extends TriggerRow {
  place: Place;
}
/** What is kept for the next look, and when that is; null: never. */
interface Next {
  place: Place;
  look_ms: number | null;
}

const FIRST = "00000000-0000-0000-0000-000000000000";

/**
 * One look at the trigger that is due the longest, of those that the clock starts (automation_triggers__due); 0: none is.
 * Its row is locked meanwhile, and says how far it came.
 */
export function lookByClock({ db, clock }: { db: Database; clock: Clock }): Promise<number> {
  return db.transaction(async (tx) => {
    const now = new Date(clock.now());
    const row = await tx.first<Due>(sql`
      select t.workspace_id, t.automation_id, t.version, t.kind, t.subject, t.place, v.flow
      from automation_triggers t
      join automation_versions v on v.workspace_id = t.workspace_id and v.automation_id = t.automation_id and v.version = t.version
      where t.look_at <= ${now} order by t.look_at limit 1 for update of t skip locked`);
    if (row === undefined) return 0;
    const { place, look_ms } = await look(tx, row, now);
    await tx.run(sql`
      update automation_triggers set place = ${JSON.stringify(place)}::jsonb,
        look_at = ${look_ms === null ? null : new Date(look_ms)}
      where workspace_id = ${row.workspace_id} and automation_id = ${row.automation_id}`);
    return 1;
  });
}

async function look(tx: Tx, due: Due, now: Date): Promise<Next> {
  const trigger = triggerOf(due.flow);
  if (trigger === null) return { place: due.place, look_ms: null };
  if (due.flow.settings.include_existing && due.place.existing !== null) {
    const next = await letInExisting(tx, due, trigger, now);
    if (next !== null) return next;
  }
  switch (trigger.kind) {
    case "segment_entered":
      return lookAtSegment(tx, due, trigger, now);
    case "schedule":
      return lookAtSchedule(tx, due, trigger, now);
    case "date_field":
      return lookAtDates(tx, due, trigger, now);
    default:
      return { place: due.place, look_ms: null };
  }
}

const dayOf = (now: Date) => now.toISOString().slice(0, 10);

/** Those of the condition behind the last one, in the order of their ids. */
async function peopleOf(tx: Tx, where: Sql, after: string, limit: number): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select c.id from ${RULE_TABLES} where ${where} and c.id > ${after} order by c.id limit ${limit}`);
  return rows.map(({ id }) => id);
}

/** So many a minute, until none is left; null: none is, or the trigger's kind has no such people. */
async function letInExisting(tx: Tx, due: Due, trigger: Trigger, now: Date): Promise<Next | null> {
  const rule = await existingRule(tx, due.workspace_id, trigger);
  const { existing_per_min } = due.flow.settings;
  const place = { ...due.place, existing: null };
  if (rule === null) {
    due.place = place;
    return null;
  }
  const where = await whereRule(tx, due.workspace_id, rule, dayOf(now));
  const people = await peopleOf(tx, where, due.place.existing ?? FIRST, existing_per_min);
  await enterAll(tx, due, people, now, (id) => `existing ${id}`);
  if (people.length === existing_per_min)
    return { place: { ...due.place, existing: people.at(-1)! }, look_ms: now.getTime() + MINUTE_MS };
  due.place = place;
  return null;
}

/** Who matches a trigger already; null: no one can. */
async function existingRule(tx: Tx, workspace_id: string, trigger: Trigger): Promise<SegmentRule | null> {
  const only = (condition: Condition): SegmentRule => ({ groups: [[condition]] });
  switch (trigger.kind) {
    case "contact_created":
      return only({ on: "time", what: "created_at", test: { op: "is_set" } });
    case "tag_added":
      return trigger.tag_id === null ? null : only({ on: "tag", op: "any", ids: [trigger.tag_id] });
    case "list_entered":
      return trigger.list_id === null ? null : only({ on: "list", op: "any", ids: [trigger.list_id] });
    case "segment_entered":
      return (
        (await segmentRules(tx, workspace_id, [trigger.segment_id ?? FIRST])).values().next().value ?? null
      );
    case "field_changed":
      return trigger.field_id === null
        ? null
        : only({ on: "field", field_id: trigger.field_id, test: valueTest(trigger.to) });
    default:
      return null;
  }
}

function valueTest(to: string | number | boolean | null): Extract<Condition, { on: "field" }>["test"] {
  if (to === null) return { op: "is_set" };
  return typeof to === "number" ? { op: "=", value: to } : { op: "is", value: to as string };
}

async function enterAll(
  tx: Tx,
  trigger: Due,
  people: readonly string[],
  at: Date,
  what: (contact_id: string) => string,
): Promise<void> {
  const told = { kind: trigger.kind, at: at.toISOString() };
  await addEntries(
    tx,
    people.map((contact_id) => ({ trigger, contact_id, what: what(contact_id), told })),
    at,
  );
}

/** Those who came in since the last look; who was in when it began is only written down. */
async function lookAtSegment(
  tx: Tx,
  due: Due,
  { segment_id }: Extract<Trigger, { kind: "segment_entered" }>,
  now: Date,
): Promise<Next> {
  const { workspace_id, automation_id } = due;
  const look_ms = now.getTime() + LOOK_MS;
  const rule = (await segmentRules(tx, workspace_id, [segment_id ?? FIRST])).values().next().value;
  if (rule === undefined) return { place: due.place, look_ms };
  const where = await whereRule(tx, workspace_id, rule, dayOf(now));
  const fresh = await tx.rows<{ contact_id: string }>(sql`
    with members as materialized (select c.id from ${RULE_TABLES} where ${where}),
    gone as (
      delete from automation_segment_members m
      where m.workspace_id = ${workspace_id} and m.automation_id = ${automation_id} and m.contact_id not in (select id from members))
    insert into automation_segment_members (workspace_id, automation_id, contact_id)
    select ${workspace_id}, ${automation_id}, id from members order by id on conflict do nothing returning contact_id`);
  if (due.place.seeded === true)
    await enterAll(
      tx,
      due,
      fresh.map(({ contact_id }) => contact_id),
      now,
      (id) => `segment ${id} ${now.getTime()}`,
    );
  return { place: { ...due.place, seeded: true }, look_ms };
}

/** At its time all of its audience, in steps. */
async function lookAtSchedule(
  tx: Tx,
  due: Due,
  trigger: Extract<Trigger, { kind: "schedule" }>,
  now: Date,
): Promise<Next> {
  const zone = zoneAmong(trigger.time_zone);
  const later = (): Next => {
    const at_ms = nextTime(trigger, zone, now.getTime());
    return { place: { ...due.place, at_ms, after: FIRST }, look_ms: at_ms };
  };
  const { at_ms, after = FIRST } = due.place;
  const { audience } = trigger;
  if (at_ms === undefined || audience === null) return later();
  const rule =
    audience.kind === "segment"
      ? (await segmentRules(tx, due.workspace_id, [audience.id])).get(audience.id)
      : { groups: [[{ on: audience.kind, op: "any" as const, ids: [audience.id] }]] };
  if (rule === undefined) return later();
  const where = await whereRule(tx, due.workspace_id, rule, dayOf(now));
  const people = await peopleOf(tx, where, after, AT_ONCE);
  await enterAll(tx, due, people, now, (id) => `schedule ${at_ms} ${id}`);
  if (people.length < AT_ONCE) return later();
  return { place: { ...due.place, at_ms, after: people.at(-1)! }, look_ms: now.getTime() };
}

/** Those whose date's time, where they are, has come since the last look. */
async function lookAtDates(
  tx: Tx,
  due: Due,
  trigger: Extract<Trigger, { kind: "date_field" }>,
  now: Date,
): Promise<Next> {
  const { workspace_id, place } = due;
  const now_ms = now.getTime();
  const from_ms = place.at_ms ?? now_ms;
  const next: Next = { place: { ...place, at_ms: now_ms }, look_ms: now_ms + DATES_MS };
  const { field_id } = trigger;
  if (field_id === null || from_ms === now_ms) return next;
  const contacts = await datedPeople(tx, workspace_id, trigger, field_id, from_ms, now_ms);
  const people = await readPeople(
    tx,
    workspace_id,
    contacts.map((contact_id) => ({ contact_id, values: null })),
  );
  const { time_zone } = await getPolicy(tx, workspace_id);
  const come = [...people.values()].flatMap((person) => {
    const zone = zoneAmong(person.time_zone, zoneOfCountry(person.country ?? ""), time_zone);
    const at_ms = timesOf(person.fields[field_id], trigger, zone, now_ms).find(
      (at) => at > from_ms && at <= now_ms,
    );
    return at_ms === undefined ? [] : [{ contact_id: person.contact_id, at_ms }];
  });
  await addEntries(
    tx,
    come.map(({ contact_id, at_ms }) => ({
      trigger: due,
      contact_id,
      what: `date ${dayOf(new Date(at_ms))} ${contact_id}`,
      told: { kind: due.kind, at: new Date(at_ms).toISOString() },
    })),
    now,
  );
  return next;
}

/** When the date comes: once, or in this year and those beside it. */
function timesOf(
  date: unknown,
  { days, time, every_year }: Extract<Trigger, { kind: "date_field" }>,
  zone: string,
  now_ms: number,
): number[] {
  if (typeof date !== "string") return [];
  const year = new Date(now_ms).getUTCFullYear();
  const dates = every_year ? [-2, -1, 0, 1, 2].map((n) => `${year + n}${date.slice(4)}`) : [date];
  return dates.flatMap((one) => timeOfDate(one, days, time, zone) ?? []);
}

/** Those whose day may be one of these, wherever they are: the zones of a day span three. By going through contact_profiles. */
async function datedPeople(
  tx: Tx,
  workspace_id: string,
  { days, every_year }: Extract<Trigger, { kind: "date_field" }>,
  field_id: string,
  from_ms: number,
  to_ms: number,
): Promise<string[]> {
  const wanted: string[] = [];
  for (let at_ms = from_ms - 2 * DAY_MS; at_ms <= to_ms + 2 * DAY_MS; at_ms += DAY_MS) {
    const day = dayOf(new Date(at_ms - days * DAY_MS));
    wanted.push(every_year ? day.slice(5) : day);
  }
  const value = sql`p.fields ->> ${field_id}::text`;
  const rows = await tx.rows<{ id: string }>(sql`
    select p.contact_id as id from contact_profiles p
    where p.workspace_id = ${workspace_id} and ${every_year ? sql`substr(${value}, 6)` : value} = any(${wanted}::text[])`);
  return rows.map(({ id }) => id);
}

/** Who is let in of those who match already, for a count before it is activated; null: the trigger has no such people. */
export async function countExisting(
  tx: Tx,
  workspace_id: string,
  trigger: Trigger,
  now: Date,
): Promise<number | null> {
  const rule = await existingRule(tx, workspace_id, trigger);
  if (rule === null) return null;
  const where = await whereRule(tx, workspace_id, rule, dayOf(now));
  const row = await tx.first<{ n: number }>(sql`
    select count(*)::integer as n from ${RULE_TABLES} where ${where}`);
  return row!.n;
}

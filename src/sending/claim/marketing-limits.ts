import { zoneOfCountry } from "../../base/base.ts";
import { quietUntil, type MarketingLimits } from "../../consent/consent.ts";
import { named, rowsOf, sql, uuidArray, type Tx } from "../../db/db.ts";
import { errorOf, FOUND, type Refusal } from "../send-error.ts";
import type { Candidate } from "./candidates.ts";
import type { NumberKey } from "./numbers-due.ts";
import { isMarketing } from "./obstacles.ts";

/**
 * The workspace's marketing limits, at the moment at which a message would go. Only where a workspace has a policy, and
 * only for marketing that campaigns and automations send (agents' and the API's where the policy says so): three
 * statements a claim then, each by keys.
 *
 * The cap holds whichever numbers and processes send: a claim locks the rows of its people in `marketing_paces` and
 * counts under that lock. A row names what was claimed of late; whether that went out, `sends` tells: what Meta refused
 * or could not deliver takes no place. Claims lock these rows behind their messages, which nothing waits for, and in order.
 */
export interface Limited {
  allowed: Candidate[];
  refused: { id: string; error: Refusal }[];
  /** Quiet hours, and what can't be decided yet: until when, and why as sends.error keeps it. */
  later: { id: string; at: number; error: Refusal }[];
  /** Keeps the places of those that are claimed: call it with the messages that do go. */
  count: (going: readonly Candidate[]) => Promise<void>;
}

const DAY_MS = 86_400_000;
/** While it is being counted what was sent before the policy. */
const FILL_WAIT_MS = 2_000;
/** While a message that may take the last place is on its way. */
const ON_WAY_MS = 2_000;

export interface NumberLimits extends MarketingLimits {
  /** All that was sent before the policy is counted. */
  counted: boolean;
}

export async function applyLimits(
  tx: Tx,
  { workspace_id }: NumberKey,
  limits: NumberLimits | null,
  candidates: Candidate[],
  now_ms: number,
): Promise<Limited> {
  const limited = limits === null ? [] : candidates.filter((one) => isLimited(one, limits));
  if (limits === null || limited.length === 0)
    return { allowed: candidates, refused: [], later: [], count: async () => {} };
  const refused: Limited["refused"] = [];
  const later: Limited["later"] = [];
  const awake = await dropQuiet(tx, workspace_id, limits, limited, now_ms, { refused, later });
  const { cap } = limits;
  const free = cap
    ? await underCap(tx, workspace_id, { ...limits, cap }, awake, now_ms, { refused, later })
    : awake;
  const kept = new Set(free.map(({ id }) => id));
  const asked = new Set(limited.map(({ id }) => id));
  return {
    allowed: candidates.filter(({ id }) => kept.has(id) || !asked.has(id)),
    refused,
    later,
    count: async (going) => {
      if (cap)
        await countSent(
          tx,
          workspace_id,
          cap.days,
          going.filter(({ id }) => kept.has(id)),
          now_ms,
        );
    },
  };
}

const isLimited = (one: Candidate, { people }: MarketingLimits): one is Candidate & { contact_id: string } =>
  one.template_name !== null &&
  one.contact_id !== null &&
  (people || one.priority > 0) &&
  isMarketing(one.category);

type Ends = Pick<Limited, "refused" | "later">;
type Limitable = Candidate & { contact_id: string };

/** Those where it is not quiet: by their own zone, else that of their country, of their number, of the policy. */
async function dropQuiet(
  tx: Tx,
  workspace_id: string,
  { quiet, time_zone }: MarketingLimits,
  sends: readonly Limitable[],
  now_ms: number,
  ends: Ends,
): Promise<Limitable[]> {
  if (quiet === null) return [...sends];
  const rows = await tx.rows<{ contact_id: string; time_zone: string | null; country: string | null }>(
    named("sending zones")`
    select due.contact_id, p.time_zone, coalesce(p.country, (
      select i.country from contact_identities i
      where i.workspace_id = ${workspace_id} and i.contact_id = due.contact_id and i.country is not null
      order by i.former, i.kind desc, i.value desc limit 1)) as country
    from unnest(${uuidArray(sends.map((one) => one.contact_id))}::uuid[]) as due (contact_id)
    left join contact_profiles p on p.workspace_id = ${workspace_id} and p.contact_id = due.contact_id`,
  );
  const zones = new Map(
    rows.map((row) => [row.contact_id, row.time_zone ?? zoneOfCountry(row.country ?? "")]),
  );
  return sends.filter(({ id, contact_id }) => {
    const until_ms = quietUntil(quiet, zones.get(contact_id) ?? time_zone, now_ms);
    if (until_ms === null) return true;
    if (quiet.action === "skip") ends.refused.push({ id, error: FOUND.quiet_hours_skipped });
    else ends.later.push({ id, at: until_ms, error: FOUND.quiet_hours });
    return false;
  });
}

/** Those who have a place left. Locks the rows of all. */
async function underCap(
  tx: Tx,
  workspace_id: string,
  { cap, counted }: NumberLimits & { cap: NonNullable<MarketingLimits["cap"]> },
  sends: readonly Limitable[],
  now_ms: number,
  ends: Ends,
): Promise<Limitable[]> {
  if (sends.length === 0) return [];
  if (!counted) {
    for (const { id } of sends) ends.later.push({ id, at: now_ms + FILL_WAIT_MS, error: FOUND.counting });
    return [];
  }
  const people = [...new Set(sends.map((one) => one.contact_id))];
  const paces = await tx.rows<{ contact_id: string; sent: Record<string, number> }>(named("sending paces")`
    insert into marketing_paces as p (workspace_id, contact_id)
    select ${workspace_id}, id from unnest(${uuidArray(people)}::uuid[]) as due (id) order by id
    on conflict (workspace_id, contact_id) do update set latest_at = p.latest_at
    returning contact_id, sent`);
  const after_ms = now_ms - cap.days * DAY_MS;
  const recent = paces.flatMap(({ contact_id, sent }) =>
    Object.entries(sent).flatMap(([id, at_ms]) => (at_ms > after_ms ? [{ id, contact_id }] : [])),
  );
  // Only now, behind the locks: what the last holder has claimed is seen as it is.
  const sending =
    recent.length === 0
      ? []
      : await tx.rows<{ id: string; state: string }>(named("sending counted")`
          select id, state from sends
          where workspace_id = ${workspace_id} and id = any(${uuidArray(recent.map(({ id }) => id))}::uuid[])
            and state in ('sending', 'waiting', 'unconfirmed', 'sent')`);
  const states = new Map(sending.map(({ id, state }) => [id, state]));
  const [sent, on_way] = [createTally(), createTally()];
  for (const { id, contact_id } of recent)
    if (states.has(id)) (states.get(id) === "sending" ? on_way : sent).add(contact_id);
  return sends.filter(({ id, contact_id: person }) => {
    if (sent.of(person) + on_way.of(person) < cap.messages) {
      on_way.add(person);
      return true;
    }
    if (sent.of(person) >= cap.messages) ends.refused.push({ id, error: FOUND.frequency_cap(cap) });
    // What is on its way may yet be refused: then there is a place.
    else ends.later.push({ id, at: now_ms + ON_WAY_MS, error: FOUND.cap_undecided });
    return false;
  });
}

function createTally() {
  const counts = new Map<string, number>();
  const of = (key: string) => counts.get(key) ?? 0;
  return { of, add: (key: string) => void counts.set(key, of(key) + 1) };
}

/** What is older than the cap's days is dropped. */
async function countSent(
  tx: Tx,
  workspace_id: string,
  days: number,
  sends: readonly Candidate[],
  now_ms: number,
): Promise<void> {
  if (sends.length === 0) return;
  const due = sends.map(({ id, contact_id }) => ({ id, contact_id }));
  await tx.run(named("sending paces counted")`
    update marketing_paces p set latest_at = ${new Date(now_ms)}, sent = counted.sent || (
      select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(p.sent)
      where value::text::bigint > ${now_ms - days * DAY_MS}::bigint)
    from (
      select due.contact_id, jsonb_object_agg(due.id, ${now_ms}::bigint) as sent
      from ${rowsOf(due, { id: "uuid", contact_id: "uuid" })} group by 1) counted
    where p.workspace_id = ${workspace_id} and p.contact_id = counted.contact_id`);
}

/** Messages that wait for the limits: later ones to the same person don't wait for them. */
export async function quieten(tx: Tx, { workspace_id }: NumberKey, later: Limited["later"]): Promise<void> {
  if (later.length === 0) return;
  const due = later.map(({ id, at, error }) => ({ id, at, error: JSON.stringify(errorOf(error)) }));
  await tx.run(sql`
    update sends d set next_attempt_at = due.at, deferred = true, error = due.error::jsonb
    from ${rowsOf(due, { id: "uuid", at: "timestamptz", error: "text" })}
    where d.workspace_id = ${workspace_id} and d.id = due.id
      and d.id = any(${uuidArray(later.map(({ id }) => id))}::uuid[])`);
}

import { appendTo } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/live.ts";
import { BEHAVIOURS, type Behaviour, retryDelay_ms } from "../../meta/meta.ts";
import { errorOf, type Refusal } from "../send-error.ts";

export interface RefusedSend {
  workspace_id: string;
  /** The row of phone_numbers. */
  number: string;
  to_kind: string;
  to_value: string;
  template_name: string | null;
  template_language: string | null;
  error: Refusal;
}

/** Many refusals of one moment are one: those after the first say nothing new. */
const ONCE_MS = 1_000;

/**
 * What refusals mean for more than their own message: the number goes slower or stops, the pair waits, the connection
 * waits or stops, the template is not used. Each table in the order of its keys.
 */
export async function pauseQueues(
  tx: Tx,
  refused: readonly RefusedSend[],
  now_ms: number,
): Promise<LiveChange[]> {
  const of = (behaviour: Behaviour) =>
    refused
      .filter(({ error }) => error.behaviour === behaviour)
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const changed = [
    ...(await slowNumbers(tx, of("throttle_number"), now_ms)),
    ...(await pauseNumbers(tx, of("pause_number"), now_ms)),
  ];
  await holdPairs(tx, of("throttle_pair"), now_ms);
  appendTo(changed, await pauseConnections(tx, of("throttle_app"), now_ms));
  appendTo(changed, await pauseConnections(tx, of("pause_connection"), now_ms));
  await refuseTemplates(tx, of("fix_template"), now_ms);
  return changed.map(({ workspace_id, id: phone_number_id }) => ({
    workspace_id,
    name: "PhoneNumberUpdated",
    data: { phone_number_id },
  }));
}

type NumberRef = { workspace_id: string; id: string };
const keyOf = (one: RefusedSend) => `${one.workspace_id} ${one.number} ${one.to_kind} ${one.to_value}`;
const refusalRow = ({ number: id, error, ...one }: RefusedSend) => {
  return { ...one, id, error: JSON.stringify(errorOf(error)) };
};

/** Half of what it was, and a pause that doubles each time that Meta says it again. */
async function slowNumbers(tx: Tx, refused: readonly RefusedSend[], now_ms: number): Promise<NumberRef[]> {
  if (refused.length === 0) return [];
  const now = new Date(now_ms);
  const { base_ms, factor, cap_ms } = BEHAVIOURS.throttle_number.wait;
  return tx.rows(sql`
    update number_queues l set
      slowed_per_s = greatest(1, coalesce(l.slowed_per_s, l.throughput_per_s) / 2), slowed_at = ${now},
      slowed_times = l.slowed_times + 1,
      held_until = ${now}::timestamptz + least(${cap_ms}, ${base_ms} * ${factor}::float8 ^ least(l.slowed_times, 20)) * interval '1 ms'
    from (${distinctNumbers(refused)}) due
    where l.workspace_id = due.workspace_id and l.phone_number_id = due.id
      and coalesce(l.slowed_at < ${new Date(now_ms - ONCE_MS)}, true)
    returning l.workspace_id, l.phone_number_id as id`);
}

async function pauseNumbers(tx: Tx, refused: readonly RefusedSend[], now_ms: number): Promise<NumberRef[]> {
  if (refused.length === 0) return [];
  return tx.rows(sql`
    update number_queues l set paused_at = ${new Date(now_ms)}, pause_error = due.error::jsonb
    from (${distinctNumbers(refused)}) due
    where l.workspace_id = due.workspace_id and l.phone_number_id = due.id and l.paused_at is null
    returning l.workspace_id, l.phone_number_id as id`);
}

const distinctNumbers = (refused: readonly RefusedSend[]) => sql`
  select distinct on (workspace_id, id) workspace_id, id, error
  from ${rowsOf(refused.map(refusalRow), { workspace_id: "uuid", id: "uuid", error: "text" })}
  order by workspace_id, id`;

/** 4^x seconds, as Meta advises; x is forgotten once the pair has been paid back. */
async function holdPairs(tx: Tx, refused: readonly RefusedSend[], now_ms: number): Promise<void> {
  if (refused.length === 0) return;
  const { base_ms, factor, cap_ms } = BEHAVIOURS.throttle_pair.wait;
  const now = sql`${new Date(now_ms)}::timestamptz`;
  await tx.run(sql`
    insert into pair_paces as p (workspace_id, phone_number_id, to_kind, to_value, paid_at, held_times, held_until)
    select distinct on (1, 2, 3, 4) *, ${now}, 1, ${now} + ${base_ms} * interval '1 ms'
    from ${rowsOf(refused, { workspace_id: "uuid", number: "uuid", to_kind: "text", to_value: "text" })}
    on conflict (workspace_id, phone_number_id, to_kind, to_value) do update set
      held_times = p.held_times + 1,
      held_until = ${now} + least(${cap_ms}, ${base_ms} * ${factor}::float8 ^ least(p.held_times, 20)) * interval '1 ms'`);
}

/** `throttle_app` ends by itself, each time later; `pause_connection` when a person says so, or gives a new token. */
async function pauseConnections(
  tx: Tx,
  refused: readonly RefusedSend[],
  now_ms: number,
): Promise<NumberRef[]> {
  if (refused.length === 0) return [];
  const now = sql`${new Date(now_ms)}::timestamptz`;
  const due = refused.map((one) => ({
    ...refusalRow(one),
    until: one.error.behaviour === "throttle_app" ? now_ms + (retryDelay_ms(one.error, 1) ?? 0) : null,
  }));
  return tx.rows(sql`
    with due as (
      select distinct on (n.workspace_id, n.connection_id) n.workspace_id, n.connection_id, due.error, due.until
      from ${rowsOf(due, { workspace_id: "uuid", id: "uuid", error: "text", until: "timestamptz" })}
      join phone_numbers n using (workspace_id, id)
      order by n.workspace_id, n.connection_id, due.until desc nulls first),
    paused as (
      insert into connection_pauses as p (workspace_id, connection_id, paused_at, until, error)
      select workspace_id, connection_id, ${now}, until, error::jsonb from due
      on conflict (workspace_id, connection_id) do update set
        paused_at = excluded.paused_at, error = excluded.error,
        times = case when p.until < ${now} - interval '1 hour' then 1 else p.times + 1 end,
        -- An hour at most by our own count, and never sooner than Meta says.
        until = excluded.until + case when p.until < ${now} - interval '1 hour' then interval '0'
          else least(interval '59 minutes', interval '1 minute' * (2 ^ least(p.times, 10) - 1)) end
      where p.paused_at < ${new Date(now_ms - ONCE_MS)} or (p.until is not null and excluded.until is null)
      returning workspace_id, connection_id)
    select n.workspace_id, n.id from paused join phone_numbers n using (workspace_id, connection_id)`);
}

async function refuseTemplates(tx: Tx, refused: readonly RefusedSend[], now_ms: number): Promise<void> {
  const named = refused.filter(({ template_name }) => template_name !== null).map(refusalRow);
  if (named.length === 0) return;
  const columns = {
    workspace_id: "uuid",
    id: "uuid",
    template_name: "text",
    template_language: "text",
    error: "text",
  } as const;
  await tx.run(sql`
    insert into template_refusals as r (workspace_id, waba_id, name, language, refused_at, error)
    select distinct on (n.workspace_id, n.waba_id, due.template_name, due.template_language)
      n.workspace_id, n.waba_id, due.template_name, due.template_language, ${new Date(now_ms)}::timestamptz, due.error::jsonb
    from ${rowsOf(named, columns)}
    join phone_numbers n using (workspace_id, id) where n.waba_id is not null
    order by 1, 2, 3, 4
    on conflict (workspace_id, waba_id, name, language) do update set refused_at = excluded.refused_at, error = excluded.error`);
}

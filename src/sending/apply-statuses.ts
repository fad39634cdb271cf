import { appendTo, isId, type Clock } from "../base/base.ts";
import { named, rowsOf, sql, type Tx } from "../db/db.ts";
import { movedByName, movedBySends, statusOf } from "../inbox/inbox.ts";
import type { Applied, BatchFacts, LiveChange, Moved } from "../live/live.ts";
import type { EventData } from "../meta/events.ts";
import { explainFailure, messageHash, tellingFailure } from "../meta/meta.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { refusalOf } from "./send-error.ts";
import { recordOutcomes, type SendOutcome } from "./outcomes/outcomes.ts";

/** How long a status is awaited when it is unknown whether Meta took a message. */
export const WAIT_MS = 10 * 60_000;

type Status = Extract<EventData, { kind: "status" }>;
interface Told extends Pick<RoutedEvent, "workspace_id"> {
  /** Our id, as Meta gives it back. */
  id: string;
  data: Status;
}
interface SendRow {
  workspace_id: string;
  id: string;
  number: string;
  to_kind: "wa_id" | "bsuid" | "group";
  to_value: string;
  template_name: string | null;
  template_language: string | null;
  state: string;
  attempts: number;
  tries: number;
  priority: number;
  wamid_hash: string | null;
}

/**
 * Statuses meet the messages that went out from here, by the id that Meta gives back: whichever came first, the status
 * or the answer to the request, or no answer at all. A message that is awaited, or was shown unconfirmed, is thereby
 * sent; one that failed is dealt with as if the request had been refused. The inbox has folded the statuses before.
 */
export function createApply({ clock }: { clock: Clock }) {
  return async (
    tx: Tx,
    events: readonly RoutedEvent[],
    facts: Pick<BatchFacts, "unplaced">,
  ): Promise<Applied> => {
    const told = events.flatMap(({ workspace_id, event: { data } }): Told[] =>
      data.kind === "status" && data.callback_data !== null && isId(data.callback_data)
        ? [{ workspace_id, id: data.callback_data.toLowerCase(), data }]
        : [],
    );
    const { changes, moved } = await matchStatuses(tx, told, facts, clock.now());
    appendTo(changes, await askThroughput(tx, events));
    appendTo(changes, await liftPauses(tx, events));
    return { changes, ignored: [], moved };
  };
}

interface Matched {
  changes: LiveChange[];
  /** Of messages that the inbox could not find by Meta's name for them, and of those that are sent again. */
  moved: Moved[];
}

async function matchStatuses(
  tx: Tx,
  told: readonly Told[],
  facts: Pick<BatchFacts, "unplaced">,
  now_ms: number,
): Promise<Matched> {
  const sends = await lockSends(tx, told);
  if (sends.size === 0) return { changes: [], moved: [] };
  const how = { now_ms, wait_ms: WAIT_MS, told: true } as const;
  const { adopted, named } = adopt(told, sends, facts);
  const taken = await recordOutcomes(tx, adopted, how);
  const moved = await movedByName(tx, named, new Date(now_ms));
  const failed = failuresAmong(told, sends, await readStatuses(tx, [...sends.values()]));
  const refused = await recordOutcomes(tx, failed, how);
  appendTo(moved, await movedBySends(tx, refused.moves));
  return { changes: [...taken.changes, ...refused.changes], moved };
}

const keyOf = ({ workspace_id, id }: Pick<Told, "workspace_id" | "id">) => `${workspace_id} ${id}`;

/** By `keyOf`; locked for the rest of the transaction. */
async function lockSends(tx: Tx, told: readonly Told[]): Promise<Map<string, SendRow>> {
  if (told.length === 0) return new Map();
  const rows = await tx.rows<SendRow>(named("lock sends of statuses")`
    select d.workspace_id, d.id, d.phone_number_id as number, d.to_kind, d.to_value, d.template_name, d.template_language,
      d.state, d.attempts, d.tries, d.priority, m.wamid_hash
    from sends d join messages m on m.workspace_id = d.workspace_id and m.id = d.id
    where (d.workspace_id, d.id) in (select * from ${rowsOf(told, { workspace_id: "uuid", id: "uuid" })})
    order by d.workspace_id, d.id for update of d`);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Messages that these statuses tell to be sent, which `sends` then has as such, and those whose names are new to the inbox. */
function adopt(
  told: readonly Told[],
  sends: ReadonlyMap<string, SendRow>,
  facts: Pick<BatchFacts, "unplaced">,
): { adopted: SendOutcome[]; named: Parameters<typeof movedByName>[1] } {
  const adopted = new Map<string, SendOutcome>();
  const named = new Map<string, Parameters<typeof movedByName>[1][number]>();
  const unplaced = new Set(facts.unplaced.map((one) => `${one.workspace_id} ${one.wamid_hash}`));
  for (const { workspace_id, id, data } of told) {
    const send = sends.get(keyOf({ workspace_id, id }));
    if (!send) continue;
    const wamid_hash = messageHash(send.number, data.wamid);
    const is_news = isNews(send, wamid_hash, data.status);
    const name = `${workspace_id} ${wamid_hash}`;
    // It gets its name here, or the sender has committed it since the inbox looked: its row was locked until then.
    const is_named = (is_news && send.wamid_hash !== wamid_hash) || unplaced.has(name);
    if (is_named && !named.has(name)) named.set(name, { workspace_id, id, wamid_hash, state: send.state });
    if (!is_news) continue;
    send.wamid_hash = wamid_hash;
    send.state = "sent";
    // The recipient of a status in a group is one of its members.
    const { wa_id, user_id } = data.group_id === null ? data.recipient : { wa_id: null, user_id: null };
    const outcome = { state: "sent", wamid: data.wamid, wa_id, user_id } as const;
    adopted.set(send.id, { ...send, lease: null, outcome });
  }
  return { adopted: [...adopted.values()], named: [...named.values()] };
}

/** Messages that have failed after Meta took them, by their statuses under their names. */
function failuresAmong(
  told: readonly Told[],
  sends: ReadonlyMap<string, SendRow>,
  statuses: ReadonlyMap<string, string>,
): SendOutcome[] {
  const failed = new Map<string, SendOutcome>();
  for (const { workspace_id, id, data } of told) {
    const send = sends.get(keyOf({ workspace_id, id }));
    const failure = tellingFailure(data.errors);
    if (!send || !failure || data.status !== "failed" || send.state !== "sent") continue;
    const hash = messageHash(send.number, data.wamid);
    // What went farther has not failed, whatever is said of it; and an older try's failure is none of this one's.
    if (send.wamid_hash !== hash || statuses.get(hash) !== "FAILED") continue;
    const error = refusalOf(explainFailure(failure));
    failed.set(id, { ...send, lease: null, outcome: { state: "refused", error } });
  }
  return [...failed.values()];
}

/**
 * A status of this name tells something new of how the message went out: it has no name yet, it was tried again under
 * an old one and how that ended is unknown, or it arrived after it was said to have failed, and must not go out again.
 * A message that was never tried can have no status.
 */
function isNews({ state, attempts, wamid_hash }: SendRow, told_hash: string, status: string): boolean {
  if (attempts === 0 || state === "sent") return false;
  if (wamid_hash === told_hash) return ["failed", "queued"].includes(state) && ARRIVED.includes(status);
  return wamid_hash === null || ["sending", "waiting", "unconfirmed"].includes(state);
}
const ARRIVED = ["delivered", "read", "played"];

async function readStatuses(tx: Tx, sends: readonly SendRow[]): Promise<Map<string, string>> {
  const named = sends.filter(({ wamid_hash }) => wamid_hash !== null);
  const rows = await tx.rows<{ wamid_hash: string; status: number }>(sql`
    select s.wamid_hash, s.status from ${rowsOf(named, { workspace_id: "uuid", wamid_hash: "uuid" })}
    join message_statuses s using (workspace_id, wamid_hash)`);
  return new Map(rows.map((row) => [row.wamid_hash, statusOf(row.status)]));
}

/** Meta says something of a number's throughput, quality or name: the Graph API, which knows it all, is asked soon. */
async function askThroughput(tx: Tx, events: readonly RoutedEvent[]): Promise<LiveChange[]> {
  const upgraded = events.flatMap(({ workspace_id, event: { data } }) =>
    data.kind === "phone_number" && !/^PIN_/i.test(data.event ?? "") && data.display_phone_number !== null
      ? [{ workspace_id, digits: data.display_phone_number.replace(/\D/g, "") }]
      : [],
  );
  if (upgraded.length === 0) return [];
  await tx.run(sql`
    update number_queues l set throughput_at = null
    from ${rowsOf(upgraded, { workspace_id: "uuid", digits: "text" })}
    join phone_numbers n on n.workspace_id = due.workspace_id
      and regexp_replace(n.display_phone_number, '\\D', '', 'g') = due.digits
    where l.workspace_id = n.workspace_id and l.phone_number_id = n.id`);
  return [];
}

/** Errors after which Meta itself says when it is over: of the account, of the display name, of what people block. */
const OVER = {
  account: ["131031", "368"],
  name: ["131037"],
  flag: ["131048"],
};

/** Pauses that refusals made, where Meta says since that their reason is gone. */
async function liftPauses(tx: Tx, events: readonly RoutedEvent[]): Promise<LiveChange[]> {
  const lifted: { workspace_id: string; subject: string; codes: string[]; at: Date }[] = [];
  for (const { workspace_id, occurred_at: at, event } of events) {
    const { data } = event;
    if (data.kind === "account" && event.payload.includes('"REINSTATE"'))
      lifted.push({ workspace_id, subject: event.waba_id ?? "", codes: OVER.account, at });
    if (data.kind !== "phone_number") continue;
    const subject = data.display_phone_number?.replace(/\D/g, "") ?? "";
    if (data.event === "APPROVED") lifted.push({ workspace_id, subject, codes: OVER.name, at });
    if (data.event === "UNFLAGGED") lifted.push({ workspace_id, subject, codes: OVER.flag, at });
  }
  const changes: LiveChange[] = [];
  for (const { workspace_id, subject, codes, at } of lifted) {
    const rows = await tx.rows<{ id: string }>(sql`
      with those as (
        select n.workspace_id, n.id, n.connection_id from phone_numbers n
        where n.workspace_id = ${workspace_id}
          and (n.waba_id = ${subject} or regexp_replace(n.display_phone_number, '\\D', '', 'g') = ${subject})),
      numbers as (
        update number_queues l set paused_at = null, pause_error = null
        from those where l.workspace_id = those.workspace_id and l.phone_number_id = those.id
          and l.paused_at < ${at} and l.pause_error ->> 'code' = any(${codes}::text[])
        returning l.phone_number_id),
      connections as (
        delete from connection_pauses p
        where (p.workspace_id, p.connection_id) in (select workspace_id, connection_id from those)
          and p.paused_at < ${at} and p.error ->> 'code' = any(${codes}::text[])
        returning p.connection_id)
      select id from those
      where id in (select phone_number_id from numbers) or connection_id in (select connection_id from connections)`);
    for (const { id } of rows)
      changes.push({ workspace_id, name: "PhoneNumberUpdated", data: { phone_number_id: id } });
  }
  return changes;
}

import { appendTo, idOf, isId, type Clock } from "../base/base.ts";
import { sql, textArray, uuidArray, type Tx } from "../db/db.ts";
import { statusOf } from "../inbox/inbox.ts";
import type { Applied, LiveChange } from "../live/live.ts";
import type { EventData } from "../meta/events.ts";
import { explainFailure } from "../meta/meta.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { refusalOf } from "./error.ts";
import { settle, type Settled } from "./settle.ts";

/** How long a status is awaited when nobody knows whether Meta took a message. */
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
  to_kind: "wa_id" | "bsuid";
  to_value: string;
  template_name: string | null;
  template_language: string | null;
  state: string;
  attempts: number;
  tries: number;
  wamid_hash: string | null;
}

/**
 * Statuses meet the messages that went out from here, by the id that Meta gives back: whichever came first, the status
 * or the answer to the request, or no answer at all. A message that is awaited, or was shown unconfirmed, is thereby
 * sent; one that failed is dealt with as if the request had been refused. The inbox has folded the statuses before.
 */
export function createApply({ clock }: { clock: Clock }) {
  return async (tx: Tx, events: readonly RoutedEvent[]): Promise<Applied> => {
    const told = events.flatMap(({ workspace_id, event: { data } }): Told[] =>
      data.kind === "status" && data.callback_data !== null && isId(data.callback_data)
        ? [{ workspace_id, id: data.callback_data.toLowerCase(), data }]
        : [],
    );
    const changes = [...(await meet(tx, told, clock.now())), ...(await askThroughput(tx, events))];
    return { changes, ignored: [] };
  };
}

async function meet(tx: Tx, told: readonly Told[], now_ms: number): Promise<LiveChange[]> {
  if (told.length === 0) return [];
  const rows = await tx.rows<SendRow>(sql`
    select d.workspace_id, d.id, d.phone_number_id as number, d.to_kind, d.to_value, d.template_name, d.template_language,
      d.state, d.attempts, d.tries, m.wamid_hash
    from sends d join messages m on m.workspace_id = d.workspace_id and m.id = d.id
    where (d.workspace_id, d.id) in (select * from unnest(
      ${uuidArray(told.map((one) => one.workspace_id))}::uuid[], ${uuidArray(told.map((one) => one.id))}::uuid[]))
    order by d.workspace_id, d.id for update of d`);
  if (rows.length === 0) return [];
  const sends = new Map(rows.map((row) => [`${row.workspace_id} ${row.id}`, row]));
  const changes: LiveChange[] = [];

  const adopted = new Map<string, Settled>();
  for (const one of told) {
    const send = sends.get(`${one.workspace_id} ${one.id}`);
    if (!send || !isNews(send, idOf(one.data.wamid))) continue;
    send.wamid_hash = idOf(one.data.wamid);
    send.state = "sent";
    adopted.set(send.id, { ...send, lease: null, outcome: { state: "sent", wamid: one.data.wamid } });
  }
  const how = { now_ms, wait_ms: WAIT_MS, told: true } as const;
  appendTo(changes, await settle(tx, [...adopted.values()], how));

  const failed = new Map<string, Settled>();
  const statuses = await readStatuses(tx, rows);
  for (const { workspace_id, id, data } of told) {
    const send = sends.get(`${workspace_id} ${id}`);
    const [failure] = data.errors;
    if (!send || !failure || data.status !== "failed" || send.state !== "sent") continue;
    const hash = idOf(data.wamid);
    // What went farther has not failed, whatever is said of it; and an older try's failure is none of this one's.
    if (send.wamid_hash !== hash || statuses.get(hash) !== "FAILED") continue;
    const error = refusalOf(explainFailure(failure));
    failed.set(id, { ...send, lease: null, outcome: { state: "refused", error } });
  }
  appendTo(changes, await settle(tx, [...failed.values()], how));
  return changes;
}

/**
 * A status of this name tells something new of how the message went out: it has no name yet, or it was tried again
 * under an old one and nobody knows how that ended. A message that was never tried can have no status.
 */
function isNews({ state, attempts, wamid_hash }: SendRow, told_hash: string): boolean {
  if (attempts === 0 || state === "sent") return false;
  if (wamid_hash === null) return true;
  return wamid_hash !== told_hash && ["sending", "waiting", "unconfirmed"].includes(state);
}

async function readStatuses(tx: Tx, sends: readonly SendRow[]): Promise<Map<string, string>> {
  const named = sends.filter(({ wamid_hash }) => wamid_hash !== null);
  const rows = await tx.rows<{ wamid_hash: string; status: number }>(sql`
    select s.wamid_hash, s.status from unnest(
      ${uuidArray(named.map((send) => send.workspace_id))}::uuid[], ${uuidArray(named.map((send) => send.wamid_hash))}::uuid[]
    ) as due (workspace_id, wamid_hash) join message_statuses s using (workspace_id, wamid_hash)`);
  return new Map(rows.map((row) => [row.wamid_hash, statusOf(row.status)]));
}

/** Meta says that a number may send more: what it is, is asked soon. */
async function askThroughput(tx: Tx, events: readonly RoutedEvent[]): Promise<LiveChange[]> {
  const upgraded = events.flatMap(({ workspace_id, event: { data } }) =>
    data.kind === "phone_number" && /THROUGHPUT/i.test(data.event ?? "") && data.display_phone_number !== null
      ? [{ workspace_id, digits: data.display_phone_number.replace(/\D/g, "") }]
      : [],
  );
  if (upgraded.length === 0) return [];
  await tx.run(sql`
    update number_lanes l set throughput_at = null
    from unnest(${uuidArray(upgraded.map((one) => one.workspace_id))}::uuid[], ${textArray(upgraded.map((one) => one.digits))}::text[])
      as due (workspace_id, digits)
    join phone_numbers n on n.workspace_id = due.workspace_id
      and regexp_replace(n.display_phone_number, '\\D', '', 'g') = due.digits
    where l.workspace_id = n.workspace_id and l.phone_number_id = n.id`);
  return [];
}

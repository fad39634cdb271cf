import { appendTo, grouped } from "../../base/base.ts";
import { rowsOf, sql, uuidArray, type Sql, type Tx } from "../../db/db.ts";
import type { CountChange } from "./count-changes.ts";

/** For how long after a message what a person writes is taken as an answer to it, as of campaigns. */
const REPLY_TIME = sql`interval '72 hours'`;

/** What Wharf itself keeps back when a message is to go: nothing was sent, and nothing has failed. */
const LIMIT_SYMBOLS = ["MARKETING_REFUSED", "FREQUENCY_CAP", "QUIET_HOURS"];

/** A message that a visit of a node has queued. */
export interface SentMessage {
  message_id: string;
  automation_id: string;
  version: number;
  node_id: string;
  run_id: string;
  visit: number;
  started_at: number;
}

const COLUMNS = {
  message_id: "uuid",
  automation_id: "uuid",
  version: "integer",
  node_id: "text",
  run_id: "uuid",
  visit: "integer",
  started_at: "timestamptz",
} as const;

/** In the transaction that queues them: no status is known yet, as no sender sees them before its commit. */
export async function addMessages(
  tx: Tx,
  workspace_id: string,
  sent: readonly SentMessage[],
): Promise<CountChange[]> {
  if (sent.length === 0) return [];
  await tx.run(sql`
    insert into automation_messages (workspace_id, message_id, automation_id, version, node_id, run_id, visit, started_at)
    select ${workspace_id}, message_id, automation_id, version, node_id, run_id, visit, started_at
    from ${rowsOf(sent, COLUMNS)}
    on conflict (workspace_id, message_id) do nothing`);
  return sent.map(({ automation_id, version, node_id }) => ({
    workspace_id,
    automation_id,
    version,
    node_id,
    key: "message.asked",
    n: 1,
  }));
}

/** How far a message came, as it is counted. */
interface Standing {
  reached: number;
  failed: boolean;
  replied: boolean;
}

function* messageKeys({ reached, failed, replied }: Standing): Generator<string> {
  if (reached >= 1) yield "message.sent";
  if (reached >= 2) yield "message.delivered";
  if (reached >= 3) yield "message.read";
  if (failed) yield "message.failed";
  if (replied) yield "message.replied";
}

/**
 * How far a message `m` came, by its statuses `s` and its place `d` in the queue. What was read was delivered, and what was
 * delivered was sent; what arrived has not failed. Meta tells whole seconds.
 */
export const standingOf: Record<keyof Standing, Sql> = {
  reached: sql`case when coalesce(s.read_at, s.played_at) is not null then 3 when s.delivered_at is not null then 2
    when s.sent_at is not null then 1 else 0 end`,
  failed: sql`(coalesce(s.delivered_at, s.read_at, s.played_at) is null and (s.failed_at is not null
    or coalesce(d.state = 'failed' and coalesce(d.error ->> 'symbol', '') <> all(${LIMIT_SYMBOLS}::text[]), false)))`,
  // By messages__conversation_id__sent_at.
  replied: sql`exists (
    select from messages said where said.workspace_id = m.workspace_id and said.conversation_id = m.conversation_id
      and said.direction = 'INBOUND' and said.origin = 'message' and said.sent_at >= date_trunc('second', m.sent_at)
      and said.sent_at < m.sent_at + ${REPLY_TIME})`,
};

/** The message of a row `w` with what is told of it, by their primary keys. */
export const messageTables = sql`messages m
  left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
  left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash`;

interface Happened {
  /** Messages of which something was told, of automations or not. */
  told: readonly { workspace_id: string; message_id: string }[];
  /** What people wrote. */
  heard: readonly { workspace_id: string; conversation_id: string; at: Date }[];
}

interface Row extends Standing {
  message_id: string;
  automation_id: string;
  version: number;
  node_id: string;
}

/**
 * Folds what was told of messages, and what people wrote, into automation_messages, by what their rows say now: repeated or
 * in another order it comes to the same. Their rows are locked in order, and what is told of them is read behind the locks,
 * so that of two who tell at once the second sees the first. Answers what is to be counted.
 */
export async function foldMessages(tx: Tx, { told, heard }: Happened): Promise<CountChange[]> {
  const due = grouped([...told, ...(await answeredBy(tx, heard))], ({ workspace_id }) => workspace_id);
  const counts: CountChange[] = [];
  for (const workspace_id of [...due.keys()].toSorted()) {
    const ids = new Set(due.get(workspace_id)!.map(({ message_id }) => message_id));
    appendTo(counts, await foldIn(tx, workspace_id, [...ids]));
  }
  return counts;
}

async function foldIn(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<CountChange[]> {
  const row = sql`w.message_id, w.automation_id, w.version, w.node_id, w.reached::integer as reached, w.failed, w.replied`;
  const before = await tx.rows<Row>(sql`
    select ${row} from automation_messages w
    where w.workspace_id = ${workspace_id} and w.message_id = any(${uuidArray(ids)}::uuid[])
    order by w.message_id for no key update of w`);
  if (before.length === 0) return [];
  const changed = await tx.rows<Row>(sql`
    update automation_messages w set reached = now.reached, failed = now.failed, replied = now.replied
    from (
      select due.message_id, ${standingOf.reached} as reached, ${standingOf.failed} as failed,
        due.replied or ${standingOf.replied} as replied
      from ${rowsOf(before, { message_id: "uuid", replied: "boolean" })}
      join (${messageTables}) on m.workspace_id = ${workspace_id} and m.id = due.message_id) now
    where w.workspace_id = ${workspace_id} and w.message_id = now.message_id
      and (w.reached, w.failed, w.replied) is distinct from (now.reached, now.failed, now.replied)
    returning ${row}`);
  const was = new Map(before.map((each) => [each.message_id, each]));
  return changed.flatMap((each) => [
    ...countStanding(workspace_id, was.get(each.message_id)!, -1),
    ...countStanding(workspace_id, each, 1),
  ]);
}

const countStanding = (
  workspace_id: string,
  { automation_id, version, node_id, ...standing }: Row,
  n: 1 | -1,
): CountChange[] =>
  [...messageKeys(standing)].map((key) => ({ workspace_id, automation_id, version, node_id, key, n }));

/** Messages of automations that people may have answered, by messages__conversation_id__sent_at. */
function answeredBy(tx: Tx, heard: Happened["heard"]): Promise<Happened["told"][number][]> {
  if (heard.length === 0) return Promise.resolve([]);
  return tx.rows(sql`
    select due.workspace_id, sent.id as message_id
    from ${rowsOf(heard, { workspace_id: "uuid", conversation_id: "uuid", at: "timestamptz" })}
    cross join lateral (
      select m.id from messages m
      where m.workspace_id = due.workspace_id and m.conversation_id = due.conversation_id and m.source = 'AUTOMATION'
        and m.sent_at > due.at - ${REPLY_TIME} and m.sent_at < due.at + interval '1 second') sent`);
}

import { rowsOf, sql, uuidArray, type Tx } from "../../db/db.ts";
import { explainFailure, messageHash, tellingFailure } from "../../meta/meta.ts";
import { readFacts, type MessageError, type MessageFacts, type Reply } from "../flow/flow.ts";
import { testTime, testTimeOrNull, type TestClock } from "./test-clock.ts";
import type { Traveller } from "./traveller.ts";

type Failures = Parameters<typeof tellingFailure>[0];
interface MessageRow {
  run_id: string;
  id: string;
  node_id: string;
  wamid_hash: string | null;
  state: MessageFacts["state"];
  send_error: { symbol: string; behaviour: string; code: number | null; says: string } | null;
  status_error: Failures | null;
  asked_at: Date;
  completed_at: Date | null;
  accepted_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  played_at: Date | null;
  failed_at: Date | null;
}

/**
 * What these runs have sent, with what Meta told of it, and by the run the names that Meta has for it. Two statements: by the
 * keys of automation_activities, sends, messages and message_statuses.
 */
export async function loadMessages(
  tx: Tx,
  workspace_id: string,
  runs: readonly Traveller[],
): Promise<Map<string, Set<string>>> {
  const sent = await tx.rows<{ run_id: string; node_id: string; id: string; visit: number }>(sql`
    select run_id, node_id, message_id as id, visit from automation_activities
    where workspace_id = ${workspace_id} and run_id = any(${uuidArray(runs.map(({ run }) => run.id))}::uuid[])
      and message_id is not null`);
  const columns = { run_id: "uuid", node_id: "text", id: "uuid", visit: "integer" } as const;
  // Each row is looked up by itself: joined, a young table is gone through for each row of another.
  const rows = await tx.rows<MessageRow>(sql`
    select due.run_id, due.node_id, d.*, m.wamid_hash, s.*
    from ${rowsOf(sent, columns)}
    cross join lateral (
      select d.id, d.state, d.error as send_error, d.asked_at, d.completed_at from sends d
      where d.workspace_id = ${workspace_id} and d.id = due.id limit 1) d
    cross join lateral (
      select m.wamid_hash from messages m where m.workspace_id = ${workspace_id} and m.id = due.id limit 1) m
    left join lateral (
      select s.error as status_error, s.accepted_at, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at
      from message_statuses s where s.workspace_id = ${workspace_id} and s.wamid_hash = m.wamid_hash limit 1) s on true
    order by due.run_id, due.visit`);
  const names = new Map<string, Set<string>>();
  const messages = new Map<string, MessageFacts[]>();
  for (const row of rows) {
    messages.set(row.run_id, [...(messages.get(row.run_id) ?? []), factsOf(row)]);
    if (row.wamid_hash !== null)
      names.set(row.run_id, (names.get(row.run_id) ?? new Set()).add(row.wamid_hash));
  }
  for (const { run, known } of runs)
    known.messages = (messages.get(run.id) ?? []).map((message) => inTestTime(run.test, message));
  return names;
}

function inTestTime(test: TestClock | null, message: MessageFacts): MessageFacts {
  if (test === null) return message;
  const of = (at_ms: number | null) => testTimeOrNull(test, at_ms);
  const { asked_ms, sent_ms, delivered_ms, read_ms, played_ms, failed_ms } = message;
  return {
    ...message,
    asked_ms: testTime(test, asked_ms),
    sent_ms: of(sent_ms),
    delivered_ms: of(delivered_ms),
    read_ms: of(read_ms),
    played_ms: of(played_ms),
    failed_ms: of(failed_ms),
  };
}

function factsOf(row: MessageRow): MessageFacts {
  const ms = (time: Date | null) => time?.getTime() ?? null;
  // Meta's word for when it took it; else that of the answer to the request.
  const sent_ms =
    ms(row.sent_at) ?? ms(row.accepted_at) ?? (row.state === "sent" ? ms(row.completed_at) : null);
  return readFacts({
    id: row.id,
    node_id: row.node_id,
    state: row.state,
    asked_ms: row.asked_at.getTime(),
    sent_ms,
    delivered_ms: ms(row.delivered_at),
    read_ms: ms(row.read_at),
    played_ms: ms(row.played_at),
    failed_ms: ms(row.failed_at) ?? (row.state === "failed" ? ms(row.completed_at) : null),
    error: errorOf(row),
  });
}

function errorOf({ send_error, status_error }: MessageRow): MessageError | null {
  const failure = status_error === null ? null : tellingFailure(status_error);
  const told = failure === null ? send_error : explainFailure(failure);
  if (told === null) return null;
  const { symbol, code, says, behaviour } = told;
  return {
    reason: symbol === "UNKNOWN" && code !== null ? String(code) : symbol,
    says,
    of_template: behaviour === "fix_template",
  };
}

interface ReplyRow {
  run_id: string;
  id: string;
  at: Date;
  text: string | null;
  content: { payload?: unknown; button_reply?: { id?: unknown }; list_reply?: { id?: unknown } };
  type: string;
  context_wamid: string | null;
  phone_number_id: string;
}

/** So many of a run's replies are looked at, the first ones. */
const MOST_REPLIES = 500;

/**
 * What people said since their runs began, to the number of the flow, by messages__conversation_id__sent_at. What answers
 * another message of ours than this run's, as a tap on the button of an older one does, is none of it.
 */
export async function loadReplies(
  tx: Tx,
  workspace_id: string,
  runs: readonly Traveller[],
  names: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const due = runs.map(({ run, flow, known }) => ({
    run_id: run.id,
    contact_id: run.contact_id,
    number: flow.settings.phone_number_id,
    since: Math.floor(known.since_ms / 1_000) * 1_000,
    trigger_id: run.trigger.message_id ?? null,
  }));
  const columns = {
    run_id: "uuid",
    contact_id: "uuid",
    number: "uuid",
    since: "timestamptz",
    trigger_id: "uuid",
  } as const;
  const rows = await tx.rows<ReplyRow>(sql`
    select due.run_id, said.*, c.phone_number_id
    from ${rowsOf(due, columns)}
    join conversations c on c.workspace_id = ${workspace_id} and c.contact_id = due.contact_id
      and (due.number is null or c.phone_number_id = due.number)
    cross join lateral (
      select m.id, m.sent_at as at, m.text, m.content, m.type, m.context_wamid from messages m
      where m.workspace_id = ${workspace_id} and m.conversation_id = c.id and m.sent_at >= due.since
        and m.direction = 'INBOUND' and m.origin = 'message' and m.id is distinct from due.trigger_id
      order by m.sent_at, m.order_key limit ${MOST_REPLIES}) said
    order by due.run_id, said.at, said.id`);
  const quotes = new Map(
    rows.flatMap(({ id, context_wamid, phone_number_id }) =>
      context_wamid === null ? [] : [[id, messageHash(phone_number_id, context_wamid)]],
    ),
  );
  const ours = await sentBy(tx, workspace_id, [...new Set(quotes.values())]);
  const replies = new Map<string, Reply[]>();
  for (const row of rows) {
    const quoted = quotes.get(row.id);
    if (quoted !== undefined && ours.has(quoted) && !names.get(row.run_id)?.has(quoted)) continue;
    replies.set(row.run_id, [...(replies.get(row.run_id) ?? []), replyOf(row)]);
  }
  for (const { run, known } of runs)
    known.replies = (replies.get(run.id) ?? []).map((reply) => ({
      ...reply,
      at_ms: testTime(run.test, reply.at_ms),
    }));
}

/** Which of the names are messages that went out from here. */
async function sentBy(tx: Tx, workspace_id: string, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await tx.rows<{ wamid_hash: string }>(sql`
    select m.wamid_hash from messages m
    where m.workspace_id = ${workspace_id} and m.wamid_hash = any(${uuidArray(hashes)}::uuid[]) and m.direction = 'OUTBOUND'`);
  return new Set(rows.map(({ wamid_hash }) => wamid_hash));
}

function replyOf({ at, text, type, content }: ReplyRow): Reply {
  const payload = payloadOf(content);
  return { at_ms: at.getTime(), text, payload, tapped: type === "button" || payload !== null };
}

/** Of a tap on a button or a row. */
export function payloadOf(content: ReplyRow["content"]): string | null {
  const payload = content.payload ?? content.button_reply?.id ?? content.list_reply?.id;
  return typeof payload === "string" ? payload : null;
}

import { newId, Problem } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import { addOutgoing, lockThreads, openThreads, threadsOfContacts, type Thread } from "../../inbox/inbox.ts";
import type { LiveChange, Origin } from "../../live/live.ts";
import { checkMessage, type Outgoing, type OutgoingContent, wireOf } from "../../meta/meta.ts";
import { permit } from "./permit.ts";
import { recipientsOf, wireTo } from "./recipient.ts";

/** Who wants it, and how much it hurries: people before automations before campaigns. */
const PRIORITY = { AGENT: 0, API: 0, AUTOMATION: 1, CAMPAIGN: 2 } as const;
export type Source = keyof typeof PRIORITY;

export interface Wanted {
  content: OutgoingContent;
  context_wamid?: string | undefined;
  /** The agent who asks for it. */
  user_id?: string | undefined;
}

/** A message into a conversation, or from one of our numbers (its row) to a number, user id or group, or to a contact. */
export type QueueRow = Wanted & {
  workspace_id: string;
  source: Source;
  /** What asked for it, unless an agent or the API did; answered with its statuses (`Moved`). */
  origin?: Origin | null;
  /** It has failed when Meta says "not now" (131049), as tests have: no one waits for them. */
  once?: true;
} & ({ conversation_id: string } | { from: string; to: string } | { from: string; contact_id: string });

/** The message that was queued, or what keeps it from going out: nothing is queued then. */
export type QueueOutcome = { id: string; conversation_id: string } | { problem: Problem };

/** A row that may go on, at its place among those that were given. */
interface Ready {
  place: number;
  id: string;
  row: QueueRow;
  thread: Thread & { to: NonNullable<Thread["to"]> };
  components: unknown;
}

/**
 * Queues messages, each with its own outcome in the order of the rows. A constant number of statements; conversations
 * are locked in the pipeline's order, but rows to recipients before rows to conversations: don't mix them in large
 * batches. The caller publishes `changes` as the last statement before its commit.
 */
export async function queueMany(
  tx: Tx,
  rows: readonly QueueRow[],
): Promise<{ outcomes: QueueOutcome[]; changes: LiveChange[] }> {
  const problems = new Map<number, Problem>();
  const threads = await threadsOfRows(tx, rows, problems);
  const asked = rows.flatMap((row, place) => {
    const thread = threads.get(place);
    if (!thread) return [];
    const { to } = thread;
    const problem = to === null ? UNREACHABLE() : (contentProblem(to, row) ?? groupProblem(thread));
    if (to !== null && problem === null)
      return [{ place, row, content: row.content, thread: { ...thread, to } }];
    problems.set(place, problem!);
    return [];
  });
  const permitted = await permit(tx, asked);
  const ready = asked.flatMap(({ place, row, thread }, i): Ready[] => {
    const { problem, components } = permitted[i]!;
    if (problem) problems.set(place, problem);
    return problem ? [] : [{ place, id: newId(), row, thread, components }];
  });
  const changes = await insertSends(tx, ready);
  const queued = new Map(ready.map((one) => [one.place, one]));
  const outcomes = rows.map((_, place): QueueOutcome => {
    const one = queued.get(place);
    return one ? { id: one.id, conversation_id: one.thread.id } : { problem: problems.get(place)! };
  });
  return { outcomes, changes };
}

const UNREACHABLE = () =>
  new Problem("MESSAGE_INVALID", "The contact has no number or user id that can be written to.");

function contentProblem(to: NonNullable<Thread["to"]>, { content, context_wamid }: Wanted): Problem | null {
  const context = context_wamid === undefined ? {} : { context_wamid };
  const problems = checkMessage({ to: wireTo(to), content, ...context });
  return problems.length === 0 ? null : new Problem("MESSAGE_INVALID", problems.join(" "));
}

const groupProblem = ({ group_state }: Thread): Problem | null =>
  group_state === "suspended" || group_state === "deleted"
    ? new Problem("MESSAGE_INVALID", `The group is ${group_state}: nothing can be sent to it.`)
    : null;

/** The locked thread of each row, by its place; made where a recipient has none. What stands in the way is added to `problems`. */
async function threadsOfRows(
  tx: Tx,
  rows: readonly QueueRow[],
  problems: Map<number, Problem>,
): Promise<Map<number, Thread>> {
  const addressed = rows.flatMap((row, place) => ("to" in row ? [{ ...row, place }] : []));
  const recipients = addressed.length === 0 ? [] : await recipientsOf(tx, addressed);
  const opened = addressed.flatMap((row, i) => {
    const to = recipients[i]!;
    const problem = to instanceof Problem ? to : contentProblem(to, row);
    if (problem === null && !(to instanceof Problem)) return [{ ...row, phone_number: row.from, to }];
    problems.set(row.place, problem!);
    return [];
  });
  const opened_ids = await openThreads(tx, opened);
  const ids = new Map(opened.map(({ place }, i) => [place, opened_ids[i]!]));
  const known = rows.flatMap((row, place) => ("contact_id" in row ? [{ ...row, place }] : []));
  const known_ids = await threadsOfContacts(
    tx,
    known.map(({ workspace_id, from, contact_id }) => ({ workspace_id, phone_number: from, contact_id })),
  );
  for (const [i, { place }] of known.entries()) ids.set(place, known_ids[i]!);
  for (const [place, row] of rows.entries())
    if ("conversation_id" in row) ids.set(place, row.conversation_id);

  const locked = await lockThreads(
    tx,
    [...ids].map(([place, id]) => ({ workspace_id: rows[place]!.workspace_id, id })),
  );
  const threads = new Map<number, Thread>();
  for (const [place, id] of ids) {
    const thread = locked.get(id);
    if (thread?.workspace_id === rows[place]!.workspace_id) threads.set(place, thread);
    else problems.set(place, new Problem("NOT_FOUND"));
  }
  // The number that was asked for, should the contact have other numbers too.
  for (const { place, to } of opened) threads.set(place, { ...threads.get(place)!, to });
  return threads;
}

/** Puts the messages into their threads and into the queue of their numbers. */
async function insertSends(tx: Tx, ready: readonly Ready[]): Promise<LiveChange[]> {
  if (ready.length === 0) return [];
  // Due by the clock of the database, which all senders go by.
  const { now_ms } = (await tx.first<{ now_ms: number }>(
    sql`select floor(extract(epoch from now()) * 1000)::float8 as now_ms`,
  ))!;
  const changes = await addOutgoing(
    tx,
    ready.map(({ id, row, thread, components }) => ({
      ...shownOf(wireTo(thread.to), row.content),
      template: components,
      workspace_id: row.workspace_id,
      id,
      conversation_id: thread.id,
      source: row.source,
      to: thread.to,
      context_wamid: row.context_wamid ?? null,
      at_ms: now_ms,
    })),
  );
  const sends = ready.map(sendRow);
  await tx.run(sql`
    insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, context_wamid,
      template_name, template_language, user_id, origin_kind, origin_id, next_attempt_at, asked_at)
    select workspace_id, id, phone_number_id, priority, to_kind, to_value, content::jsonb, context_wamid,
      template_name, template_language, user_id, origin_kind, origin_id, now(), now()
    from ${rowsOf(sends, SEND_COLUMNS)}`);
  await tx.run(sql`
    insert into number_queues (workspace_id, phone_number_id)
    select distinct * from ${rowsOf(sends, { workspace_id: "uuid", phone_number_id: "uuid" })}
    order by 1, 2 on conflict do nothing`);
  await announce(tx);
  return changes;
}

const SEND_COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  phone_number_id: "uuid",
  priority: "integer",
  to_kind: "text",
  to_value: "text",
  content: "text",
  context_wamid: "text",
  template_name: "text",
  template_language: "text",
  user_id: "uuid",
  origin_kind: "text",
  origin_id: "uuid",
} as const;

function sendRow({ id, row, thread }: Ready) {
  const template = row.content.type === "template" ? row.content : null;
  return {
    workspace_id: row.workspace_id,
    id,
    phone_number_id: thread.phone_number,
    priority: PRIORITY[row.source],
    to_kind: thread.to.kind,
    to_value: thread.to.value,
    content: JSON.stringify(row.once ? { ...row.content, once: true } : row.content),
    context_wamid: row.context_wamid ?? null,
    template_name: template?.name ?? null,
    template_language: template?.language ?? null,
    user_id: row.user_id ?? null,
    origin_kind: row.origin?.kind ?? null,
    origin_id: row.origin?.id ?? null,
  };
}

/** A hint: the sender looks anyway. */
export const announce = (tx: Tx) => tx.run(sql`select pg_notify('sends', '')`);

/** As Meta spells it, and as it is shown and found: the words in it. */
function shownOf(to: Outgoing["to"], content: OutgoingContent) {
  const wire = wireOf({ to, content });
  const type = String(wire["type"]);
  const text =
    "body" in content && typeof content.body === "string"
      ? content.body
      : "caption" in content
        ? (content.caption ?? null)
        : null;
  const part = wire[type];
  return { type, text, content: (Array.isArray(part) ? { [type]: part } : part) as Record<string, unknown> };
}

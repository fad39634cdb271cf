import { named, uuidArray, type Tx } from "../db/db.ts";
import type { Applied, BatchFacts, LiveChange } from "../live/change.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { enqueueDownloads, type Namer } from "../media/media.ts";
import { heardOf, movedOf, risesOf, SEND, type FactMessage } from "./batch-facts.ts";
import {
  ensureConversations,
  foldAmendments,
  foldCalls,
  foldClosures,
  foldConversations,
  foldGroups,
  foldPayments,
  foldStatuses,
  groupThreads,
  type MessageKey,
  messageName,
  missedCalls,
  rebuildConversations,
  reopenConversations,
  wordLists,
  writeLines,
  type WrittenLine,
  type WrittenLines,
} from "./folds/folds.ts";
import { dropErased, findErased } from "./erase-contact.ts";
import { askTellings, startPeople, tieRecipients } from "./identity/identity.ts";
import { readEvents } from "./reading/reading.ts";
import type { Facts, Handle } from "./facts/facts.ts";
import { forgetUnmatched, noteUnmatched } from "./unmatched.ts";

/**
 * Applies a batch of events to contacts, consent, threads, messages and statuses. Every table is a fold that does not
 * depend on order: any permutation, repetition and re-batching of the same events gives the same rows, whatever else
 * applies others at the same time. One statement a table, rows sorted by key, and always in this order, so that no two
 * batches wait for each other: identity locks, contacts, conversations, messages, calls, statuses, amendments,
 * reactions, payments, unmatched messages, closed windows, groups, files. Nothing is waited for but what the next step
 * needs (`Tx.later`), and what does not depend on each other is asked together: test/round-trips.test.ts counts.
 */
export async function applyInbox(tx: Tx, events: readonly RoutedEvent[]): Promise<Applied & BatchFacts> {
  const facts = await readFacts(tx, events);
  const people = await startPeople(tx, facts);

  // A line has twenty fields and belongs to this batch: it is completed in place, not copied three times.
  const threads = facts.lines.map((line) =>
    Object.assign(line, { contact_id: people.contactOf(line.workspace_id, line.identity) }),
  );
  const conversationOf = await ensureConversations(tx, threads);
  const lines = await writeLines(
    tx,
    threads.map((line) => Object.assign(line, { conversation_id: conversationOf(line) })),
  );
  await foldConversations(tx, lines.added);
  const called = await foldCallLines(tx, facts, lines);

  const { edits, revokes, reactions } = facts;
  // One way to the server: what is looked up is named by what was told, so that it need not wait for the folds.
  const [folded, amended, paid, told] = await Promise.all([
    foldStatuses(tx, facts.statuses),
    foldAmendments(tx, facts),
    foldPayments(tx, facts.payments),
    findMessages(tx, [
      ...[called, lines.early, lines.risen].flat(),
      ...[facts.statuses, edits, revokes, reactions, facts.payments, facts.closures].flat(),
    ]),
  ]);
  const moved_on = [...called, ...lines.risen, ...folded];
  const contacts = await people.finish();
  await noteUnmatched(tx, facts, events, told);
  await forgetUnmatched(tx, threads);
  await foldClosures(tx, facts.closures);
  const groups = await groupThreads(tx, await foldGroups(tx, facts));
  await enqueueDownloads(tx, namersOf(facts));

  const changes = createChanges();
  for (const { workspace_id, id } of contacts)
    changes.add(workspace_id, "ContactUpdated", { contact_id: id });
  for (const { workspace_id, id } of people.threads)
    changes.add(workspace_id, "ConversationUpdated", { conversation_id: id });
  for (const line of lines.added) addLine(changes, line);
  for (const { workspace_id, conversation_id } of lines.disturbed)
    changes.add(workspace_id, "ConversationUpdated", { conversation_id });
  for (const message of among(told, [...moved_on, ...paid])) addMessage(changes, message);
  for (const message of among(told, [...amended, ...called])) {
    addMessage(changes, message);
    // The list shows the last message as it was edited, and how the last call ended.
    changes.add(message.workspace_id, "ConversationUpdated", { conversation_id: message.conversation_id });
  }
  for (const { workspace_id, conversation_id } of among(told, facts.closures))
    changes.add(workspace_id, "ConversationUpdated", { conversation_id });
  for (const { workspace_id, contact_id, conversation_id } of groups) {
    changes.add(workspace_id, "ContactUpdated", { contact_id });
    changes.add(workspace_id, "ConversationUpdated", { conversation_id });
  }
  const rises = risesOf(folded, lines.early);
  const outgoing = told.filter(({ direction }) => direction === "OUTBOUND");
  const known = new Set(told.map(messageName));
  return {
    changes: changes.list(),
    ignored: facts.ignored,
    moved: rises.size === 0 ? [] : outgoing.flatMap((message) => movedOf(rises, message)),
    unplaced: [...rises.values()].filter((one) => !known.has(messageName(one))),
    joined: people.joined,
    stated: facts.consents.map(({ workspace_id, event_id, identity, state, source, at_ms }) => ({
      workspace_id,
      contact_id: people.contactOf(workspace_id, identity),
      event_id,
      state,
      source,
      at: new Date(at_ms),
    })),
    heard: await heardOf(tx, [...lines.added, ...lines.risen]),
  };
}

/**
 * What the events say, without what was erased, and with the contacts to which messages are tied. Which words count is
 * guessed, and checked on the same way to the server: reading is pure, so it is done again in the rare case that they have
 * changed. Tellings don't depend on them.
 */
async function readFacts(tx: Tx, events: readonly RoutedEvent[]): Promise<Facts> {
  const { guess, check } = wordLists(tx, events);
  const guessed = readEvents(events, guess);
  const [lists, erased, told] = await Promise.all([
    check(),
    findErased(tx, guessed),
    askTellings(tx, guessed.tellings),
  ]);
  const facts = lists === null ? guessed : readEvents(events, lists);
  dropErased(facts, erased);
  tieRecipients(tx, facts, told);
  return facts;
}

/**
 * Folds calls, and the threads that they or better accounts of messages change. A call that was not picked up is unread
 * and opens its thread, as a message does that is only now told as a live one. Answers the calls that changed.
 */
async function foldCallLines(tx: Tx, facts: Facts, lines: WrittenLines): Promise<MessageKey[]> {
  const calls = await foldCalls(tx, facts.calls);
  const ended = await findMessages(
    tx,
    calls.filter((call) => call.ended),
  );
  const called = [...lines.added.filter(({ origin }) => origin === "call"), ...ended];
  await rebuildConversations(tx, [...lines.disturbed, ...called].map(threadOf));
  await reopenConversations(tx, [...lines.risen, ...(await missedCalls(tx, called))].map(threadOf));
  return calls;
}

function threadOf({ workspace_id, conversation_id }: { workspace_id: string; conversation_id: string }) {
  return { workspace_id, id: conversation_id };
}

/** What may name a file of Meta's. */
const namersOf = ({ lines, edits, calls }: Facts): Namer[] => [
  ...lines,
  ...edits,
  ...calls.flatMap(({ detail: { file }, event, ...call }) =>
    file ? { ...call, type: event === "recording" ? "audio" : "document", content: file } : [],
  ),
];

/** Publishes what a line does to its thread, too: listeners get both. */
function addLine(changes: Changes, { workspace_id, conversation_id, id: message_id }: WrittenLine): void {
  changes.add(workspace_id, "ConversationMessageCreated", { conversation_id, message_id });
}

/** Whatever became of a message: a status, an edit, a revoke, a reaction. */
function addMessage(changes: Changes, { workspace_id, conversation_id, id: message_id }: FoundMessage): void {
  changes.add(workspace_id, "MessageStatusUpdated", { conversation_id, message_id });
}

/** What to tell those who watch these messages, when something about them changed. */
export async function changesOf(tx: Tx, keys: readonly MessageKey[]): Promise<LiveChange[]> {
  const changes = createChanges();
  for (const message of await findMessages(tx, keys)) addMessage(changes, message);
  return changes.list();
}

interface FoundMessage extends FactMessage {
  identity: Handle;
  direction: "INBOUND" | "OUTBOUND";
}

function among(messages: readonly FoundMessage[], keys: readonly MessageKey[]): FoundMessage[] {
  const names = new Set(keys.map(messageName));
  return messages.filter((message) => names.has(messageName(message)));
}

/** Those that exist, by messages__wamid_hash. */
async function findMessages(tx: Tx, wanted: readonly MessageKey[]): Promise<FoundMessage[]> {
  const keys = [...new Map(wanted.map((key) => [messageName(key), key])).values()];
  if (keys.length === 0) return [];
  return tx.rows<FoundMessage>(named("find messages")`
    select m.workspace_id, m.wamid_hash, m.id, m.conversation_id, c.contact_id, m.direction, ${SEND},
      json_build_object('kind', m.identity_kind, 'value', m.identity_value) as identity
    from unnest(${uuidArray(keys.map((key) => key.workspace_id))}::uuid[], ${uuidArray(keys.map((key) => key.wamid_hash))}::uuid[]) as due (workspace_id, wamid_hash)
    join messages m using (workspace_id, wamid_hash)
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id`);
}

type Changes = ReturnType<typeof createChanges>;

/** Each change once a batch, in the order in which they were first named. */
function createChanges() {
  const changes = new Map<string, LiveChange>();
  return {
    add(workspace_id: string, name: string, data: Record<string, string>): void {
      const key = [workspace_id, name, ...Object.values(data)].join(" ");
      if (!changes.has(key)) changes.set(key, { workspace_id, name, data });
    },
    list: () => [...changes.values()],
  };
}

import { sql, uuidArray, type Tx } from "../db/db.ts";
import type { Applied, LiveChange } from "../live/change.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { oweFiles, type Namer } from "../media/media.ts";
import { foldAmendments } from "./amendments.ts";
import { readWordLists, recordConsents } from "./consent.ts";
import { refreshContacts } from "./contacts.ts";
import { ensureConversations, foldConversations, rebuildConversations } from "./conversations.ts";
import { settleIdentities } from "./identities.ts";
import { writeLines, type WrittenLine } from "./lines.ts";
import { readEvents } from "./read-events.ts";
import type { Facts } from "./facts.ts";
import { regroupThreads } from "./regroup.ts";
import { foldStatuses, type MessageKey } from "./statuses.ts";
import { forgetUnmatched, messageName, noteUnmatched } from "./unmatched.ts";
import { foldClosures } from "./windows.ts";

/**
 * Applies a batch of events to contacts, consent, threads, messages and statuses. Every table is a fold that does not
 * depend on order: any permutation, repetition and re-batching of the same events gives the same rows, whoever else
 * applies others at the same time. One statement a table, rows sorted by key, and always in this order, so that no two
 * batches wait for each other: identity locks, contacts, conversations, messages, statuses, amendments, reactions,
 * unmatched messages, closed windows, files.
 */
export async function applyInbox(tx: Tx, events: readonly RoutedEvent[]): Promise<Applied> {
  const facts = readEvents(events, await readWordLists(tx, events));

  const identities = await settleIdentities(tx, facts);
  await recordConsents(tx, facts.consents);
  const regrouped = await regroupThreads(tx, identities.regrouped);
  const consenting = facts.consents.map(({ workspace_id, identity }) => ({
    workspace_id,
    id: identities.contactOf(workspace_id, identity),
  }));
  const renamed = await refreshContacts(
    tx,
    [...regrouped.contacts, ...consenting],
    identities.named,
    identities.shown,
  );

  // A line has twenty fields and belongs to this batch: it is completed in place, not copied three times.
  const threads = facts.lines.map((line) =>
    Object.assign(line, { contact_id: identities.contactOf(line.workspace_id, line.identity) }),
  );
  const threadOf = await ensureConversations(tx, threads);
  const lines = await writeLines(
    tx,
    threads.map((line) => Object.assign(line, { conversation_id: threadOf(line) })),
  );
  await foldConversations(tx, lines.added);
  await rebuildConversations(
    tx,
    lines.disturbed.map((line) => ({ workspace_id: line.workspace_id, id: line.conversation_id })),
  );

  const moved_on = await foldStatuses(tx, facts.statuses);
  const amended = await foldAmendments(tx, facts);
  const told = await findMessages(tx, [...facts.statuses, ...amended]);
  await noteUnmatched(tx, facts, events, told);
  await forgetUnmatched(tx, lines.added);
  await foldClosures(tx, facts.closures);
  await oweFiles(tx, namersOf(facts));

  const changes = createChanges();
  for (const { workspace_id, id } of [...identities.created, ...renamed, ...regrouped.contacts])
    changes.add(workspace_id, "ContactUpdated", { contact_id: id });
  for (const { workspace_id, id } of regrouped.threads)
    changes.add(workspace_id, "ConversationUpdated", { conversation_id: id });
  for (const line of lines.added) addLine(changes, line);
  for (const { workspace_id, conversation_id } of lines.disturbed)
    changes.add(workspace_id, "ConversationUpdated", { conversation_id });
  for (const message of among(told, moved_on)) addMessage(changes, message);
  for (const message of among(told, amended)) {
    addMessage(changes, message);
    // The list shows the last message as it was edited.
    changes.add(message.workspace_id, "ConversationUpdated", { conversation_id: message.conversation_id });
  }
  for (const { workspace_id, conversation_id } of await findMessages(tx, facts.closures))
    changes.add(workspace_id, "ConversationUpdated", { conversation_id });
  return { changes: changes.list(), ignored: facts.ignored };
}

/** What may name a file of Meta's. */
const namersOf = ({ lines, edits }: Facts): Namer[] => [...lines, ...edits];

/** Says what a line does to its thread, too: whoever listens gets both. */
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

interface FoundMessage extends MessageKey {
  id: string;
  conversation_id: string;
}

function among(messages: readonly FoundMessage[], keys: readonly MessageKey[]): FoundMessage[] {
  const names = new Set(keys.map(messageName));
  return messages.filter((message) => names.has(messageName(message)));
}

/** Those that exist, by messages__wamid_hash. */
async function findMessages(tx: Tx, wanted: readonly MessageKey[]): Promise<FoundMessage[]> {
  const keys = [...new Map(wanted.map((key) => [messageName(key), key])).values()];
  if (keys.length === 0) return [];
  return tx.rows<FoundMessage>(sql`
    select m.workspace_id, m.wamid_hash, m.id, m.conversation_id
    from unnest(${uuidArray(keys.map((key) => key.workspace_id))}::uuid[], ${uuidArray(keys.map((key) => key.wamid_hash))}::uuid[]) as due (workspace_id, wamid_hash)
    join messages m using (workspace_id, wamid_hash)`);
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

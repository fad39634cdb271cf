import { useMemo, useSyncExternalStore } from "react";
import { inTab, parseKept } from "../../lib/page/kept.ts";
import { record } from "../../lib/words/message.ts";
import { meQuery, queryClient } from "../../lib/server/queries.ts";
import type { Message } from "../../lib/types.ts";

/** What was begun in a conversation, and which message it answers. */
export interface Draft {
  text: string;
  context: Message["context"];
}

const EMPTY: Draft = { text: "", context: null };
/** By user: another one who signs in here must not find it, and send it as their own. */
const keyOf = (conversation_id: string) =>
  `wharf.draft.${queryClient.getQueryData(meQuery.queryKey)?.user?.id ?? ""}.${conversation_id}`;

const watchers = new Set<() => void>();
function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/**
 * Kept for each conversation, for as long as the tab is open: other people may use the same computer later. Only what
 * looks at it is drawn anew with each letter.
 */
export function useDraft(conversation_id: string): Draft {
  const kept = useSyncExternalStore(watch, () => inTab.read(keyOf(conversation_id)));
  return useMemo(() => read(kept), [kept]);
}

export function changeDraft(conversation_id: string, changes: Partial<Draft>): void {
  const key = keyOf(conversation_id);
  const next = { ...read(inTab.read(key)), ...changes };
  if (next.text === "" && next.context === null) inTab.remove(key);
  else inTab.write(key, JSON.stringify(next));
  for (const watcher of watchers) watcher();
}

function read(text: string | null): Draft {
  const kept = record(parseKept(text));
  if (typeof kept?.["text"] !== "string") return EMPTY;
  const context = record(kept["context"]);
  return {
    text: kept["text"],
    context: typeof context?.["wamid"] === "string" ? (context as unknown as Draft["context"]) : null,
  };
}

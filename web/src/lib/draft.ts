import { useState } from "react";
import { inTab, parseKept } from "./kept.ts";
import { record } from "./message.ts";
import { meQuery, queryClient } from "./queries.ts";
import type { Message } from "./types.ts";

/** What was begun in a conversation, and which message it answers. */
export interface Draft {
  text: string;
  context: Message["context"];
}

const EMPTY: Draft = { text: "", context: null };
/** By user: another one who signs in here must not find it, and send it as their own. */
const keyOf = (conversation_id: string) =>
  `wharf.draft.${queryClient.getQueryData(meQuery.queryKey)?.user?.id ?? ""}.${conversation_id}`;

/** Kept for each conversation, for as long as the tab is open: other people may use the same computer later. */
export function useDraft(conversation_id: string): [Draft, (changes: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(() => read(conversation_id));
  return [
    draft,
    (changes) => {
      setDraft((now) => {
        const next = { ...now, ...changes };
        if (next.text === "" && next.context === null) inTab.remove(keyOf(conversation_id));
        else inTab.write(keyOf(conversation_id), JSON.stringify(next));
        return next;
      });
    },
  ];
}

function read(conversation_id: string): Draft {
  const kept = record(parseKept(inTab.read(keyOf(conversation_id))));
  if (typeof kept?.["text"] !== "string") return EMPTY;
  const context = record(kept["context"]);
  return {
    text: kept["text"],
    context: typeof context?.["wamid"] === "string" ? (context as unknown as Draft["context"]) : null,
  };
}

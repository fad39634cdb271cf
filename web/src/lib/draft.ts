import { useState } from "react";
import type { Message } from "./types.ts";

/** What was begun in a conversation, and which message it answers. */
export interface Draft {
  text: string;
  context: Message["context"];
}

const EMPTY: Draft = { text: "", context: null };
const keyOf = (conversation_id: string) => `wharf.draft.${conversation_id}`;

/** Kept for each conversation, for as long as the tab is open: other people may use the same computer later. */
export function useDraft(conversation_id: string): [Draft, (changes: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(() => read(conversation_id));
  return [
    draft,
    (changes) => {
      setDraft((now) => {
        const next = { ...now, ...changes };
        if (next.text === "" && next.context === null) sessionStorage.removeItem(keyOf(conversation_id));
        else sessionStorage.setItem(keyOf(conversation_id), JSON.stringify(next));
        return next;
      });
    },
  ];
}

function read(conversation_id: string): Draft {
  const kept = sessionStorage.getItem(keyOf(conversation_id));
  return kept === null ? EMPTY : (JSON.parse(kept) as Draft);
}

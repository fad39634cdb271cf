import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { conversationQuery } from "../../lib/server/queries.ts";
import type { Message } from "../../lib/types.ts";
import { type Note, threadNotesQuery } from "./queries.ts";

const NONE: readonly Note[] = [];

/** The notes of a conversation, the oldest first. */
export function useThreadNotes(conversation_id: string): readonly Note[] {
  const { data: conversation } = useQuery(conversationQuery(conversation_id));
  const contact_id = conversation?.contact.id;
  const { data } = useInfiniteQuery({
    ...threadNotesQuery(conversation_id, contact_id ?? ""),
    enabled: contact_id !== undefined,
  });
  return useMemo(() => data?.pages.flatMap((page) => page.data).toReversed() ?? NONE, [data]);
}

/**
 * Which notes stand before each message, by its place, and behind the last one: those that were written since the one before.
 * Older ones than what is drawn come with what is older; where the newest is not drawn, none stand behind.
 */
export function notesAmong(
  notes: readonly Note[],
  messages: readonly Pick<Message, "sent_at">[],
  { from_start, to_end }: { from_start: boolean; to_end: boolean },
): ReadonlyMap<number, Note[]> {
  const among = new Map<number, Note[]>();
  const times = messages.map(({ sent_at }) => Date.parse(sent_at));
  for (const note of notes) {
    const at = Date.parse(note.created_at);
    const next = times.findIndex((time) => time > at);
    const place = next < 0 ? messages.length : next;
    if ((place === 0 && !from_start) || (place === messages.length && !to_end)) continue;
    among.set(place, [...(among.get(place) ?? []), note]);
  }
  return among;
}

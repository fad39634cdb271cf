import { useEffect, useMemo } from "react";
import { type Letter, sorted } from "./letter.ts";
import { conversationOf, drop, useLetters } from "./outbox.ts";
import type { Message } from "../../lib/types.ts";

/** As what messages stood in their threads before the server had them, for as long as the page is open. */
const was = new Map<string, string>();

/**
 * What is on its way into a thread whose newest messages are given, and as which rows messages go on that were on their
 * way: the same one, so that it is read out once.
 */
export function useLettersOf(
  conversation_id: string,
  messages: Message[],
): { letters: readonly Letter[]; rowOf: (message_id: string) => string } {
  const all = useLetters();
  const { waiting, arrived, became } = useMemo(() => {
    const own = all.filter((letter) => conversationOf(letter) === conversation_id);
    return sorted(own, messages);
  }, [all, conversation_id, messages]);
  const done = arrived.map((letter) => letter.key).join(" ");
  useEffect(() => {
    if (done === "") return;
    const ids = new Set(arrived.map(({ shown }) => shown.id));
    for (const [message_id, id] of became) if (ids.has(id)) was.set(message_id, id);
    drop(new Set(done.split(" ")));
    // What arrived says it all.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [done]);
  const rowOf = useMemo(() => (id: string) => became.get(id) ?? was.get(id) ?? id, [became]);
  return { letters: waiting, rowOf };
}

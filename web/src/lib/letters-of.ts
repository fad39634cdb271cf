import { useEffect, useMemo } from "react";
import { type Letter, sorted } from "./letter.ts";
import { conversationOf, drop, useLetters } from "./outbox.ts";
import type { Message } from "./types.ts";

/** What is on its way into a thread whose newest messages are given. */
export function useLettersOf(conversation_id: string, messages: Message[]): readonly Letter[] {
  const all = useLetters();
  const { waiting, arrived } = useMemo(() => {
    const own = all.filter((letter) => conversationOf(letter) === conversation_id);
    return sorted(own, messages);
  }, [all, conversation_id, messages]);
  const done = arrived.map((letter) => letter.key).join(" ");
  useEffect(() => {
    if (done !== "") drop(new Set(done.split(" ")));
  }, [done]);
  return waiting;
}

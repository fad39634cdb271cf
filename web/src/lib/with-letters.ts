import { useEffect, useMemo } from "react";
import { type Letter, sorted } from "./letter.ts";
import { conversationOf, drop, useLetters } from "./outbox.ts";
import type { Message } from "./types.ts";

/** The thread with what is on its way into it, at its end. */
export function useWithLetters(
  conversation_id: string,
  messages: Message[],
): { messages: Message[]; letterOf: (message: Message) => Letter | undefined } {
  const all = useLetters();
  const own = useMemo(
    () => all.filter((letter) => conversationOf(letter) === conversation_id),
    [all, conversation_id],
  );
  const { waiting, arrived } = sorted(own, messages);
  const done = arrived.map((letter) => letter.key).join(" ");
  useEffect(() => {
    if (done !== "") drop(new Set(done.split(" ")));
  }, [done]);
  return {
    messages: waiting.length === 0 ? messages : [...messages, ...waiting.map((letter) => letter.shown)],
    letterOf: (message) => waiting.find((letter) => letter.shown.id === message.id),
  };
}

import { expect, test } from "vitest";
import { type FailedSend, noteStatus, watchFailedSends } from "./failed-sends.ts";
import type { Message } from "../types.ts";

const failed = (id: string, user_id: string | null) =>
  ({
    id,
    conversation_id: "c",
    source: "AGENT",
    status: "FAILED",
    failed_at: new Date().toISOString(),
    error: { title: "Message undeliverable" },
    send: { user_id },
  }) as Message;

test("a failure is told once, and says whether the person in front of the page sent the message", () => {
  const told: FailedSend[] = [];
  const stop = watchFailedSends((failure) => told.push(failure));
  const mine = failed("mine", "ann");
  noteStatus(mine, "ann");
  noteStatus(mine, "ann");
  noteStatus(failed("other", "ben"), "ann");
  // Sent before it was kept who did, or the page doesn't know yet who is there: no one's own.
  noteStatus(failed("older", null), "ann");
  noteStatus(failed("early", "ann"), undefined);
  stop();
  expect(told.map(({ message_id, mine: is_mine }) => [message_id, is_mine])).toEqual([
    ["mine", true],
    ["other", false],
    ["older", false],
    ["early", false],
  ]);
});

import type { Message } from "../../lib/types.ts";

/**
 * Whether another responder of the number, as Meta Business Agent, has the thread, by its newest word; messages are given
 * newest first. There is no way to ask Meta who has it.
 */
export function isAnsweredElsewhere(
  messages: readonly Pick<Message, "type" | "standby" | "content">[],
): boolean {
  for (const { type, standby, content } of messages) {
    if (content["type"] === "control_taken" && type === "system") return true;
    if (content["type"] === "control_passed" && type === "system") return false;
    if (type !== "system" && type !== "call") return standby;
  }
  return false;
}

import { useQuery } from "@tanstack/react-query";
import { MessageStatus } from "../../../conversation/marks/message-status.tsx";
import { progressOf } from "../../../conversation/message/ticks.tsx";
import type { Message } from "../../../lib/types.ts";
import { testMessageQuery } from "../model/model.ts";
import { REVIEW } from "../wizard-texts.ts";

/** A number that a test went to, with how far its message came: the live feed keeps it current. */
export function TestResult({
  number,
  message_id,
  says,
}: {
  number: string;
  message_id: string | null;
  says: string | null;
}) {
  const { data: message } = useQuery(testMessageQuery(message_id));
  const progress = (message && progressOf(message)) ?? "QUEUED";
  const bad = message_id === null || progress === "FAILED";
  return (
    <li data-bad={bad || undefined}>
      <b>{number}</b> {message_id !== null && <MessageStatus progress={progress} />}{" "}
      <span dir="auto">{says ?? REVIEW.test_states[progress]}</span>
      {message && reasonOf(message) && <small dir="auto">{reasonOf(message)}</small>}
    </li>
  );
}

/** Why it failed, or still waits. */
function reasonOf({ error, send }: Message): string | null {
  const told = [error?.title, error?.details ?? error?.advice].filter(Boolean).join(". ");
  return told !== "" ? told : (send?.reason ?? null);
}

import { priceOf } from "../../lib/words/price.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { Hint } from "../../ui/hint.tsx";
import { MessageStatus, type Progress } from "../marks/message-status.tsx";
import { STEPS } from "./texts.ts";

type Known = Pick<Message, "status" | "send">;

/** Where our own sending knows more than Meta's statuses tell. */
const SENDING: ReadonlySet<string> = new Set(["sending", "unconfirmed", "cancelled"]);

export function progressOf({ status, send }: Known): Progress | null {
  if ((status === null || status === "QUEUED") && send && SENDING.has(send.state))
    return send.state as Progress;
  return status;
}

/** When each step was, as far as it came. */
export function stepsOf(message: Message): [label: string, time: string][] {
  const progress = progressOf(message);
  const on_its_way = progress === "QUEUED" || progress === "sending" || progress === "unconfirmed";
  return [
    [on_its_way || progress === "cancelled" ? STEPS.written : STEPS.sent, message.sent_at] as const,
    [STEPS.delivered, message.delivered_at] as const,
    [STEPS.read, message.read_at] as const,
    [STEPS.played, message.played_at] as const,
    [STEPS.failed, message.failed_at] as const,
  ].flatMap(([label, time]) => (time === null ? [] : [[label, time]]));
}

/** How far an outgoing message came, with its times on hover. `refused`: the server did not even take it. */
export function Ticks({ message, refused = false }: { message: Message; refused?: boolean }) {
  const progress = refused ? "FAILED" : progressOf(message);
  if (progress === null) return null;
  return (
    <Hint
      label={
        <>
          {stepsOf(message).map(([name, time]) => (
            <div key={name}>
              {name} {exactTime(time)}
            </div>
          ))}
          {message.pricing && <div>{priceOf(message.pricing)}</div>}
        </>
      }
    >
      {/* In the log of a thread only messages are news. */}
      <span aria-live="off">
        <MessageStatus progress={progress} />
      </span>
    </Hint>
  );
}

import type { Message } from "../../lib/types.ts";
import { texts } from "./texts.ts";

const ON_THE_PHONE: readonly Message["status"][] = ["DELIVERED", "READ", "PLAYED"];

/**
 * Whether the customer's phone has it: what came from them, what WhatsApp says it has delivered, and what other apps of the
 * business sent, of which Wharf hears no more than that.
 */
export function hasArrived({ direction, wamid, status, send }: Message): boolean {
  if (wamid === null || status === "FAILED") return false;
  return direction === "INBOUND" || send === null || ON_THE_PHONE.includes(status);
}

/** Why it is not on the phone (yet), in a few words. */
export function whyMissing({ status, error, send }: Message): { reason: string; tone: "bad" | "quiet" } {
  const code = error?.code ?? send?.code ?? null;
  if (status === "FAILED")
    return { reason: texts.missing.failed(error?.title ?? send?.reason ?? null, code), tone: "bad" };
  switch (send?.state) {
    case "queued":
      return send.reason === null
        ? { reason: texts.missing.queued, tone: "quiet" }
        : { reason: texts.missing.held(send.reason, code), tone: "bad" };
    case "cancelled":
      return { reason: texts.missing.cancelled, tone: "quiet" };
    case "unconfirmed":
      return { reason: texts.missing.unconfirmed, tone: "bad" };
    case "sent":
      return { reason: texts.missing.sent, tone: "quiet" };
    default:
      return { reason: texts.missing.sending, tone: "quiet" };
  }
}

import { countryOf } from "./cast.ts";
import type { Update } from "./updates.ts";
import { userIdOf } from "./wire.ts";

/** What Meta knows of a person and a business from what passed between them. */
export interface Memory {
  note(updates: readonly Update[]): void;
  /** Within 24 h of the person's newest message to this number; free-form messages are taken only then. */
  isWindowOpen(phone_number_id: string, wa_id: string, now_s: number): boolean;
  /** The person has stopped marketing messages of this business, in WhatsApp itself. */
  hasStopped(waba_id: string, wa_id: string): boolean;
}

const WINDOW_S = 86_400;

export function createMemory(): Memory {
  const heard = new Map<string, number>();
  const stopped = new Map<string, boolean>();
  return {
    note(updates) {
      for (const { list, number, waba_id, item, time } of updates) {
        // What Meta tells of a person opens no window.
        if (list === "messages" && number !== null && item["type"] !== "system") {
          const key = `${number.phone_number_id} ${String(item["from_user_id"])}`;
          heard.set(key, Math.max(heard.get(key) ?? 0, time));
        }
        if (list === "user_preferences")
          stopped.set(`${waba_id} ${String(item["user_id"])}`, item["value"] === "stop");
      }
    },
    isWindowOpen: (phone_number_id, wa_id, now_s) =>
      (heard.get(`${phone_number_id} ${userIdOf(wa_id, countryOf(wa_id))}`) ?? Number.NEGATIVE_INFINITY) >
      now_s - WINDOW_S,
    hasStopped: (waba_id, wa_id) => stopped.get(`${waba_id} ${userIdOf(wa_id, countryOf(wa_id))}`) ?? false,
  };
}

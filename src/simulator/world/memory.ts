import type { Update } from "./updates.ts";

/** What Meta knows of a person and a business from what passed between them. */
export interface Memory {
  note(updates: readonly Update[]): void;
  /** Within 24 h of the person's newest message to this number; free-form messages are taken only then. */
  hasWritten(phone_number_id: string, user_id: string, now_s: number): boolean;
  /** The person has stopped marketing messages of this business, in WhatsApp itself. */
  hasStopped(waba_id: string, user_id: string): boolean;
  /** Whether the person lets this number call, by their newest answer to its question. */
  callPermission(phone_number_id: string, user_id: string, now_s: number): CallPermission;
  /** From now on nothing that the person writes to this number comes, or it does again. */
  block(phone_number_id: string, person: Blocked, isBlocked: boolean): void;
  isBlocked(phone_number_id: string, user_id: string): boolean;
  /** Those of a number, the newest last. */
  blocked(phone_number_id: string): Blocked[];
  /** What is known of a person is known of them by their new user id. */
  rename(previous: string, user_id: string): void;
}

export interface CallPermission {
  status: "no_permission" | "temporary" | "permanent";
  /** Unix seconds. */
  expiration_time?: number;
}

export interface Blocked {
  user_id: string;
  /** Null: the business knows the user id alone. */
  wa_id: string | null;
}

const WINDOW_S = 86_400;

export function createMemory(): Memory {
  const heard = new Map<string, number>();
  const stopped = new Map<string, boolean>();
  const permissions = new Map<string, CallPermission>();
  const blocks = new Map<string, Map<string, Blocked>>();
  const blocksOf = (phone_number_id: string) => blocks.get(phone_number_id) ?? new Map<string, Blocked>();
  const hasWritten = (phone_number_id: string, user_id: string, now_s: number) =>
    (heard.get(`${phone_number_id} ${user_id}`) ?? Number.NEGATIVE_INFINITY) > now_s - WINDOW_S;
  return {
    note(updates) {
      for (const { list, number, waba_id, item, time } of updates) {
        // What Meta tells of a person opens no window, nor does what is said in a group.
        const isTheirs = item["type"] !== "system" && item["group_id"] === undefined;
        if (list === "messages" && number !== null && isTheirs) {
          const key = `${number.phone_number_id} ${String(item["from_user_id"])}`;
          heard.set(key, Math.max(heard.get(key) ?? 0, time));
          const permission = permissionIn(item);
          if (permission) permissions.set(key, permission);
        }
        if (list === "user_preferences")
          stopped.set(`${waba_id} ${String(item["user_id"])}`, item["value"] === "stop");
      }
    },
    hasWritten,
    callPermission(phone_number_id, user_id, now_s) {
      const known = permissions.get(`${phone_number_id} ${user_id}`);
      return known && (known.expiration_time ?? Number.POSITIVE_INFINITY) > now_s
        ? known
        : { status: "no_permission" };
    },
    block(phone_number_id, person, isBlocked) {
      const those = blocksOf(phone_number_id);
      if (isBlocked) those.set(person.user_id, person);
      else those.delete(person.user_id);
      blocks.set(phone_number_id, those);
    },
    isBlocked: (phone_number_id, user_id) => blocksOf(phone_number_id).has(user_id),
    blocked: (phone_number_id) => [...blocksOf(phone_number_id).values()],
    hasStopped: (waba_id, user_id) => stopped.get(`${waba_id} ${user_id}`) ?? false,
    rename(previous, user_id) {
      for (const kept of [heard, stopped, permissions] as Map<string, unknown>[])
        for (const [key, value] of kept) {
          const [about, known] = key.split(" ");
          if (known !== previous) continue;
          kept.delete(key);
          kept.set(`${about} ${user_id}`, value);
        }
      for (const those of blocks.values()) {
        const blocked = those.get(previous);
        those.delete(previous);
        if (blocked) those.set(user_id, { ...blocked, user_id });
      }
    },
  };
}

/** The answer to a question for permission to call, if a message is one. */
function permissionIn(item: Record<string, unknown>): CallPermission | null {
  const { call_permission_reply: reply } = (item["interactive"] ?? {}) as {
    call_permission_reply?: { response: string; is_permanent?: boolean; expiration_timestamp?: number };
  };
  if (!reply) return null;
  if (reply.response !== "accept") return { status: "no_permission" };
  return reply.is_permanent
    ? { status: "permanent" }
    : {
        status: "temporary",
        ...(reply.expiration_timestamp === undefined ? {} : { expiration_time: reply.expiration_timestamp }),
      };
}

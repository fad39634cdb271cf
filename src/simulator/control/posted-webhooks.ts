import type { Tried } from "../webhooks/webhooks.ts";
import type { Update } from "../world/world.ts";

/** One webhook that was posted, as it stands. */
export interface Posted {
  id: number;
  at: string;
  /** The first of what it holds: `status delivered`, `message text`, `template APPROVED`. */
  what: string;
  updates: number;
  signature: Tried["signature"];
  tries: number;
  /** The newest answer; 0: there was none, and `error` says why. */
  status: number;
  duration_ms: number;
  error: string | null;
  /** When it is tried again; null: it was acknowledged or given up. */
  again_at: string | null;
}

export interface TriesCount {
  webhooks: number;
  acknowledged: number;
  /** Tries after the first of each. */
  retried: number;
  /** Given up, or forged. */
  refused: number;
  /** To be tried again. */
  waiting: number;
}

const KEPT = 100;

/** Remembers the newest webhooks and counts all of them. */
export function createTries({ speed }: { speed: () => number }) {
  const posted = new Map<symbol, Posted>();
  const count: TriesCount = { webhooks: 0, acknowledged: 0, retried: 0, refused: 0, waiting: 0 };
  let last_id = 0;
  return {
    note: ({ key, updates, signature, tries, status, duration_ms, error, again_in_ms }: Tried): void => {
      if (tries === 1) count.webhooks++;
      else {
        count.retried++;
        count.waiting--;
      }
      if (status === 200) count.acknowledged++;
      else if (again_in_ms === null) count.refused++;
      else count.waiting++;
      const entry = posted.get(key) ?? {
        id: ++last_id,
        at: new Date().toISOString(),
        what: whatOf(updates[0]),
        updates: updates.length,
        signature,
      };
      posted.set(key, {
        ...entry,
        tries,
        status,
        duration_ms: Math.round(duration_ms),
        error,
        again_at: again_in_ms === null ? null : new Date(Date.now() + again_in_ms / speed()).toISOString(),
      });
      if (posted.size > KEPT) posted.delete(posted.keys().next().value!);
    },
    count: (): TriesCount => ({ ...count }),
    /** The newest first. */
    newest: (): Posted[] => [...posted.values()].toReversed(),
  };
}

function whatOf(update: Update | undefined): string {
  const { list, field, item = {} } = update ?? {};
  const named = (word: string, name: string) => {
    const value = item[name];
    return typeof value === "string" ? `${word} ${value}` : word;
  };
  if (list === "statuses") return named("status", "status");
  if (list === "messages") return named("message", "type");
  if (list === "user_preferences") return named("marketing", "value");
  if (field === "message_template_status_update") return named("template", "event");
  return field ?? "";
}

import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { OperatorError } from "../../base/base.ts";
import type { LoadResult } from "../../simulator/simulator.ts";

/** What became of a load, as Wharf's API tells it. */
export interface LoadCheck {
  ok: boolean;
  acknowledged: number;
  /** Webhooks of the journal since the load began, by their state. `done` are those that brought something new. */
  done: number;
  pending: number;
  dead: number;
  messages: number;
  missing: string[];
  doubled: string[];
}

interface JournalPage {
  data: { id: string; state: "pending" | "done" | "dead"; kinds: string[] }[];
  next_cursor: string | null;
  counts: { pending: number };
}

/** How long nothing may move in the journal before what waits is taken for stuck. */
const STUCK_AFTER_MS = 30_000;
const POLL_INTERVAL_MS = 100;
const CONCURRENCY = 16;

/** Reads a path of the API. */
type Get = <T>(path: string) => Promise<T>;

/**
 * Made before the load: it remembers what the journal held, so that what came since is the load's. Other webhooks that
 * come meanwhile are counted with it.
 */
export async function createLoadCheck({ origin, key }: { origin: string; key: string }) {
  const agent = new Agent({ connections: CONCURRENCY });
  const get: Get = async <T>(path: string): Promise<T> => {
    const answer = await request(origin + path, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${key}` },
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      // A key has a limit of requests a second, and may have others that use it.
      if (answer.statusCode === 429) {
        await sleep(Number(answer.headers["retry-after"] ?? 1) * 1_000);
        return get<T>(path);
      }
      throw new OperatorError(
        `Wharf answered ${answer.statusCode} to GET ${path}: ${answer.statusCode === 401 ? "the API key is none of its own." : "nothing can be verified."}`,
      );
    }
    return (await answer.body.json()) as T;
  };
  const before = (await get<JournalPage>("/api/v1/journal?limit=1")).data[0]?.id ?? "";
  return {
    async run(result: LoadResult, onProgress?: (looked_for: number) => void): Promise<LoadCheck> {
      const { acknowledged, wamids } = result;
      try {
        await drain(get);
        const counts = await countJournal(get, before);
        const { missing, doubled } = await lookFor(get, wamids, onProgress);
        const wrong = counts.pending + counts.dead + missing.length + doubled.length;
        const ok = counts.done >= acknowledged && wrong === 0;
        return { ok, acknowledged, ...counts, messages: wamids.length, missing, doubled };
      } finally {
        await agent.close();
      }
    },
  };
}

/** Until nothing waits in the journal, or what waits is stuck. */
async function drain(get: Get): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let moved_at_ms = Date.now();
  for (;;) {
    const { pending } = (await get<JournalPage>("/api/v1/journal?limit=1")).counts;
    if (pending < fewest) moved_at_ms = Date.now();
    fewest = Math.min(fewest, pending);
    if (pending === 0 || Date.now() - moved_at_ms > STUCK_AFTER_MS) return;
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Webhooks that came after the one with the id `before`, by their states. */
async function countJournal(get: Get, before: string) {
  const counts = { pending: 0, done: 0, dead: 0 };
  let cursor: string | null = null;
  for (;;) {
    const after: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await get<JournalPage>(`/api/v1/journal?limit=200${after}`);
    for (const { id, state, kinds } of page.data) {
      if (id <= before) return counts;
      // A webhook whose answer was lost and that was posted again is there twice, the second time with nothing new.
      if (state !== "done" || kinds.length > 0) counts[state]++;
    }
    cursor = page.next_cursor;
    if (cursor === null) return counts;
  }
}

/** Which of these messages are not there, and which more than once. */
async function lookFor(get: Get, wamids: readonly string[], onProgress?: (looked_for: number) => void) {
  const missing: string[] = [];
  const doubled: string[] = [];
  let next = 0;
  const look = async () => {
    while (next < wamids.length) {
      const wamid = wamids[next++]!;
      const { data } = await get<{ data: unknown[] }>(`/api/v1/messages?wamid=${encodeURIComponent(wamid)}`);
      if (data.length !== 1) (data.length === 0 ? missing : doubled).push(wamid);
      onProgress?.(next);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, look));
  return { missing, doubled };
}

/** The check as lines for people. */
export function checkLines(check: LoadCheck): string[] {
  const { ok, acknowledged, done, pending, dead, messages, missing, doubled } = check;
  if (ok)
    return [
      `Nothing was lost: all ${acknowledged} acknowledged are done in the journal, all ${messages} messages are there once.`,
    ];
  return [
    "Something is not as it should be:",
    ...(done < acknowledged
      ? [`  ${acknowledged - done} acknowledged webhooks are not done in the journal`]
      : []),
    ...(pending > 0 ? [`  ${pending} still wait`] : []),
    ...(dead > 0 ? [`  ${dead} are dead: see the journal for why`] : []),
    ...(missing.length > 0
      ? [`  ${missing.length} of ${messages} messages are missing: ${some(missing)}`]
      : []),
    ...(doubled.length > 0 ? [`  ${doubled.length} are there more than once: ${some(doubled)}`] : []),
  ];
}

const some = (wamids: readonly string[]) => wamids.slice(0, 3).join(", ") + (wamids.length > 3 ? ", …" : "");

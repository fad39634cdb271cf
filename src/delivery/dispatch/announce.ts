import type { Logger } from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import type { EndpointKey } from "./targets.ts";

/**
 * Publishes that something about an endpoint's deliveries changed: at once, and then at most once in
 * `quiet_ms`, the last change always included. Apart from what it tells of, in transactions of its own, as each one
 * holds its workspaces' feeds until it ends.
 */
export interface Announcer {
  say(endpoints: readonly EndpointKey[]): void;
  /** Says now what still waits for its turn. Resolves when it can be read, or could not be written. */
  drain(): Promise<void>;
  /** The same, and nothing more is said by itself. */
  stop(): Promise<void>;
}

export function createAnnouncer(deps: { db: Database; log: Logger; quiet_ms?: number }): Announcer {
  const { db, log, quiet_ms = 1_000 } = deps;
  const waiting = new Map<string, EndpointKey>();
  /** Endpoints announced recently, with the end of their quiet period. */
  const quiet = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let saying: Promise<void> | null = null;
  let stopped = false;

  const sayThese = async (endpoints: readonly EndpointKey[]) => {
    for (const { id } of endpoints) waiting.delete(id);
    try {
      await db.transaction((tx) => publish(tx, endpoints.map(toChange)));
    } catch (error) {
      log.warn({ err: error }, "changes of deliveries could not be announced; trying again");
      for (const endpoint of endpoints) waiting.set(endpoint.id, endpoint);
    }
    const until_ms = performance.now() + quiet_ms;
    for (const { id } of endpoints) quiet.set(id, until_ms);
  };

  const run = () => {
    clearTimeout(timer);
    if (saying || stopped) return;
    const now_ms = performance.now();
    for (const [id, until_ms] of quiet) if (until_ms <= now_ms) quiet.delete(id);
    const ready = [...waiting.values()].filter(({ id }) => !quiet.has(id));
    if (ready.length > 0) {
      saying = sayThese(ready).finally(() => {
        saying = null;
        run();
      });
    } else if (waiting.size > 0) {
      let next_ms = Number.POSITIVE_INFINITY;
      for (const id of waiting.keys()) next_ms = Math.min(next_ms, quiet.get(id)!);
      timer = setTimeout(run, Math.ceil(next_ms - now_ms));
    }
  };

  const drain = async () => {
    while (saying) await saying;
    if (waiting.size > 0) await sayThese([...waiting.values()]);
  };

  return {
    say(endpoints) {
      for (const endpoint of endpoints) waiting.set(endpoint.id, endpoint);
      run();
    },
    drain,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await drain();
    },
  };
}

const toChange = ({ workspace_id, id }: EndpointKey) => ({
  workspace_id,
  name: "DeliveryUpdated",
  data: { endpoint_id: id },
});

import { newId, startLoops, type StepLoop } from "../base/base.ts";
import { claimFile, giveBack, recordFile, renewClaim, type ClaimDeps } from "./fetch-claims.ts";
import { fetchFile, type FetchDeps } from "./fetch-file.ts";

/**
 * Fetches what is due, a file at a time in each of some workers: asks Meta for its URL, streams it to the store, compares
 * its hash. A claim commits before the first request and is renewed while the bytes flow, so that of a process that was
 * killed another takes over after a minute. A try that failed is made again, ever later, until Meta's id runs out.
 */
export interface Fetcher {
  /** One file. Returns how many were due: 1 or 0. */
  step(): Promise<number>;
  /** Something may be due. */
  wake(): void;
  start(): void;
  /** Ends what is under way and gives it back. */
  stop(): Promise<void>;
}

const WORKERS = 4;
const IDLE_MS = 5_000;

export function createFetcher(deps: ClaimDeps & Omit<FetchDeps, "stopping">): Fetcher {
  const { store, log } = deps;
  const stopping = new AbortController();
  let workers: StepLoop | null = null;
  let swept = false;

  async function step(): Promise<number> {
    if (!swept) {
      swept = true;
      const removed = await store.sweep();
      if (removed > 0) log.info({ removed }, "files that were never received to their end are removed");
    }
    const file = await claimFile(deps, newId());
    if (!file) return 0;
    const endRenewal = renewClaim(deps, file);
    try {
      const outcome = await fetchFile({ ...deps, stopping: stopping.signal }, file);
      if (outcome.state === "missed" && stopping.signal.aborted) await giveBack(deps, file);
      else await recordFile(deps, file, outcome);
    } finally {
      endRenewal();
    }
    return 1;
  }

  return {
    step,
    wake: () => workers?.wake(),
    start() {
      const onError = (err: unknown) => log.error({ err }, "a file could not be fetched; it is tried again");
      workers ??= startLoops(WORKERS, step, { idle_ms: IDLE_MS, onError });
    },
    async stop() {
      stopping.abort();
      await workers?.stop();
    },
  };
}

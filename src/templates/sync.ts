import { backoff_ms, metrics, newId, startLoops, type Logger, type StepLoop } from "../base/base.ts";
import type { Graphs } from "../connections/connections.ts";
import type { Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";
import { retryDelay_ms, type Failed } from "../meta/meta.ts";
import { takeEnd, takePage } from "./listing.ts";
import {
  claimAccount,
  EACH_MS,
  endClaim,
  failClaim,
  giveBack,
  underClaim,
  type ClaimDeps,
  type DueAccount,
  type Failure,
} from "./sync-claims.ts";
import { NOT_CONNECTED } from "./syncs.ts";
import type { TemplateUse } from "./uses.ts";

/**
 * Reads the accounts' lists of templates from Meta, page by page, and folds them into what webhooks told: at once for
 * an account or a token that is new, soon after a webhook that left something open, when a person asks, and about every
 * hour. Any number of processes work on one database: a claim is renewed with each page, and only who has it folds
 * pages in, so that of a process that was killed another takes over, from the list's beginning.
 */
export interface TemplateSync {
  /** One account's list. Returns how many were due: 1 or 0. */
  step(): Promise<number>;
  /** Something may be due. */
  wake(): void;
  start(): void;
  /** Leaves what is under way, and gives it back. */
  stop(): Promise<void>;
}

const WORKERS = 2;
/** What webhooks left open, new accounts and new tokens are found within this. */
const IDLE_MS = 2_000;
const BACKOFF = { base_ms: 3_000, cap_ms: EACH_MS };

/** `lost`: another has the claim, or it was left because Wharf stops. */
type Ended = { ended: "read" } | { ended: "failed"; failure: Failure } | { ended: "lost" };

interface SyncDeps extends ClaimDeps {
  graphs: Pick<Graphs, "of">;
  log: Logger;
  /** What is told of in notices. */
  uses?: readonly TemplateUse[];
  /** Templates of a workspace changed by what the list says: what follows from it, in the same transaction. */
  follow?: (tx: Tx, workspace_id: string) => Promise<LiveChange[]>;
}
type Reading = SyncDeps & {
  /** Resolves when Wharf stops. */
  stopped: Promise<"stopped">;
};

export function createTemplateSync(deps: SyncDeps): TemplateSync {
  let workers: StepLoop | null = null;
  let leave = () => {};
  const stopped = new Promise<"stopped">((resolve) => (leave = () => resolve("stopped")));
  const step = () => readNext({ ...deps, stopped });
  return {
    step,
    wake: () => workers?.wake(),
    start() {
      const onError = (err: unknown) => deps.log.error({ err }, "templates could not be read; trying again");
      workers ??= startLoops(WORKERS, step, { idle_ms: IDLE_MS, onError });
    },
    async stop() {
      leave();
      await workers?.stop();
    },
  };
}

async function readNext(reading: Reading): Promise<number> {
  const account = await claimAccount(reading, newId());
  if (!account) return 0;
  const result = await readList(reading, account);
  if (result.ended === "failed") {
    const { error, wait_ms } = result.failure;
    const is_call = error.symbol !== "NOT_REACHED" && error !== NOT_CONNECTED;
    await failClaim(reading, account, result.failure, is_call ? 1 : 0);
    reading.log.warn(
      { waba_id: account.waba_id, symbol: error.symbol, code: error.code, wait_ms },
      "templates can't be read",
    );
  }
  if (result.ended === "lost") await giveBack(reading, account);
  metrics.template_lists.inc({ outcome: result.ended });
  return 1;
}

async function readList(reading: Reading, account: DueAccount): Promise<Ended> {
  const { graphs, clock, stopped, uses = [], follow } = reading;
  const graph = await graphs.of(account.connection_id);
  if (!graph) return { ended: "failed", failure: { error: NOT_CONNECTED, wait_ms: null, held: false } };
  const ids = new Set<string>();
  const changed = new Set<string>();
  const note = (changes: LiveChange[]) => {
    for (const { data } of changes) if ("template_id" in data) changed.add(String(data["template_id"]));
    return changes;
  };
  const followed = async (tx: Tx, changes: LiveChange[]) =>
    changes.length === 0 || !follow ? changes : [...changes, ...(await follow(tx, account.workspace_id))];
  const { read_at } = account;
  const began = secondOf(Math.max(clock.now(), read_at?.getTime() ?? 0));
  const pages = graph.templates(account.waba_id)[Symbol.asyncIterator]();
  for (let at = began; ;) {
    // The request begins with this: what happens from here on may be missing in its answer.
    at = secondOf(Math.max(clock.now(), at.getTime()));
    const next = await Promise.race([pages.next(), stopped]);
    if (next === "stopped") return { ended: "lost" };
    if (next.done) break;
    const page = next.value;
    if (page.outcome !== "done") return { ended: "failed", failure: failureOf(page, account.attempts + 1) };
    const take = async (tx: Tx) =>
      followed(tx, note(await takePage(tx, account, page.value, { at, read_at, uses })));
    if (!(await underClaim(reading, account, 1, take))) return { ended: "lost" };
    for (const { id } of page.value) ids.add(id);
  }
  const end = async (tx: Tx) => {
    const changes = note(await takeEnd(tx, account, { ids, read_at: began }));
    await endClaim(tx, account, changed.size);
    return followed(tx, changes);
  };
  return { ended: (await underClaim(reading, account, 0, end)) ? "read" : "lost" };
}

/** Webhooks have whole seconds: what happened within one must not look older than a request that began within it. */
const secondOf = (ms: number) => new Date(Math.floor(ms / 1_000) * 1_000);

function failureOf(failed: Failed, attempt: number): Failure {
  if (failed.outcome !== "refused") {
    const [symbol, says] =
      failed.outcome === "not_sent"
        ? (["NOT_REACHED", "Meta could not be reached."] as const)
        : (["ANSWER_LOST", "Meta's answer did not come through."] as const);
    const error = { symbol, code: null, says, advice: "Nothing: Wharf tries again.", details: failed.reason };
    return { error, wait_ms: backoff_ms(attempt, BACKOFF), held: false };
  }
  const { symbol, code, says, advice, details, message, behaviour } = failed.error;
  const error = { symbol, code, says, advice, details: details ?? message };
  return { error, wait_ms: retryDelay_ms(failed.error, attempt), held: behaviour === "throttle_app" };
}

import {
  backoff_ms,
  metrics,
  newId,
  startLoop,
  type Clock,
  type Logger,
  type StepLoop,
} from "../base/base.ts";
import type { Graphs } from "../connections/connections.ts";
import { sql, type Database, type Tx } from "../db/db.ts";
import { publish, type LiveChange } from "../live/live.ts";
import { retryDelay_ms, type Failed } from "../meta/meta.ts";
import { takeEnd, takePage, type Account } from "./listing.ts";
import type { TemplateUse } from "./uses.ts";
import { ASKED_AHEAD_MS, CALL_MS, isAccount, NOT_CONNECTED, type ListError } from "./syncs.ts";

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
/** A page takes 40 s at most (graph.ts: to connect, and to answer). */
const LEASE_MS = 60_000;
const MINUTE_MS = 60_000;
const EACH_MS = 60 * MINUTE_MS;
/** By how much calls may be ahead of their minutes when no one asked, or gave another token. */
const AHEAD_MS = 2 * CALL_MS;
const BACKOFF = { base_ms: 3_000, cap_ms: EACH_MS };

interface Claimed extends Account {
  connection_id: string;
  read_at: Date | null;
  attempts: number;
}

interface Failure {
  error: ListError;
  /** Before it is tried again by itself; null: as if it had been read. */
  wait_ms: number | null;
  /** No one may ask sooner. */
  held: boolean;
}
/** `lost`: another has the claim, or it was left because Wharf stops. */
type Ended = { ended: "read" } | { ended: "failed"; failure: Failure } | { ended: "lost" };

export function createTemplateSync(deps: {
  db: Database;
  graphs: Pick<Graphs, "of">;
  clock: Clock;
  log: Logger;
  /** What is told of in notices. */
  uses?: readonly TemplateUse[];
}): TemplateSync {
  const { db, graphs, clock, log, uses = [] } = deps;
  let workers: StepLoop[] = [];
  let leave = () => {};
  const stopped = new Promise<"stopped">((resolve) => (leave = () => resolve("stopped")));

  const nowPlus = (ms: number) => new Date(clock.now() + ms);
  /** So that processes and accounts don't ask all at once. */
  const jittered = (ms: number) => Math.round(ms * (0.9 + Math.random() / 5));

  const claim = (lease: string): Promise<Claimed | undefined> =>
    db.transaction(async (tx) => {
      await tx.run(sql`
        insert into template_syncs (workspace_id, waba_id, next_at)
        select a.workspace_id, a.waba_id, ${nowPlus(0)} from accounts a
        where ${isAccount(sql`a`)} and not exists (
          select from template_syncs s where s.workspace_id = a.workspace_id and s.waba_id = a.waba_id)
        order by 1, 2
        on conflict do nothing`);
      const now = sql`${nowPlus(0)}::timestamptz`;
      return tx.first<Claimed>(sql`
        with due as (
          select s.workspace_id, s.waba_id, c.id as connection_id, c.updated_at
          from template_syncs s
          join accounts a on a.workspace_id = s.workspace_id and a.waba_id = s.waba_id
          join connections c on c.id = a.connection_id
          where c.access_token is not null
            and coalesce(s.lease_until <= ${now}, true) and coalesce(s.held_until <= ${now}, true)
            and (s.next_at <= ${now} or s.asked_at is not null or s.lease is not null
              or s.connection_at is distinct from c.updated_at)
            and coalesce(s.paid_at <= case
              when s.asked_at is null and s.connection_at = c.updated_at then ${nowPlus(AHEAD_MS)}::timestamptz
              else ${nowPlus(ASKED_AHEAD_MS)}::timestamptz end, true)
          order by s.asked_at nulls last, s.next_at limit 1 for update of s skip locked)
        update template_syncs s set lease = ${lease}, lease_until = ${nowPlus(LEASE_MS)}, tried_at = ${now},
          next_at = ${nowPlus(jittered(EACH_MS))}, connection_at = due.updated_at
        from due where s.workspace_id = due.workspace_id and s.waba_id = due.waba_id
        returning s.workspace_id, s.waba_id, s.read_at, s.attempts, due.connection_id`);
    });

  /** Writes under the claim, for so many calls to Meta; false: it is no longer ours, and nothing was written. */
  const under = (account: Claimed, lease: string, calls: 0 | 1, write: (tx: Tx) => Promise<LiveChange[]>) =>
    db.transaction(async (tx) => {
      const held = await tx.run(sql`
        update template_syncs set lease_until = ${nowPlus(LEASE_MS)},
          paid_at = greatest(paid_at, ${nowPlus(0)}) + ${calls * CALL_MS} * interval '1 ms'
        where ${heldBy(account, lease)}`);
      if (held > 0) await publish(tx, await write(tx));
      return held > 0;
    });

  async function read(account: Claimed, lease: string): Promise<Ended> {
    const graph = await graphs.of(account.connection_id);
    if (!graph) return { ended: "failed", failure: { error: NOT_CONNECTED, wait_ms: null, held: false } };
    const ids = new Set<string>();
    const changed = new Set<string>();
    const note = (changes: LiveChange[]) => {
      for (const { data } of changes) if ("template_id" in data) changed.add(String(data["template_id"]));
      return changes;
    };
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
      const take = async (tx: Tx) => note(await takePage(tx, account, page.value, { at, read_at, uses }));
      if (!(await under(account, lease, 1, take))) return { ended: "lost" };
      for (const { id } of page.value) ids.add(id);
    }
    const end = async (tx: Tx) => {
      const changes = note(await takeEnd(tx, account, { ids, read_at: began }));
      await tx.run(sql`
        update template_syncs set lease = null, lease_until = null, held_until = null, error = null, attempts = 0,
          changed = ${changed.size}, asked_at = ${stillAsked}
        where ${heldBy(account, lease)}`);
      return changes;
    };
    return { ended: (await under(account, lease, 0, end)) ? "read" : "lost" };
  }

  async function fail(account: Claimed, lease: string, { error, wait_ms, held }: Failure): Promise<void> {
    const next_at = nowPlus(wait_ms ?? jittered(EACH_MS));
    const calls = error.symbol === "NOT_REACHED" || error === NOT_CONNECTED ? 0 : 1;
    await under(account, lease, calls, async (tx) => {
      await tx.run(sql`
        update template_syncs set lease = null, lease_until = null, held_until = ${held ? next_at : null},
          next_at = ${next_at}, error = ${JSON.stringify(error)}, attempts = least(attempts + 1, 1000),
          asked_at = ${stillAsked}
        where ${heldBy(account, lease)}`);
      return [];
    });
    log.warn(
      { waba_id: account.waba_id, symbol: error.symbol, code: error.code, wait_ms },
      "templates can't be read",
    );
  }

  /** It begins anew, wherever. */
  const giveBack = (account: Claimed, lease: string) =>
    db.run(sql`
      update template_syncs set lease = null, lease_until = null, next_at = ${nowPlus(0)}
      where ${heldBy(account, lease)}`);

  async function step(): Promise<number> {
    const lease = newId();
    const account = await claim(lease);
    if (!account) return 0;
    const result = await read(account, lease);
    if (result.ended === "failed") await fail(account, lease, result.failure);
    if (result.ended === "lost") await giveBack(account, lease);
    metrics.template_lists.inc({ outcome: result.ended });
    return 1;
  }

  return {
    step,
    wake: () => workers.forEach((worker) => worker.wake()),
    start() {
      if (workers.length > 0) return;
      const onError = (err: unknown) => log.error({ err }, "templates could not be read; trying again");
      workers = Array.from({ length: WORKERS }, () => startLoop(step, { idle_ms: IDLE_MS, onError }));
    },
    async stop() {
      leave();
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

const heldBy = ({ workspace_id, waba_id }: Account, lease: string) =>
  sql`workspace_id = ${workspace_id} and waba_id = ${waba_id} and lease = ${lease}`;

/** Asked for again since this try began. */
const stillAsked = sql`case when asked_at > tried_at then asked_at end`;

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

import { newId, startLoop, type Clock, type Logger, type SecretBox, type StepLoop } from "../../base/base.ts";
import { sql, type Database, type Tx } from "../../db/db.ts";
import { createAttempter, type Attempt, type Attempter, type Guard } from "../http/http.ts";
import { retryDelay_ms } from "../policy/policy.ts";
import { createSigner, type SecretSource, type Signer } from "../signing/signing.ts";
import { readSecrets } from "./call-secrets.ts";

/** A call whose outcome is known: it was answered, or given up. */
export interface EndedCall {
  workspace_id: string;
  origin_id: string;
  contact_id: string;
}

export interface Caller {
  /** Makes what is due. Returns how many were tried. */
  step(): Promise<number>;
  wake(): void;
  start(): void;
  /** Until nothing is due. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

interface CallerDeps {
  db: Database;
  box: SecretBox;
  guard: Guard;
  clock: Clock;
  log: Logger;
  retention_days: number;
  /** Told of what has ended, in the transaction that says so. */
  ended: (tx: Tx, calls: readonly EndedCall[]) => Promise<void>;
}

const IDLE_MS = 1_000;
/** So many are under way at once in a process. */
const AT_ONCE = 20;
/** A claim outlasts the longest attempt by this. */
const MARGIN_MS = 10_000;
const PRUNE_MS = 3_600_000;
const DAY_MS = 86_400_000;

interface Claimed extends EndedCall {
  id: string;
  url: string;
  body: Buffer;
  timeout_ms: number;
  attempts: number;
  lease: string;
}

/**
 * Makes the calls: claims what is due for a lease, in a statement of its own, tries without a transaction, and records each
 * result under its lease. A crash leaves a call due again when the lease ends, with the same `webhook-id`. What fails is
 * tried again by the schedule `fast`, unless the answer says that it never will do.
 */
export function createCaller(deps: CallerDeps): Caller {
  const { db, clock, log, guard } = deps;
  const attempter = createAttempter({ guard, clock, log });
  const signer = createSigner(deps);
  let loops: StepLoop[] = [];
  const step = async () => {
    const claimed = await claim(deps);
    if (claimed.length === 0) return 0;
    const workspaces = [...new Set(claimed.map(({ workspace_id }) => workspace_id))];
    const secrets = await readSecrets(db, deps.box, workspaces);
    const parts = { ...deps, attempter, signer };
    await Promise.all(claimed.map((call) => make(parts, call, secrets.get(call.workspace_id))));
    return claimed.length;
  };
  return {
    step,
    wake: () => loops[0]?.wake(),
    start() {
      if (loops.length > 0) return;
      const onError = (err: unknown) => log.error({ err }, "calls could not be made; they are tried again");
      loops = [
        startLoop(step, { idle_ms: IDLE_MS, onError }),
        startLoop(() => prune(deps), { idle_ms: PRUNE_MS, onError }),
      ];
    },
    async drain() {
      while ((await step()) > 0);
    },
    async stop() {
      attempter.abort();
      await Promise.all(loops.map((loop) => loop.stop()));
      await attempter.stop();
    },
  };
}

/** By calls__due. */
async function claim({ db, clock }: CallerDeps): Promise<Claimed[]> {
  const now = new Date(clock.now());
  const lease = newId();
  const rows = await db.rows<Omit<Claimed, "lease">>(sql`
    with due as (
      select workspace_id, id from calls where state = 'pending' and next_attempt_at <= ${now}
      order by next_attempt_at limit ${AT_ONCE} for update skip locked)
    update calls c set lease = ${lease},
      next_attempt_at = ${now}::timestamptz + (c.timeout_ms + ${MARGIN_MS}) * interval '1 ms'
    from due where c.workspace_id = due.workspace_id and c.id = due.id
    returning c.workspace_id, c.id, c.origin_id, c.contact_id, c.url, c.body, c.timeout_ms, c.attempts`);
  return rows.map((row) => ({ ...row, lease }));
}

async function make(
  deps: CallerDeps & { attempter: Attempter; signer: Signer },
  call: Claimed,
  secret: SecretSource | undefined,
): Promise<void> {
  const { attempter, signer, log } = deps;
  const source = secret && { ...secret, headers: null };
  // Without its master key nothing is signed: our fault. It is due again when the lease ends.
  if (source === undefined || !signer.canSign(source)) return;
  const { body, timeout_ms, id } = call;
  const { headers } = signer.sign(source, { id, body });
  const attempt = await attempter.attempt({ url: new URL(call.url), headers, body, timeout_ms });
  if (attempt === null) return;
  await record(deps, call, attempt).catch((err: unknown) =>
    log.error({ err, call_id: id }, "the result of a call could not be written; it is tried again"),
  );
}

/** What the other side will say again: it understood, and refuses. */
const isFinal = ({ status, error_code }: Attempt): boolean =>
  error_code === "address_not_allowed" ||
  error_code === "redirect" ||
  (status !== null && status >= 400 && status < 500 && ![408, 425, 429].includes(status));

async function record({ db, clock, ended }: CallerDeps, call: Claimed, attempt: Attempt): Promise<void> {
  const { workspace_id, id, lease, attempts, origin_id, contact_id } = call;
  const now_ms = clock.now();
  const is_answered = attempt.error_code === null;
  const wait_ms =
    is_answered || isFinal(attempt) ? null : retryDelay_ms("fast", attempts + 1, attempt.retry_after_ms);
  const state = is_answered ? "answered" : wait_ms === null ? "failed" : "pending";
  const tried = {
    at: new Date(attempt.started_at_ms).toISOString(),
    duration_ms: attempt.duration_ms,
    status: attempt.status,
    error_code: attempt.error_code,
  };
  await db.transaction(async (tx) => {
    const written = await tx.run(sql`
      update calls set state = ${state}, attempts = attempts + 1, lease = null,
        next_attempt_at = ${wait_ms === null ? null : new Date(now_ms + wait_ms)}, status = ${attempt.status},
        error = ${attempt.error}, error_code = ${attempt.error_code}, answer = ${attempt.response_excerpt},
        answer_truncated = ${attempt.response_truncated}, tried = tried || ${JSON.stringify([tried])}::jsonb,
        completed_at = ${state === "pending" ? null : new Date(now_ms)}
      where workspace_id = ${workspace_id} and id = ${id} and lease = ${lease} and state = 'pending'`);
    if (written > 0 && state !== "pending") await ended(tx, [{ workspace_id, origin_id, contact_id }]);
  });
}

/** What ended is kept as long as the log of deliveries. By calls__completed_at. */
function prune({ db, clock, retention_days }: CallerDeps): Promise<number> {
  const before = new Date(clock.now() - retention_days * DAY_MS);
  return db.run(sql`
    delete from calls where (workspace_id, id) in (
      select workspace_id, id from calls where completed_at < ${before} limit 1000)`);
}

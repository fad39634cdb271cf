import { metrics, newId, Problem, type Clock, type Logger, type SecretBox } from "../../base/base.ts";
import { dueTime, sql, type Database, type Tx } from "../../db/db.ts";
import { createAttempter, type Guard } from "../http/http.ts";
import {
  type Claimed,
  createWriter,
  elapsed_ms,
  giveBack,
  PROBE_MARGIN_MS,
  readBody,
  targetColumns,
  type Target,
  tracedAs,
} from "../dispatch/dispatch.ts";
import { findEndpoint } from "../endpoints/endpoints.ts";
import { lockSendable, makeDueAgain } from "./resend.ts";
import { createSigner, type Signer } from "../signing/signing.ts";
import { getDelivery, type AttemptView, type DeliveryView } from "../log/log.ts";
import { isShown } from "../tables/tables.ts";

/**
 * Sends one delivery while a person waits: this one, at once, whatever else waits, and also to an endpoint that is
 * paused after failures: then it is the probe of the half-open breaker. It is claimed as a dispatcher claims, so there
 * are never two requests at once and a crash makes it due again; its result is recorded as any other, with all that it
 * means for the endpoint. A rate limit does not hold it up.
 */
export interface Sender {
  /**
   * The delivery with the attempt just made, the last of its log; when that failed, a whole schedule of retries
   * follows, or the rest of the one that it has. Throws NOT_FOUND, DELIVERY_STATE, ENDPOINT_OFF, BODY_GONE, MASTER_KEY_MISSING.
   */
  send(
    workspace_id: string,
    id: string,
    options?: { schedule: "anew" | "kept" },
  ): Promise<DeliveryView & { attempt_log: AttemptView[] }>;
  /** Ends what is under way; that is due again then. */
  stop(): Promise<void>;
}

/** The claim outlasts the endpoint's own timeout by this. */
const MARGIN_MS = 15_000;

interface SenderDeps {
  db: Database;
  box: SecretBox;
  guard: Guard;
  log: Logger;
  clock: Clock;
}

export function createSender(deps: SenderDeps): Sender {
  const { db, clock } = deps;
  const attempter = createAttempter(deps);
  const signer = createSigner(deps);
  const writer = createWriter({ ...deps, onWritten: () => {} });
  let stopped = false;

  return {
    async send(workspace_id, id, { schedule } = { schedule: "anew" }) {
      if (stopped) throw stopping();
      const anew = schedule === "anew";
      const { delivery, target } = await claim(deps, signer, { workspace_id, id, anew });
      const body = await readBody(db, delivery);
      if (body === null) {
        await giveBack(db, [delivery], clock);
        throw new Problem("BODY_GONE");
      }
      const { headers, logged, hidden } = signer.sign(target, { id, body });
      const { timeout_ms } = target;
      const attempt = await attempter.attempt({
        url: new URL(target.url),
        headers,
        hidden,
        body,
        timeout_ms,
        traced: () => tracedAs(delivery),
      });
      if (attempt === null) {
        await giveBack(db, [delivery], clock);
        throw stopping();
      }
      metrics.delivery_attempts.inc({ outcome: attempt.error_code ?? "delivered" });
      writer.add({
        delivery,
        target,
        attempt,
        request_headers: logged,
        ...(anew ? { manual: true } : {}),
      });
      await writer.drain();
      return getDelivery(db, workspace_id, id);
    },

    async stop() {
      stopped = true;
      attempter.abort();
      await writer.stop();
      await attempter.stop();
    },
  };
}

/** As a dispatcher claims, with its endpoint's row locked. Throws as `send` does. */
const claim = (
  { db, clock }: SenderDeps,
  signer: Signer,
  { workspace_id, id, anew }: { workspace_id: string; id: string; anew: boolean },
): Promise<{ delivery: Claimed; target: Target }> =>
  db.transaction(async (tx) => {
    const target = await lockTarget(tx, clock, workspace_id, id);
    await lockSendable(tx, workspace_id, id);
    if (!signer.canSign(target)) throw new Problem("MASTER_KEY_MISSING");
    const probe = target.state === "failing";
    if (probe)
      await tx.run(sql`
          update endpoints set probe_at = ${dueTime(clock)} + ${target.timeout_ms + PROBE_MARGIN_MS}::float8 * interval '1 ms'
           where workspace_id = ${workspace_id} and id = ${target.id}`);
    const lease = newId();
    const lease_ms = target.timeout_ms + MARGIN_MS;
    const lease_until_ms = elapsed_ms(clock) + lease_ms;
    if (anew) await makeDueAgain(tx, workspace_id, id);
    const row = await tx.first<
      Pick<Claimed, "attempts" | "schedule_start" | "created_at" | "webhook_id" | "journal_id">
    >(sql`
        update delivery_queue set lease = ${lease}, next_attempt_at = ${dueTime(clock)} + ${lease_ms}::float8 * interval '1 ms'
         where workspace_id = ${workspace_id} and endpoint_id = ${target.id} and id = ${id}
        returning attempts, schedule_start, created_at, journal_id as webhook_id, case when body is null then journal_id end as journal_id`);
    const claimed = { workspace_id, id, endpoint_id: target.id, lease, lease_until_ms, probe };
    return { delivery: { ...claimed, ...row!, pass: null, body: null }, target };
  });

/** The endpoint of a delivery, locked before it, as results lock them. */
async function lockTarget(tx: Tx, clock: Clock, workspace_id: string, delivery_id: string): Promise<Target> {
  const row = await tx.first<{ endpoint_id: string }>(
    sql`select endpoint_id from deliveries where ${isShown(workspace_id, delivery_id)}`,
  );
  if (!row) throw new Problem("NOT_FOUND");
  return findEndpoint<Target>(tx, workspace_id, row.endpoint_id, {
    columns: targetColumns(clock),
    lock: sql`for no key update`,
  });
}

const stopping = () =>
  new Problem("UNAVAILABLE", "Wharf is being stopped; the delivery is sent when it is back.");

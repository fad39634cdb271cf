/**
 * How a campaign goes: from its launch over the writing of its recipients and their messages to its end. All that is to be
 * done stands in campaign_work; a step is one transaction of a second at most, under the lock of the campaign's row, and
 * commits how far it has come. So any process may die at any point, and another goes on.
 */
import { type Clock, type Logger, startLoop, type StepLoop } from "../../base/base.ts";
import { sql, type Database, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { addCounts, type Effects } from "../counts/counts.ts";
import type { CampaignRow } from "../definition/definition.ts";
import { prepare } from "./prepare.ts";
import { cancelRest, retryFailed } from "./rest.ts";
import { run } from "./run.ts";
import { start } from "./start.ts";
import { claimCampaign } from "./claim-campaign.ts";
import type { Place, Step } from "./work.ts";

export { followApproval } from "./approval-switch.ts";
export { holdUnsendable } from "./hold-unsendable.ts";
export { pauseAll } from "./pause-all.ts";
export {
  approve,
  archive,
  cancel,
  launch,
  pause,
  resume,
  retry,
  unarchive,
  type Told,
  type Asking,
} from "./verbs.ts";
export { planLook } from "./work.ts";

/** How often campaigns that are due are looked for; a NOTIFY wakes the engine at once. */
const IDLE_MS = 250;
/** A step that failed is tried again after so long, and others go first. */
const RETRY_S = 5;

export interface Engine {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
  /** One step of one campaign; 0: nothing was due. */
  step(): Promise<number>;
  /** Until nothing is due. */
  drain(): Promise<void>;
}

type Steps = Record<Step, (tx: Tx, row: CampaignRow, place: Place, now: Date) => Promise<Effects>>;
const stepsOf = (public_url: string | null): Steps => ({
  start,
  prepare,
  feed: (tx, row, place, now) => run(tx, row, place, now, public_url),
  cancel: cancelRest,
  retry: retryFailed,
});

export function createEngine({
  db,
  clock,
  log,
  public_url = null,
}: {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Where people reach Wharf from outside, for the links that are counted; null: it isn't known. */
  public_url?: string | null;
}): Engine {
  const steps = stepsOf(public_url);
  let loop: StepLoop | null = null;

  async function step(): Promise<number> {
    const now = new Date(clock.now());
    let claimed: CampaignRow | null = null;
    try {
      return await db.transaction(async (tx) => {
        const claim = await claimCampaign(tx, now);
        if (claim === null) return 0;
        claimed = claim.row;
        const { counts, changes } = await steps[claim.step](tx, claim.row, claim.place, now);
        await addCounts(tx, counts);
        await publish(tx, changes);
        return 1;
      });
    } catch (error) {
      if (claimed === null) throw error;
      await putOff(claimed, now);
      log.error(
        { err: error, campaign_id: (claimed as CampaignRow).id },
        "a step of a campaign failed; it is tried again",
      );
      return 1;
    }
  }

  const putOff = ({ workspace_id, id }: CampaignRow, now: Date) =>
    db.run(sql`
      update campaign_work set next_step_at = ${now}::timestamptz + ${RETRY_S} * interval '1 second'
      where workspace_id = ${workspace_id} and campaign_id = ${id}`);

  return {
    step,
    start() {
      loop ??= startLoop(step, {
        idle_ms: IDLE_MS,
        onError: (err) => log.error({ err }, "campaigns could not be looked at; it is tried again"),
      });
    },
    wake: () => loop?.wake(),
    stop: async () => loop?.stop(),
    async drain() {
      while ((await step()) > 0);
    },
  };
}

import type { Reply } from "../contract/contract.ts";
import type { Clock } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { readRow } from "./definition/definition.ts";
import { readReach, review } from "./review/review.ts";

interface Deps {
  db: Database;
  clock: Clock;
  /** Where people reach Wharf from outside. */
  public_url?: string | null | undefined;
}

/** How many people a campaign would reach as things are now. Throws NOT_FOUND. */
export const reachOf = ({ db, clock }: Deps, workspace_id: string, id: string) =>
  db.transaction(async (tx): Promise<Reply<"GET /api/v1/campaigns/:id/reach">> => {
    const {
      by_country: _,
      capped: _capped,
      quiet: _quiet,
      ...reach
    } = await readReach(tx, await readRow(tx, workspace_id, id), new Date(clock.now()));
    return reach;
  });

/** What is checked before its launch. Throws NOT_FOUND. */
export const reviewOf = ({ db, clock, public_url = null }: Deps, workspace_id: string, id: string) =>
  db.transaction(async (tx): Promise<Reply<"GET /api/v1/campaigns/:id/review">> =>
    review(tx, await readRow(tx, workspace_id, id), new Date(clock.now()), public_url),
  );

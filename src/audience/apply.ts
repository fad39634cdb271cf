import type { Tx } from "../db/db.ts";
import type { Applied, BatchFacts } from "../live/change.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { writeActivity } from "./activity.ts";
import { followJoins, type FollowJoin } from "./joining.ts";

/** What a batch tells of contacts, from the facts that the inbox made of it: runs after it. `others` follow contacts too. */
export const createApplyAudience =
  (others: readonly FollowJoin[]) =>
  async (tx: Tx, _events: readonly RoutedEvent[], facts: Readonly<BatchFacts>): Promise<Applied> => {
    await writeActivity(tx, facts);
    const changes = facts.joined ? (await followJoins(tx, others)).changes : [];
    return { changes, ignored: [] };
  };

export const applyAudience = createApplyAudience([]);

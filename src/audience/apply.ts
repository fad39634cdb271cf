import type { Tx } from "../db/db.ts";
import type { Applied, BatchFacts } from "../live/change.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { writeActivity } from "./activity.ts";
import { followJoins, type JoinFollower } from "./joining.ts";

/** What a batch tells of contacts, from the facts that the inbox made of it: runs after it. */
export async function applyAudience(
  tx: Tx,
  _events: readonly RoutedEvent[],
  facts: Readonly<BatchFacts>,
  followers: readonly JoinFollower[] = [],
): Promise<Applied> {
  await writeActivity(tx, facts);
  if (facts.joined) await followJoins(tx, followers);
  return { changes: [], ignored: [] };
}

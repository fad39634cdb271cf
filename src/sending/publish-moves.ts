import type { Tx } from "../db/db.ts";
import { movedBySends, type SendMove } from "../inbox/inbox.ts";
import { publish, type Listen, type LiveChange } from "../live/live.ts";

/**
 * Tells pages, and modules that follow messages (`Listen`), what the sender or a person made of sends. Called at the end
 * of the transaction that makes it, as `publish` is.
 */
export async function publishMoves(
  tx: Tx,
  { changes, moves }: { changes: readonly LiveChange[]; moves: readonly SendMove[] },
  listen: Listen | undefined,
): Promise<void> {
  const moved = listen && moves.length > 0 ? await movedBySends(tx, moves) : [];
  const heard = listen && moved.length > 0 ? await listen(tx, moved) : [];
  await publish(tx, [...changes, ...heard]);
}

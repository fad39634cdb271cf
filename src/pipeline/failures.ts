import {
  isCollision as isDatabaseCollision,
  isInfrastructure as isOfTheDatabase,
  isMissingPartition,
  type Tx,
} from "../db/db.ts";

/** Two transactions were in each other's way, or retention dropped a month in between: worth another go at once. */
export const isCollision = (error: unknown): boolean => isDatabaseCollision(error) || isMonthGone(error);

/**
 * Whose fault is it? Infrastructure: the same work may well succeed in a moment, so no attempt is counted.
 * Everything else, mistakes of ours included, sticks to the item that provokes it.
 */
export const isInfrastructure = (error: unknown): boolean => isOfTheDatabase(error) || isMonthGone(error);

function isMonthGone(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (isMissingPartition(at, "events")) return true;
  return false;
}

/** For the journal's page: what went wrong, short and storable. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll("\0", "\ufffd").slice(0, 500);
}

/**
 * Runs `work` on all items under a savepoint. When it fails by their fault, on each half, down to the one item that
 * is to blame, which goes to `failed`: k bad ones among n cost about k·log n tries.
 */
export async function divide<Item, Result>(
  tx: Tx,
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<Result>,
  failed: (item: Item, error: unknown) => Promise<Result>,
): Promise<Result[]> {
  if (items.length === 0) return [];
  try {
    return [await tx.savepoint(() => work(items))];
  } catch (error) {
    if (isInfrastructure(error)) throw error;
    if (items.length === 1) return [await failed(items[0]!, error)];
    const middle = items.length >> 1;
    const left = await divide(tx, items.slice(0, middle), work, failed);
    return [...left, ...(await divide(tx, items.slice(middle), work, failed))];
  }
}

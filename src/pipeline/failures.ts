import { isMissingPartition, type Tx } from "../db/db.ts";

/**
 * Whose fault is it? Infrastructure: the same work may well succeed in a moment, so no attempt is counted.
 * Everything else, mistakes of ours included, sticks to the item that provokes it.
 */
export function isInfrastructure(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (isMissingPartition(at, "events")) return true;
    if (typeof code === "string" && (STATES.test(code) || SOCKET.has(code))) return true;
    if (LOST.test(at.message) && !(typeof code === "string" && /^[0-9A-Z]{5}$/.test(code))) return true;
  }
  return false;
}

/** Two transactions were in each other's way, or retention dropped a month in between: worth another go at once. */
export function isCollision(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "40001" || code === "40P01" || isMissingPartition(error, "events");
}

/**
 * SQLSTATE: 08 connection, 40 rollback (serialization, deadlock), 53 out of disk, memory or connections, 57 operator
 * (shutdown, cancel), 58 the system around PostgreSQL; read-only (a standby after a failover); lock not available; a transaction that stood still too long.
 */
const STATES = /^(?:08|40|53|57|58)...$|^(?:25006|25P03|55P03)$/;
const SOCKET = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
]);
/** pg's own words, which carry no code. */
const LOST =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after)/;

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

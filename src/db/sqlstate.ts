/**
 * What errors of PostgreSQL, of pg and of the line to them mean, in one place. Codes of five characters are SQLSTATEs,
 * those that begin with E are Node's.
 */

/** `SQLSTATE` of what was thrown, or Node's code; null: it has none. */
export function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : null;
}

/** A statement ran into `statement_timeout`, or was cancelled. */
export const QUERY_CANCELED = "57014";
/** Another row has the key. */
export const UNIQUE_VIOLATION = "23505";
/** A number or a time that no column holds, or nesting that PostgreSQL can't follow. */
export const OUT_OF_RANGE: ReadonlySet<string | null> = new Set(["22003", "22007", "22008", "54001"]);
/** Text that PostgreSQL can't hold. */
export const UNSTORABLE_TEXT: ReadonlySet<string | null> = new Set(["22021", "22P05"]);

/**
 * 08 connection, 40 rollback (serialization, deadlock), 53 out of disk, memory or connections, 57 operator (shutdown,
 * cancel), 58 the system around PostgreSQL; read-only (a standby after a failover); a transaction that was idle for too
 * long; lock not available.
 */
const INFRASTRUCTURE = /^(?:08|40|53|57|58)...$|^(?:25006|25P03|55P03)$/;
const SOCKET: ReadonlySet<string> = new Set([
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

/**
 * The database or the line to it: the same work may well succeed in a moment. False for what the work itself provokes,
 * internal errors included.
 */
export function isInfrastructure(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = codeOf(at);
    if (code !== null && (INFRASTRUCTURE.test(code) || SOCKET.has(code))) return true;
    if (LOST.test(at.message) && !(code !== null && /^[0-9A-Z]{5}$/.test(code))) return true;
    if (at instanceof AggregateError && at.errors.length > 0 && at.errors.every(isInfrastructure))
      return true;
  }
  return false;
}

/** Two transactions were in each other's way: worth another attempt at once. */
export const isCollision = (error: unknown): boolean => ["40001", "40P01"].includes(codeOf(error) ?? "");

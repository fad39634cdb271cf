import { OWN_POOLS, type Config, type Duty, type Role } from "../config.ts";
import { createDatabase, sql, type Database } from "../db/db.ts";
import type { Finding } from "./finding.ts";
import { planProcesses } from "./process-plan.ts";

/** LISTEN. */
const LISTENER = 1;
/** Of a start and of each command. */
const COMMAND = 2;

/** The most connections that a process can have: `docs/configuration.md` tells them one by one. */
export function connectionsOfProcess(duties: readonly Duty[], config: Config): number {
  const own = Object.entries(OWN_POOLS).filter(([role]) => duties.includes(role as Role));
  const serves = duties.some((duty) => duty === "intake" || duty === "api");
  const api = serves ? config.api_pool_size : 0;
  return config.pool_size + LISTENER + api + own.reduce((sum, [, size]) => sum + size, 0);
}

export function connectionsOfMachine(config: Config): number {
  return processesOf(config).reduce((sum, duties) => sum + connectionsOfProcess(duties, config), COMMAND);
}

function processesOf(config: Config): Duty[][] {
  const planned = planProcesses(config.processes, config.roles);
  return config.mode === "sandbox" ? [...planned, ["simulator"]] : planned;
}

/** Whether the database has as many connections for us as we may ask of it. */
export async function checkConnections(db: Database, config: Config): Promise<Finding[]> {
  const subject = "connections";
  const most = connectionsOfMachine(config);
  const row = await db.first<{ limit: number; reserved: number }>(sql`
    select current_setting('max_connections')::int as "limit",
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int as reserved`);
  const { limit = 0, reserved = 0 } = row ?? {};
  const said = `${processesOf(config).length} processes here take ${most} at most; the database has ${limit}`;
  const finding: Finding =
    most <= limit - reserved
      ? { state: "ok", subject, text: said }
      : {
          state: "problem",
          subject,
          text: `${said}, ${reserved} of them reserved; raise max_connections, or lower WHARF_POOL_SIZE, WHARF_API_POOL_SIZE or WHARF_PROCESSES.`,
        };
  return [finding, ...(await checkPooler(config))];
}

/** What PgBouncer must set on its connections, as we can't: see `docs/configuration.md`. */
async function checkPooler({ database_url, direct_url }: Config): Promise<Finding[]> {
  if (direct_url === null || database_url === null) return [];
  const subject = "pooler";
  const pooled = createDatabase({ url: database_url, max: 1, behind_pooler: true });
  try {
    const row = await pooled.first<{ zone: string; idle_ms: number }>(sql`
      select current_setting('timezone') as zone,
        extract(epoch from current_setting('idle_in_transaction_session_timeout')::interval)::float8 * 1000 as idle_ms`);
    const missing = [
      row?.zone !== "UTC" && "timezone to UTC",
      !row?.idle_ms && "idle_in_transaction_session_timeout to 10s",
    ].filter(Boolean);
    return missing.length === 0
      ? [{ state: "ok", subject, text: "answers at DATABASE_URL, and sets what Wharf needs" }]
      : [
          {
            state: "problem",
            subject,
            text: `the pooler of DATABASE_URL must set ${missing.join(" and ")}; use connect_query in pgbouncer.ini, as docs/configuration.md shows.`,
          },
        ];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ state: "problem", subject, text: `nothing answers at DATABASE_URL (${reason}); correct it.` }];
  } finally {
    await pooled.stop();
  }
}

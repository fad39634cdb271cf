import { version } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import { sql, type Database } from "../../db/db.ts";

type System = Reply<"GET /api/v1/system">;

/** What this process was started with, as it may be shown to an owner. */
export interface Installation {
  mode: "sandbox" | "live";
  graph_version: string;
  retention_days: number;
  processes: number;
  roles: string[];
  /** The folder or bucket that files lie in. */
  media: { kind: "folder" | "bucket"; place: string };
  own_database: boolean;
  settings: NonNullable<System["installation"]>["settings"];
}

const started_at = new Date(performance.timeOrigin).toISOString();

/** Agents learn the version, owners also how it is installed. */
export async function readSystem(
  db: Database,
  installation: Installation,
  is_owner: boolean,
): Promise<System> {
  const { mode, ...rest } = installation;
  if (!is_owner) return { version, mode, installation: null };
  const found = await db.first<{ postgresql: string }>(
    sql`select current_setting('server_version') as postgresql`,
  );
  return {
    version,
    mode,
    installation: { started_at, node: process.versions.node, postgresql: found?.postgresql ?? "", ...rest },
  };
}

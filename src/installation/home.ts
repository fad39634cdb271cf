import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { found, sql, type Database, type Queryable } from "../db/db.ts";
import { readHold, type Hold } from "./hold.ts";

/**
 * Where an installation is at home, by what a restart, a new container or a failover leaves as it is and a copy does not:
 *
 * - `cluster`: PostgreSQL's own number for its cluster, and `database` its number in there. A dump that was restored
 *   elsewhere has others; a replica that took over has the same.
 * - Of Wharf's own PostgreSQL also `folder`: a file that PostgreSQL wrote once and never again, by its number and birth on
 *   the disk. A folder that was copied has another. And `machine`, which a disk's copy in another machine shows.
 *
 * Several hosts may share a database, so a host says nothing of itself where the database is not its own.
 */
export interface Home {
  cluster: string | null;
  database: number;
  folder: string | null;
  machine: string | null;
}

export interface Place {
  data_dir: string;
  /** Where Wharf's own PostgreSQL has its data; null: the database is another's. */
  cluster_dir: string | null;
}

/** What a host keeps of an installation. */
interface Kept {
  id: string;
  beats: number;
}

const KEPT = "installation.json";

/**
 * At each start, before anything could be sent: puts the installation on hold when it is not where it was, or when its
 * database knows less than this host has seen. Returns the hold that stands.
 */
export async function checkHome(db: Database, place: Place): Promise<Hold | null> {
  const home = await findHome(db, place);
  const kept = readKept(place.data_dir);
  await db.transaction(async (tx) => {
    const known = found(
      await tx.first<{ id: string; home: Home | null; beats: number; held: boolean }>(sql`
        select id, home, beats, held_at is not null as held from installation for update`),
    );
    const reason = known.held ? null : reasonToHold(known, home, kept);
    await tx.run(sql`
      update installation set home = ${JSON.stringify(home)}::jsonb,
        held_reason = coalesce(${reason}::text, held_reason),
        held_at = case when ${reason}::text is null then held_at else clock_timestamp() end`);
  });
  await beat(db, place.data_dir);
  return readHold(db);
}

/** What is not known on both sides is not compared. */
function reasonToHold(
  known: Kept & { home: Home | null },
  home: Home,
  kept: Kept | null,
): "copied" | "older" | null {
  if (kept?.id === known.id && kept.beats > known.beats) return "older";
  if (known.home === null) return null;
  const { cluster, database, folder, machine } = known.home;
  const differs = (one: string | null, other: string | null) =>
    one !== null && other !== null && one !== other;
  return differs(cluster, home.cluster) ||
    database !== home.database ||
    differs(folder, home.folder) ||
    differs(machine, home.machine)
    ? "copied"
    : null;
}

/** Counts on, and keeps the count beside. While it is on hold too: it is the same installation. */
export async function beat(db: Queryable, data_dir: string): Promise<void> {
  const kept = found(
    await db.first<Kept>(sql`update installation set beats = beats + 1 returning id, beats`),
  );
  const draft = join(data_dir, `${KEPT}.${process.pid}`);
  await writeFile(draft, `${JSON.stringify(kept)}\n`);
  await rename(draft, join(data_dir, KEPT));
}

function readKept(data_dir: string): Kept | null {
  try {
    return JSON.parse(readFileSync(join(data_dir, KEPT), "utf8")) as Kept;
  } catch {
    return null;
  }
}

async function findHome(db: Database, { cluster_dir }: Place): Promise<Home> {
  const own = found(
    await db.first<{ database: number }>(sql`
      select oid::int8 as database from pg_database where datname = current_database()`),
  );
  // Some providers don't let it be asked for.
  const cluster = await db
    .first<{ number: string }>(sql`select system_identifier::text as number from pg_control_system()`)
    .catch(() => undefined);
  return {
    cluster: cluster?.number ?? null,
    database: own.database,
    folder: cluster_dir === null ? null : await folderOf(cluster_dir),
    machine: cluster_dir === null ? null : machineOf(),
  };
}

async function folderOf(cluster_dir: string): Promise<string | null> {
  const file = await stat(join(cluster_dir, "PG_VERSION"), { bigint: true }).catch(() => null);
  return file && `${file.ino}-${file.birthtimeNs}`;
}

/** A container's may be its image's, which an update changes. */
function machineOf(): string | null {
  if (existsSync("/.dockerenv") || existsSync("/run/.containerenv") || process.env["KUBERNETES_SERVICE_HOST"])
    return null;
  try {
    const id = readFileSync("/etc/machine-id", "utf8").trim();
    return id === "" ? null : createHash("sha256").update(`wharf ${id}`).digest("hex").slice(0, 16);
  } catch {
    return null;
  }
}

import { statfs } from "node:fs/promises";
import {
  checkMeta,
  silentNumbers,
  watchedConnections,
  type Connections,
} from "../connections/connections.ts";
import { troubledEndpoints } from "../delivery/delivery.ts";
import { readBackups } from "../installation/installation.ts";
import { deadByWorkspace } from "../journal/journal.ts";
import { publish } from "../live/live.ts";
import { listWorkspaces, recordSituations, type Situation } from "../notices/notices.ts";
import type { Config } from "../config.ts";
import type { Clock } from "../base/base.ts";
import type { Database } from "../db/db.ts";

const KINDS = ["silence", "endpoint", "journal", "backup", "disk", "connection"] as const;
/** How often Meta is asked about connections. */
const CHECK_MS = 6 * 3_600_000;
const LEAST_FREE_BYTES = 1024 ** 3;
const GRAVE = new Set(["token", "secret", "permissions", "expiry", "app_mode"]);

export interface WatchDeps {
  db: Database;
  clock: Clock;
  config: Pick<Config, "data_dir" | "meta" | "mode">;
  connections: Pick<Connections, "reach" | "recordCheck">;
  /** In place of this machine's disk: for tests. */
  freeBytes?: () => Promise<number>;
}

/** What Wharf sees by itself becomes notices, and ends them: silence, endpoints, dead letters, backups, disk, tokens. */
export async function watch(deps: WatchDeps): Promise<void> {
  const { db, clock } = deps;
  const now_ms = clock.now();
  await checkOld(deps, now_ms);
  const workspaces = await listWorkspaces(db);
  const situations = [
    ...(await silence(deps, now_ms)),
    ...(await endpoints(deps)),
    ...(await deadLetters(deps, now_ms)),
    ...(await tokens(deps)),
    ...(await installationWide(deps, now_ms)).flatMap((one) =>
      workspaces.map((workspace_id) => ({ ...one, workspace_id })),
    ),
  ];
  await db.transaction(async (tx) => publish(tx, await recordSituations(tx, KINDS, situations, now_ms)));
}

async function silence({ db }: WatchDeps, now_ms: number): Promise<Situation[]> {
  return (await silentNumbers(db, now_ms)).map((number) => ({
    workspace_id: number.workspace_id,
    key: `silence:${number.id}`,
    kind: "silence",
    severity: "critical",
    title: "No webhooks arrive for a number",
    detail: `The last one came at ${number.last_webhook_at.toISOString()}. Check the connection with Meta under Settings, Connections.`,
    display_phone_number: number.display_phone_number,
    since_ms: number.last_webhook_at.getTime() + number.silence_after_s * 1_000,
  }));
}

async function endpoints({ db }: WatchDeps): Promise<Situation[]> {
  return (await troubledEndpoints(db)).map(({ workspace_id, id, url, state, reason, since }) => ({
    workspace_id,
    key: `endpoint:${id}`,
    kind: "endpoint",
    severity: state === "disabled" ? "critical" : "warning",
    title:
      state === "disabled"
        ? `Webhooks to ${hostOf(url)} are switched off after failures`
        : `Webhooks to ${hostOf(url)} are failing`,
    detail: reason,
    since_ms: since.getTime(),
  }));
}

/** An address may hold a secret in its path. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "an endpoint");

async function deadLetters({ db }: WatchDeps, now_ms: number): Promise<Situation[]> {
  return (await deadByWorkspace(db)).map(({ workspace_id, webhooks }) => ({
    workspace_id,
    key: "journal:dead",
    kind: "journal",
    severity: "critical",
    title:
      webhooks === 1
        ? "A webhook could not be processed"
        : `${webhooks.toLocaleString("en-GB")} webhooks could not be processed`,
    detail: "Open the Journal, look at why, and retry them.",
    since_ms: now_ms,
  }));
}

async function tokens({ db, config }: WatchDeps): Promise<Situation[]> {
  const known = await watchedConnections(db, config.mode);
  return known.flatMap(({ id, workspace_id, name, checked_at, findings }) => {
    const grave = findings?.find(({ check, state }) => state === "problem" && GRAVE.has(check));
    if (!grave || checked_at === null) return [];
    const { text, fix } = grave;
    return {
      workspace_id,
      key: `connection:${id}`,
      kind: "connection" as const,
      severity: grave.check === "expiry" ? ("warning" as const) : ("critical" as const),
      title: `The connection ${name} does not work: ${text}`,
      detail: fix === null ? null : `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`,
      since_ms: checked_at.getTime(),
    };
  });
}

/** What all workspaces of this Wharf share. */
async function installationWide(deps: WatchDeps, now_ms: number): Promise<Omit<Situation, "workspace_id">[]> {
  const { failed_at, error } = await readBackups(deps.db);
  const free = await (deps.freeBytes ?? (() => freeBytes(deps.config.data_dir)))();
  return [
    ...(failed_at === null
      ? []
      : [
          {
            key: "backup",
            kind: "backup" as const,
            severity: "critical" as const,
            title: "The last backup failed",
            detail: error,
            since_ms: failed_at.getTime(),
          },
        ]),
    ...(free >= LEAST_FREE_BYTES
      ? []
      : [
          {
            key: "disk",
            kind: "disk" as const,
            severity: "critical" as const,
            title: "The disk is almost full",
            detail: "Less than 1 GB is free. Free some: a full disk stops Wharf, and webhooks are refused.",
            since_ms: now_ms,
          },
        ]),
  ];
}

async function freeBytes(data_dir: string): Promise<number> {
  const disk = await statfs(data_dir).catch(() => null);
  return disk === null ? Number.POSITIVE_INFINITY : disk.bavail * disk.bsize;
}

/** A token may end, or lose a permission, while no one looks. */
async function checkOld({ db, config, connections }: WatchDeps, now_ms: number): Promise<void> {
  for (const { id, app_id, checked_at, waba_ids } of await watchedConnections(db, config.mode)) {
    if (checked_at !== null && checked_at.getTime() > now_ms - CHECK_MS) continue;
    const secrets = await connections.reach(id);
    if (!secrets?.access_token || !secrets.app_secret) continue;
    const { access_token, app_secret, graph_url } = secrets;
    const given = { access_token, app_secret, graph_url, graph_version: config.meta.graph_version };
    const { findings, app } = await checkMeta({ ...given, app_id, waba_ids }, now_ms);
    await connections.recordCheck(id, findings, app?.id ?? null);
  }
}

import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { createLog } from "../../base/base.ts";
import { ConfigError, masterKeyPath, withMasterKeys, type Config } from "../../config.ts";
import { readMigrations, sql, type Database } from "../../db/db.ts";
import { checkFiles, checkPlaces } from "./check-bucket.ts";
import { checkConnections } from "../check-connections.ts";
import { checkInstallation } from "./check-installation.ts";
import { checkGraph, checkStored } from "./check-graph.ts";
import { checkDatabase, withDatabase } from "../database.ts";
import type { Finding } from "../finding.ts";
import { missingMasterKeys } from "../master-keys.ts";
import { findWharf, type Found, type Running } from "../running.ts";

/** How long a running Wharf has to say that it is ready. */
const ANSWER_MS = 5_000;

/** `wharf doctor`: one line a finding, problems with how to fix them; ends with 1 when there is one. */
export async function doctor(): Promise<void> {
  const findings = await examine();
  for (const { state, subject, text } of findings) {
    console.log(
      `${{ ok: "ok      ", note: "note    ", problem: "PROBLEM " }[state]} ${subject.padEnd(14)} ${text}`,
    );
  }
  const problems = findings.filter(({ state }) => state === "problem").length;
  console.log(problems === 0 ? "\nNothing is wrong." : `\n${problems} to fix.`);
  process.exitCode = problems === 0 ? 0 : 1;
}

async function examine(): Promise<Finding[]> {
  const node: Finding = { state: "ok", subject: "Node", text: process.versions.node };
  let found: Found;
  try {
    found = findWharf();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      node,
      ...error.problems.map((text): Finding => ({ state: "problem", subject: "configuration", text })),
    ];
  }
  const { config } = found;
  return [
    node,
    ...(await checkRunning(found)),
    checkDataDir(config),
    checkDisk(config),
    ...(found.running === null ? [await checkPort(config)] : []),
    checkMasterKey(config),
    ...(await checkData(config)),
    ...(await checkFiles(config)),
    ...(await checkMeta(config)),
    config.allowed_targets.length === 0
      ? {
          state: "ok",
          subject: "targets",
          text: "endpoints reach public addresses only (WHARF_ALLOWED_TARGETS is not set)",
        }
      : {
          state: "note",
          subject: "targets",
          text: `endpoints also reach ${config.allowed_targets.join(", ")} (WHARF_ALLOWED_TARGETS)`,
        },
  ];
}

function checkDataDir({ data_dir }: Config): Finding {
  const subject = "data directory";
  try {
    accessSync(existing(data_dir), constants.W_OK | constants.X_OK);
    return {
      state: "ok",
      subject,
      text: existsSync(data_dir) ? data_dir : `${data_dir}, made at the first start`,
    };
  } catch {
    return {
      state: "problem",
      subject,
      text: `${data_dir} can't be written to by this user; change its owner, or name another folder in WHARF_DATA_DIR.`,
    };
  }
}

function checkDisk({ data_dir }: Config): Finding {
  const { bavail, bsize } = statfsSync(existing(data_dir));
  const free_gb = (bavail * bsize) / 1024 ** 3;
  const text = `${free_gb.toFixed(1)} GB free for ${data_dir}`;
  return free_gb < 1
    ? { state: "problem", subject: "disk", text: `only ${text}; free some, a full disk stops Wharf.` }
    : { state: "ok", subject: "disk", text };
}

/** The Wharf that runs here, if any, and whose settings the other findings are about. */
async function checkRunning({ running, config, of_running }: Found): Promise<Finding[]> {
  const said = `${config.mode} mode, roles ${config.roles.join(", ")}`;
  if (running === null) {
    return [
      { state: "ok", subject: "configuration", text: said },
      { state: "note", subject: "Wharf", text: "does not run now; this shell's settings are checked" },
    ];
  }
  return [
    of_running
      ? { state: "ok", subject: "configuration", text: `of the running Wharf: ${said}` }
      : {
          state: "note",
          subject: "configuration",
          text: "this system does not tell the running Wharf's settings; this shell's are checked, and may differ",
        },
    await checkAnswer(running),
  ];
}

async function checkAnswer({ address, pid }: Running): Promise<Finding> {
  const subject = "Wharf";
  if (address === null)
    return { state: "note", subject, text: `process ${pid} is starting, or serves no pages` };
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return response.ok
      ? { state: "ok", subject, text: `runs at ${address}, process ${pid}, and answers` }
      : {
          state: "problem",
          subject,
          text: `runs at ${address}, process ${pid}, but is not ready (/readyz says ${response.status}); its log says why.`,
        };
  } catch (error) {
    const text = `process ${pid} does not answer at ${address} (${messageOf(error)}); look at its log, and start it again.`;
    return { state: "problem", subject, text };
  }
}

async function checkPort({ host, port }: Config): Promise<Finding> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    return { state: "ok", subject: "port", text: `${host}:${port} is free` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      state: "problem",
      subject: "port",
      text: `${host}:${port} can't be listened on (${code}); set HOST or PORT to others.`,
    };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function checkMasterKey(config: Config): Finding {
  const subject = "master key";
  if (config.master_keys.length > 0)
    return { state: "ok", subject, text: `${config.master_keys.length} in WHARF_MASTER_KEY` };
  const path = masterKeyPath(config);
  if (!existsSync(path) && !existsSync(`${config.data_dir}/postgres`)) {
    return { state: "note", subject, text: `made in ${path} at the first start` };
  }
  try {
    withMasterKeys(config);
    return { state: "ok", subject, text: `${path}; keep a copy with your backups` };
  } catch (error) {
    return { state: "problem", subject, text: messageOf(error) };
  }
}

async function checkData(config: Config): Promise<Finding[]> {
  const subject = "database";
  if (config.database_url === null && !existsSync(`${config.data_dir}/postgres`)) {
    return [{ state: "note", subject, text: "Wharf's own, made at the first start" }];
  }
  try {
    const given_url = config.direct_url ?? config.database_url;
    if (given_url) await checkDatabase(given_url, 0);
    return await withDatabase(config, createLog({ level: "silent", pretty: false }), async (db) => {
      const version = await checkDatabase(db.url);
      const whose = config.database_url ? "of DATABASE_URL" : "Wharf's own";
      return [
        { state: "ok", subject, text: `PostgreSQL ${version}, ${whose}` },
        await checkSchema(db),
        ...(await checkInstallation(db)),
        ...(await checkKeysInUse(db, config)),
        await checkClock(db),
        ...(await checkConnections(db, config)),
        ...(await checkPlaces(db, config)),
        ...(await checkStored(db, config)),
      ];
    });
  } catch (error) {
    return [{ state: "problem", subject, text: messageOf(error) }];
  }
}

async function checkSchema(db: Database): Promise<Finding> {
  const subject = "schema";
  const known = await readMigrations();
  const exists = await db.first<{ exists: boolean }>(
    sql`select to_regclass('public.migrations') is not null as exists`,
  );
  const last = exists?.exists
    ? await db.first<{ number: number }>(sql`select max(number) as number from migrations`)
    : undefined;
  const at = last?.number ?? 0;
  if (at === known.length) return { state: "ok", subject, text: `at migration ${at}` };
  return at < known.length
    ? {
        state: "note",
        subject,
        text: `at migration ${at} of ${known.length}; the next start brings it forward`,
      }
    : {
        state: "problem",
        subject,
        text: `at migration ${at}, newer than this Wharf knows; install the newer Wharf again.`,
      };
}

async function checkKeysInUse(db: Database, config: Config): Promise<Finding[]> {
  const exists = await db.first<{ exists: boolean }>(
    sql`select to_regclass('public.endpoint_history') is not null as exists`,
  );
  const missing = exists?.exists ? await missingMasterKeys(db, withMasterKeys(config)) : null;
  return missing === null ? [] : [{ state: "problem", subject: "master key", text: missing }];
}

/** Windows and backoffs compare this machine's clock with the database's. */
async function checkClock(db: Database): Promise<Finding> {
  const before_ms = Date.now();
  const row = await db.first<{ now_ms: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
  );
  const middle_ms = (before_ms + Date.now()) / 2;
  const apart_s = Math.abs((row?.now_ms ?? 0) - middle_ms) / 1000;
  if (apart_s > 5) {
    return {
      state: "problem",
      subject: "clock",
      text: `this machine and the database are ${apart_s.toFixed(0)} s apart; set both by NTP.`,
    };
  }
  const isSynchronized = timeSynchronized();
  return isSynchronized === false
    ? { state: "note", subject: "clock", text: "agrees with the database; the system does not set it by NTP" }
    : { state: "ok", subject: "clock", text: "agrees with the database" };
}

function timeSynchronized(): boolean | null {
  try {
    const answer = execFileSync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2_000,
    });
    return answer.trim() === "yes";
  } catch {
    return null;
  }
}

async function checkMeta({ mode, meta, public_url }: Config): Promise<Finding[]> {
  const subject = "Meta";
  if (mode === "sandbox") {
    return [
      { state: "note", subject, text: "no META_APP_SECRET: sandbox mode, a simulator stands in for Meta" },
    ];
  }
  const missing: Finding[] = [];
  if (!meta.verify_token)
    missing.push({
      state: "note",
      subject,
      text: "no META_VERIFY_TOKEN: set it before you register the callback URL with Meta",
    });
  if (!meta.access_token)
    missing.push({
      state: "note",
      subject,
      text: "no META_ACCESS_TOKEN: set it to send messages",
    });
  const { access_token, app_secret } = meta;
  const asked =
    access_token === null || app_secret === null
      ? []
      : await checkGraph({
          ...meta,
          access_token,
          app_secret,
          callback_url: public_url === null ? null : `${public_url}/webhooks/meta`,
        });
  return [...missing, ...asked];
}

/** The nearest folder above that exists. */
function existing(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existing(dirname(path));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

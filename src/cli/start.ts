import { createServer } from "node:net";
import { createLog, type Logger } from "../base/base.ts";
import { readConfig, withMasterKeys, type Config } from "../config.ts";
import { createDatabase, migrate, startEmbedded } from "../db/db.ts";
import { checkHome, WHY_HELD, type Hold } from "../installation/installation.ts";
import { connectionsOfMachine } from "./check-connections.ts";
import { checkDatabase } from "./database.ts";
import { checkMasterKeys } from "./master-keys.ts";
import { explainListening } from "./listen-error.ts";
import { lockDataDir } from "./running.ts";
import { startSupervisor, type Supervisor } from "./supervisor/supervisor.ts";

/** `wharf start`: lock, database, migrations, processes, in this order; stopped in reverse. Ends with the process. */
export async function start(options: { withoutLostKeys?: boolean } = {}): Promise<void> {
  const config = readConfig();
  const log = createLog({ level: config.log_level, pretty: process.stdout.isTTY });
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };

  const stopped = stopSignal();
  try {
    const without_lost_keys = options.withoutLostKeys === true;
    const started = await boot({ config, log, undo, signal: stopped, without_lost_keys });
    if (!stopped.aborted) console.log(welcome(config, started));
    await new Promise<void>((resolve) => {
      if (stopped.aborted) resolve();
      else stopped.addEventListener("abort", () => resolve());
    });
    const own_log = log.child({ part: "wharf" });
    own_log.info("stopping");
    await stop();
    own_log.info("stopped");
  } catch (error) {
    await stop();
    if (!stopped.aborted) throw error;
  }
  // Whatever still holds the event loop (a log's thread, a socket) must not keep a stopped Wharf alive.
  process.exit(0);
}

/** For commands, backups, and people with psql. */
const SPARE_CONNECTIONS = 20;

interface Prepared {
  data: string;
  hold: Hold | null;
}

interface Boot {
  config: Config;
  log: Logger;
  undo: (() => Promise<void> | void)[];
  signal: AbortSignal;
  without_lost_keys: boolean;
}

async function boot(boot: Boot): Promise<Supervisor & Prepared> {
  // Of children of one logger none says its `part` twice.
  const log = boot.log.child({ part: "wharf" });
  const lock = lockDataDir(boot.config.data_dir);
  boot.undo.push(() => lock.release());
  await checkPort(boot.config);

  let data = boot.config.data_dir;
  let database_url = "";
  let hold: Hold | null = null;
  const supervisor = await startSupervisor({
    config: boot.config,
    log,
    signal: boot.signal,
    async prepare() {
      const prepared = await prepareDatabase(boot, log);
      const { config, cluster } = prepared;
      database_url = config.direct_url ?? config.database_url ?? "";
      if (cluster !== null && !cluster.startsWith(config.data_dir)) data += ` and ${cluster}`;
      hold = prepared.hold;
      lock.tell({ address: null, database_url });
      return config;
    },
  });
  boot.undo.push(() => supervisor.stop());
  lock.tell({ address: supervisor.address, database_url });
  return { ...supervisor, data, hold };
}

/** The database runs, its schema is this Wharf's, and the keys that were used for it are there. */
async function prepareDatabase(
  { config: given, log: root_log, undo, without_lost_keys }: Boot,
  log: Logger,
): Promise<{ config: Config; cluster: string | null; hold: Hold | null }> {
  let config = given;
  let cluster: string | null = null;
  if (config.database_url === null) {
    config = withMasterKeys(config);
    const embedded = await startEmbedded({
      data_dir: config.data_dir,
      log: root_log.child({ part: "postgres" }),
      // Each that it could have takes memory, used or not.
      settings: { max_connections: String(Math.max(60, connectionsOfMachine(config) + SPARE_CONNECTIONS)) },
    });
    undo.push(() => embedded.stop());
    if (embedded.adopted) log.info("took over the PostgreSQL that a killed Wharf had left running");
    config = { ...config, database_url: embedded.url };
    cluster = embedded.cluster;
  }
  const url = config.direct_url ?? config.database_url ?? "";
  if (given.database_url !== null) await checkDatabase(url);
  // A migration of large tables takes its time.
  const db = createDatabase({ url, max: 1, query_timeout_ms: null });
  try {
    const applied = await migrate(db);
    if (applied.length > 0) log.info({ applied }, "the database's schema was brought forward");
    if (!without_lost_keys) await checkMasterKeys(db, config);
    const hold = await checkHome(db, { data_dir: config.data_dir, cluster_dir: cluster });
    if (hold !== null) log.warn({ reason: hold.reason }, "on hold: nothing is sent until it is confirmed");
    return { config, cluster, hold };
  } finally {
    await db.stop();
  }
}

/** Aborts at the first Ctrl-C or SIGTERM, or when the `npm start` that started this is gone. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.on("SIGINT", abort);
  process.on("SIGTERM", abort);
  if (process.channel) process.on("disconnect", abort);
  return controller.signal;
}

/** Found out before anything is started, and said in a sentence. */
async function checkPort(config: Config): Promise<void> {
  if (!config.roles.includes("intake") && !config.roles.includes("api")) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(config.port, config.host, resolve);
    });
  } catch (error) {
    throw explainListening(error, config);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function welcome(config: Config, started: Supervisor & Prepared): string {
  const { address } = started;
  const lines = [
    ["Page", address],
    ["Sign in", started.sign_in_url && `${started.sign_in_url}  (this link works once)`],
    ["Webhooks", address && `${address}/webhooks/meta`],
    ["Data", started.data],
    [
      "Mode",
      config.mode === "sandbox"
        ? "sandbox: a simulator stands in for Meta until META_APP_SECRET is set"
        : null,
    ],
    ["On hold", started.hold && `${WHY_HELD[started.hold.reason]}: nothing is sent until you confirm`],
    ["", started.hold && "in the page, or by `wharf restore --confirm --pending send|drop`"],
  ];
  const shown = lines
    .filter(([, value]) => value)
    .map(([name = "", value]) => `    ${name?.padEnd(10)}${value}`);
  return `\n  Wharf is up.\n\n${shown.join("\n")}\n\n  Ctrl-C stops it.\n`;
}

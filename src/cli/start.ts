import { createServer } from "node:net";
import { createLog, OperatorError, type Logger, tableOf } from "../base/base.ts";
import { readConfig, withMasterKeys, type Config } from "../config.ts";
import { createDatabase, migrate, startEmbedded } from "../db/db.ts";
import { checkDatabase } from "./database.ts";
import { checkMasterKeys } from "./master-keys.ts";
import { lockDataDir } from "./running.ts";
import { startSupervisor, type Supervisor } from "./supervisor.ts";

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
    const started = await boot(config, log, undo, stopped, options.withoutLostKeys === true);
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

async function boot(
  given: Config,
  root_log: Logger,
  undo: (() => Promise<void> | void)[],
  signal: AbortSignal,
  withoutLostKeys: boolean,
): Promise<Supervisor & { data: string }> {
  // Of children of one logger none says its `part` twice.
  const log = root_log.child({ part: "wharf" });
  const lock = lockDataDir(given.data_dir);
  undo.push(() => lock.release());
  await checkPort(given);

  let config = given;
  let data = config.data_dir;
  if (config.database_url === null) {
    config = withMasterKeys(config);
    const embedded = await startEmbedded({
      data_dir: config.data_dir,
      log: root_log.child({ part: "postgres" }),
    });
    undo.push(() => embedded.stop());
    if (embedded.adopted) log.info("took over the PostgreSQL that a killed Wharf had left running");
    config = { ...config, database_url: embedded.url };
    if (!embedded.cluster.startsWith(config.data_dir)) data += ` and ${embedded.cluster}`;
  }
  const database_url = config.database_url ?? "";
  lock.tell({ address: null, database_url });
  await checkDatabase(database_url);
  const db = createDatabase({ url: database_url, max: 1 });
  try {
    const applied = await migrate(db);
    if (applied.length > 0) log.info({ applied }, "the database's schema was brought forward");
    if (!withoutLostKeys) await checkMasterKeys(db, config);
  } finally {
    await db.stop();
  }

  const supervisor = await startSupervisor({ config, log, signal });
  undo.push(() => supervisor.stop());
  lock.tell({ address: supervisor.address, database_url });
  return { ...supervisor, data };
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
    const sentences = tableOf<string>({
      EADDRINUSE: `Port ${config.port} of ${config.host} is in use by another program; stop that, or set PORT to a free one.`,
      EACCES: `This user may not listen on port ${config.port}; set PORT to one above 1023.`,
      EADDRNOTAVAIL: `${config.host} is no address of this machine; correct HOST.`,
      ENOTFOUND: `${config.host} is no address of this machine; correct HOST.`,
    });
    const sentence = sentences[(error as NodeJS.ErrnoException).code ?? ""];
    throw sentence ? new OperatorError(sentence, { cause: error }) : error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function welcome(config: Config, started: Supervisor & { data: string }): string {
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
  ];
  const shown = lines
    .filter(([, value]) => value)
    .map(([name = "", value]) => `    ${name?.padEnd(10)}${value}`);
  return `\n  Wharf is up.\n\n${shown.join("\n")}\n\n  Ctrl-C stops it.\n`;
}

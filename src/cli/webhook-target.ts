import { InvalidArgumentError, Option } from "commander";
import { createLog, createSecretBox, OperatorError, systemClock } from "../base/base.ts";
import { type Config, readConfig, withMasterKeys } from "../config.ts";
import { type Connections, createConnections } from "../connections/connections.ts";
import { createPoster } from "../simulator/simulator.ts";
import { withDatabase } from "./database.ts";
import { findRunning } from "./running.ts";

/** Where webhooks are posted to, and the app secret that signs them. */
export interface Target {
  url: string;
  secret: string;
  connection?: string;
}

/** What was said on the command line of a command that posts webhooks to a running Wharf. */
export interface TargetOptions {
  url?: string;
  secret?: string;
  connection?: string;
}

export const urlOption = new Option(
  "--url <url>",
  "where Wharf runs (found by its data directory when left out)",
);
export const secretOption = new Option(
  "--secret <secret>",
  "the app secret to sign with (the connection's own when left out and Wharf's database can be reached)",
).env("META_APP_SECRET");
export const connectionOption = new Option(
  "--connection <id>",
  "the connection to post to (the one that the environment configures when left out)",
);

/** Fills in what was left out: the Wharf that runs on this data directory, and its connection's app secret. */
export async function findTarget(options: TargetOptions): Promise<Target> {
  const config = readConfig();
  const url = options.url ?? findRunning(config.data_dir)?.address ?? `http://127.0.0.1:${config.port}`;
  const given = { url, ...(options.connection === undefined ? {} : { connection: options.connection }) };
  if (options.secret !== undefined) return { ...given, secret: options.secret };
  const missing = "so its app secret is not known; start it, or give --secret";
  return withConnections(config, missing, async (connections) => {
    const secret = (await connections.find(options.connection ?? null))?.app_secrets[0];
    if (secret === undefined) throw new OperatorError("This connection has no app secret; give --secret.");
    return { ...given, secret };
  });
}

/** The connections of the Wharf that runs on this data directory. `missing`: what none running means, and what to do. */
export async function withConnections<T>(
  config: Config,
  missing: string,
  work: (connections: Connections) => Promise<T>,
): Promise<T> {
  if (config.database_url === null && findRunning(config.data_dir) === null)
    throw new OperatorError(`No Wharf runs on this data directory, ${missing}.`);
  const box = createSecretBox(withMasterKeys(config).master_keys);
  const log = createLog({ level: "warn", pretty: false });
  return withDatabase(config, log, (db) => work(createConnections({ db, box, clock: systemClock })));
}

/** Where the webhooks go. A URL that names the path already is taken as it is. */
export function targetUrl({ url, connection }: Pick<Target, "url" | "connection">): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new Error(`${url} is no URL; write for example http://127.0.0.1:3000.`);
  }
  const target = new URL(url);
  if (target.pathname === "/") target.pathname = "/webhooks/meta";
  if (connection !== undefined) target.pathname = `${target.pathname.replace(/\/$/, "")}/${connection}`;
  return target.href;
}

/** Throws what to do when nothing answers there. */
export async function mustAnswer(target_url: string): Promise<void> {
  const poster = createPoster({ connections: 1, timeout_ms: 5_000 });
  try {
    await poster.get(new URL("/healthz", target_url).href);
  } catch (error) {
    const { origin } = new URL(target_url);
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(
      `Nothing answers at ${origin}${code === undefined ? "" : ` (${code})`}. Start Wharf with "npm start", or say with --url where it runs.`,
      { cause: error },
    );
  } finally {
    await poster.stop();
  }
}

/** A whole number of at least 1, for commander. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError("Write a whole number above 0.");
  return number;
}

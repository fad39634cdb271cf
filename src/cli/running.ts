import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainFile, isAlive, OperatorError, processEnvironment, processStart } from "../base/base.ts";
import { addressOf, dataDirOf, readConfig, type Config } from "../config.ts";

/** What a running Wharf leaves in its data directory, for a second start and for the other commands. */
export interface Running {
  pid: number;
  /** See processStart. */
  started: string;
  /** Null while it starts. */
  address: string | null;
  /** Holds the embedded database's password: the file is for its user only. */
  database_url: string | null;
}

export interface Lock {
  /** What the others may know by now. */
  tell(known: { address: string | null; database_url: string | null }): void;
  release(): void;
}

/**
 * One Wharf a data directory. A lock whose process is gone (killed, or the machine restarted) is taken over.
 * Throws an OperatorError that names the one that runs.
 */
export function lockDataDir(data_dir: string): Lock {
  const path = join(data_dir, "running.json");
  const own: Running = {
    pid: process.pid,
    started: processStart(process.pid) ?? "",
    address: null,
    database_url: null,
  };
  const draft = `${path}.${process.pid}`;
  const write = () => writeFileSync(draft, `${JSON.stringify(own, null, 2)}\n`, { mode: 0o600 });
  try {
    mkdirSync(data_dir, { recursive: true });
    write();
    for (;;) {
      try {
        linkSync(draft, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = findRunning(data_dir);
      if (holder) throw new OperatorError(describe(holder, data_dir));
      rmSync(path, { force: true });
    }
  } catch (error) {
    throw explainFile(error, data_dir);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    tell(known) {
      Object.assign(own, known);
      write();
      renameSync(draft, path);
    },
    release: () => rmSync(path, { force: true }),
  };
}

/** The Wharf that runs on this data directory; null when none does. */
export function findRunning(data_dir: string): Running | null {
  const running = readRunning(data_dir);
  if (running === null || !isAlive(running.pid)) return null;
  return processStart(running.pid) === running.started ? running : null;
}

export interface Found {
  running: Running | null;
  config: Config;
  /** `config` is what the running Wharf was started with; otherwise it is this shell's. */
  of_running: boolean;
  /** Where it listens, or would. */
  address: string;
}

/**
 * The Wharf of this data directory, with the configuration that it really has: other commands are often typed into a
 * shell that knows none of it. Throws a ConfigError when there is no running one to ask and the shell's is wrong.
 */
export function findWharf(env: NodeJS.ProcessEnv = process.env): Found {
  const data_dir = dataDirOf(env);
  const running = findRunning(data_dir);
  const theirs = running && processEnvironment(running.pid);
  const config = { ...readConfig(theirs ?? env), data_dir };
  const address = running?.address ?? addressOf(config.host, config.port);
  return { running, config, of_running: theirs !== null, address };
}

function readRunning(data_dir: string): Running | null {
  try {
    return JSON.parse(readFileSync(join(data_dir, "running.json"), "utf8")) as Running;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return null;
    throw explainFile(error, data_dir);
  }
}

function describe(holder: Running, data_dir: string): string {
  const where = holder.address ? `at ${holder.address} ` : "";
  return `Wharf already runs ${where}(process ${holder.pid}) with the data in ${data_dir}. Nothing was changed; stop that one first, or give this one a WHARF_DATA_DIR and PORT of its own.`;
}

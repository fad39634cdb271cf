// What `npm start` and `npm test` share. Runs before anything is installed: plain JavaScript without packages.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `Wharf needs Node 20.19 or newer; this is ${process.versions.node}. Install one from https://nodejs.org.`,
  );
}

export function stop(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** Installs when node_modules is missing or older than the lock file. */
export async function install() {
  const lock = join(projectDir, "package-lock.json");
  const mark = join(projectDir, "node_modules", ".package-lock.json");
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(mark) && sameInstall(lock, mark)) {
    // A checkout touches the lock file without changing it.
    const now = new Date();
    try {
      utimesSync(mark, now, now);
    } catch {
      // Installed by another user: compared again next time.
    }
    return;
  }
  await step("Installing packages (once, about a minute)", npm(["ci", "--no-audit", "--no-fund"]));
}

/** npm's own record of what it installed names the same versions as the lock file. */
function sameInstall(lock, mark) {
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const installed = JSON.parse(readFileSync(mark, "utf8")).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === "" || installed[name]?.version === version || (optional && !installed[name]),
  );
}

/** npm by the very file that runs us, where it does: no shell, and the same on every system. */
function npm(args) {
  const script = process.env.npm_execpath;
  const env = withoutSecrets(process.env);
  // npm fails when it can't write to its cache, as with an unwritable HOME.
  if (!env.npm_config_cache && !isWritable(env.HOME))
    env.npm_config_cache = join(tmpdir(), `npm-cache-${process.getuid?.() ?? 0}`);
  return script?.endsWith(".js")
    ? { file: process.execPath, args: [script, ...args], env }
    : {
        file: process.platform === "win32" ? "npm.cmd" : "npm",
        args,
        env,
        shell: process.platform === "win32",
      };
}

function isWritable(dir) {
  if (!dir) return false;
  const probe = spawnSync(
    process.execPath,
    ["-e", "fs.accessSync(process.argv[1], fs.constants.W_OK)", dir],
    { stdio: "ignore" },
  );
  return probe.status === 0;
}

/** A program of a package, by its file: node_modules/.bin has shell scripts, which differ between systems. */
export function tool(name, args, program = name) {
  const require = createRequire(join(projectDir, "package.json"));
  const manifest = join(projectDir, "node_modules", name, "package.json");
  const { bin } = require(manifest);
  const file = typeof bin === "string" ? bin : bin[program];
  return { file: process.execPath, args: [join(dirname(manifest), file), ...args] };
}

/** What is read at run time from beside the file that reads it: as it lies in src/, and as it lies when that is bundled. */
const SAMPLES = {
  from: "src/simulator/scenario/samples",
  to: ["dist/server/samples", "dist/src/simulator/scenario/samples"],
};

const parts = {
  server: {
    inputs: ["src", "vite.server.config.ts"],
    output: "dist/server/main.js",
    label: "Building the server",
    command: () => tool("vite", ["build", "--config", "vite.server.config.ts", "--logLevel", "warn"]),
    files: SAMPLES,
  },
  benches: {
    inputs: ["src", "bench", "test", "tsconfig.base.json", "tsconfig.server.json", "tsconfig.tests.json"],
    output: "dist/bench/run.js",
    label: "Building the benches",
    command: () => tool("typescript", ["-b", "tsconfig.tests.json"], "tsc"),
    files: SAMPLES,
  },
  pages: {
    inputs: ["web", "docs", "src/contract", "vite.config.ts", "tsconfig.base.json", "tsconfig.web.json"],
    output: "dist/web/index.html",
    label: "Building the pages",
    command: () => {
      const config = ["vite.config.ts", "web/vite.config.ts"].find((path) =>
        existsSync(join(projectDir, path)),
      );
      return tool("vite", ["build", ...(config ? ["--config", config] : []), "--logLevel", "warn"]);
    },
  },
};

/** What runs, without its tests and benches. */
export const PRODUCT = ["server", "pages"];

/** Builds those `names` that differ from their sources, found by a hash of their contents kept in dist/. */
export async function build(names = PRODUCT) {
  for (const name of names) {
    const part = parts[name];
    if (name === "pages" && !existsSync(join(projectDir, "web"))) continue;
    const record = join(projectDir, "dist", `${name}.inputs`);
    const hash = hashOf([...part.inputs, "package-lock.json"]);
    const built = existsSync(record) ? readFileSync(record, "utf8") : "";
    if (built === hash && existsSync(join(projectDir, part.output))) continue;
    await step(part.label, part.command());
    for (const path of part.files?.to ?? [])
      cpSync(join(projectDir, part.files.from), join(projectDir, path), { recursive: true });
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(record, hash);
  }
}

function hashOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    const full = join(projectDir, path);
    const stats = statSync(full, { throwIfNoEntry: false });
    if (!stats) return;
    if (stats.isDirectory()) {
      for (const name of readdirSync(full).sort())
        if (name !== "node_modules" && name !== "fixtures") add(join(path, name));
    } else hash.update(`${path}\0`).update(readFileSync(full)).update("\0");
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}

/** Wharf's own settings are no business of npm's, nor of the compilers': tokens and passwords are among them. */
function withoutSecrets(env) {
  const isOurs = /^(?:WHARF_|META_|AWS_|(?:TEST_)?DATABASE_URL$|PG[A-Z]+$)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs.test(name)));
}

/**
 * Runs one command with a line that counts the seconds on a terminal, or plain lines elsewhere. Its output is shown
 * when it fails. Throws then.
 */
export async function step(label, { file, args, env = withoutSecrets(process.env), shell = false }) {
  const started_ms = Date.now();
  const seconds = () => `${((Date.now() - started_ms) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY;
  const show = (text) => process.stdout.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
  show(`${label} …`);
  const timer = setInterval(() => show(`${label} … ${seconds()}`), live ? 200 : 10_000);
  const child = spawn(file, args, { cwd: projectDir, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      output += error.message;
      resolve(1);
    });
    child.on("close", (status) => resolve(status ?? 1));
  });
  clearInterval(timer);
  show(`${label}: ${code === 0 ? "done" : "failed"} in ${seconds()}`);
  if (live) process.stdout.write("\n");
  if (code !== 0) throw new StepError(label, output);
  return output;
}

export class StepError extends Error {
  constructor(label, output) {
    super(`${output.trimEnd()}\n\n${label} failed; what it said is above.`);
  }
}

// `npm run dev`: Wharf and its pages from their sources, anew at every change. Options go to `wharf start`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build, checkNode, install, projectDir, stop, tool } from "./project.js";

checkNode();
try {
  await install();
  await build();
} catch (error) {
  stop(error.message);
}

const options = process.argv.slice(2);
const port = process.env.PORT ?? "3000";
const env = { ...process.env, NODE_OPTIONS: `--enable-source-maps ${process.env.NODE_OPTIONS ?? ""}` };
const children = new Set();
let wharf = null;
let starting = Promise.resolve();

const compiler = run(
  tool("typescript", ["-p", "tsconfig.server.json", "--watch", "--preserveWatchOutput"], "tsc"),
  "pipe",
);
createInterface({ input: compiler.stdout }).on("line", (line) => {
  console.log(line);
  if (line.includes("Found 0 errors")) starting = starting.then(restart);
});
run(tool("vite", ["web", "--clearScreen", "false"]), "inherit", {
  WHARF_DEV_TARGET: `http://127.0.0.1:${port}`,
});

for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    void Promise.all([...children].map(ended)).then(() => process.exit(0));
  });

async function restart() {
  if (wharf !== null) {
    wharf.kill("SIGTERM");
    await ended(wharf);
  }
  wharf = run({ file: process.execPath, args: [join(projectDir, "dist/src/main.js"), "start", ...options] });
}

function run({ file, args }, stdout = "inherit", more = {}) {
  const child = spawn(file, args, {
    cwd: projectDir,
    env: { ...env, ...more },
    stdio: ["inherit", stdout, "inherit"],
  });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.on("exit", resolve));
}

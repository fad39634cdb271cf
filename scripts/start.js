#!/usr/bin/env node
// `npm start`: installs and builds what is missing or stale, then runs `wharf start`. It is run by `exec`, so that npm's
// signals reach it; where the shell knows no `exec` (Windows), without.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { build, checkNode, install, projectDir, stop } from "./project.js";

checkNode();
try {
  await install();
  await build();
} catch (error) {
  stop(error.message);
}

// The channel lets Wharf notice when this process is killed; then it stops too.
const child = spawn(
  process.execPath,
  [join(projectDir, "dist/server/main.js"), "start", ...process.argv.slice(2)],
  {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
// Under `npm start` Wharf ends with it, also where a shell between the two, or a killed npm, passes no signal on.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === "start" && parent > 1)
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 1_000).unref();
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

#!/usr/bin/env node
// `npm start`: installs and builds what is missing or stale, then is `wharf start`: a process less than one that waits for
// it. It is run by `exec`, so that npm's signals reach it; where the shell knows no `exec` (Windows), without.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install, projectDir, stop } from "./project.js";

checkNode();
try {
  await install();
  await build();
} catch (error) {
  stop(error.message);
}

// Under `npm start` Wharf ends with it, also where a shell between the two, or a killed npm, passes no signal on.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === "start" && parent > 1)
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGTERM"), 1_000).unref();
// Its processes are started from the same file.
const main = join(projectDir, "dist/server/main.js");
process.argv.splice(1, 1, main, "start");
await import(pathToFileURL(main).href);

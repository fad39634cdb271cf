#!/usr/bin/env node
// The `wharf` command of a built Wharf.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkNode, projectDir, stop } from "./project.js";

checkNode();
const main = join(projectDir, "dist/server/main.js");
if (!existsSync(main)) stop("Wharf is not built yet; run `npm run build` first.");
// Its processes are started from the same file.
process.argv[1] = main;
await import(pathToFileURL(main).href);

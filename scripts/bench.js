// `npm run bench -- <name> [options]`: compiled, because that is how Wharf runs; built first when it is stale.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install, PRODUCT, projectDir, stop } from "./project.js";

checkNode();
try {
  await install();
  await build([...PRODUCT, "benches"]);
} catch (error) {
  stop(error.message);
}
await import(pathToFileURL(join(projectDir, "dist/bench/run.js")).href);

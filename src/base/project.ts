import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json: the same whether we run from `src/` or from `dist/src/`. */
export const projectDir: string = (() => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, "package.json"))) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error("package.json was not found above this file");
    dir = parent;
  }
  return dir;
})();

/** Wharf's version. */
export const version: string = (
  JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as { version: string }
).version;

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["src", "test", "web", "scripts"];
const NEEDS_POSTGRESQL = ["test/support/database.ts", "test/support/product.ts", "node:child_process"];

export type TestProject = "unit" | "db" | "crash" | "browser";

/**
 * The test files of each project, told by their names and by what they import: `unit` starts neither PostgreSQL nor a
 * process, `crash` kills some, `browser` drives Chromium, `db` is the rest.
 */
export function testFiles(root: string): Record<TestProject, string[]> {
  const reached = new Map<string, Set<string>>();
  const files: Record<TestProject, string[]> = { unit: [], db: [], crash: [], browser: [] };
  for (const folder of FOLDERS)
    for (const name of readdirSync(join(root, folder), { encoding: "utf8", recursive: true }).sort())
      if (name.endsWith(".test.ts")) files[projectOf(join(folder, name))].push(join(folder, name));
  return files;

  function projectOf(file: string): TestProject {
    if (file.startsWith("test/browser/")) return "browser";
    if (file.endsWith("crash.test.ts")) return "crash";
    const imports = importsOf(file);
    return NEEDS_POSTGRESQL.some((each) => imports.has(each)) ? "db" : "unit";
  }

  /** Its own, and those of the tests' support behind them. */
  function importsOf(file: string): Set<string> {
    const known = reached.get(file);
    if (known) return known;
    const imports = new Set<string>();
    reached.set(file, imports);
    for (const [, from = ""] of readFileSync(join(root, file), "utf8").matchAll(/from "([^"]+)"/g)) {
      const path = from.startsWith(".") ? join(file, "..", from) : from;
      imports.add(path);
      if (path.startsWith("test/")) for (const each of importsOf(path)) imports.add(each);
    }
    return imports;
  }
}

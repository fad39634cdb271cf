import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDir } from "../../src/base/base.ts";

const run = promisify(execFile);
export const pywaDir = join(projectDir, "test/clients/pywa");

/** A Python with pywa in it, made when it is first asked for; or why there is none. */
export async function findPywa(): Promise<{ python: string } | { why: string }> {
  const requirements = join(pywaDir, "requirements.txt");
  const version = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const venv = join(projectDir, `node_modules/.cache/pywa-${version}`);
  const python = join(venv, "bin/python");
  const ready = join(venv, "ready");
  if (existsSync(ready)) return { python };
  try {
    await run("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]);
  } catch {
    return { why: "there is no python3 of 3.10 or newer" };
  }
  try {
    await rm(venv, { recursive: true, force: true });
    await mkdir(join(venv, ".."), { recursive: true });
    await run("python3", ["-m", "venv", venv]);
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
    await writeFile(ready, "");
    return { python };
  } catch (error) {
    return { why: `pip can't install pywa: ${(error as Error).message.split("\n")[0]}` };
  }
}

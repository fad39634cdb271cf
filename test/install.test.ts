import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { projectDir } from "../src/base/base.ts";

const { step } = (await import(join(projectDir, "scripts/project.js"))) as {
  step: (label: string, command: { file: string; args: string[] }) => Promise<string>;
};

afterEach(() => void vi.unstubAllEnvs());

test("what installs and builds gets none of Wharf's secrets (L6)", async () => {
  const ours = [
    "META_APP_SECRET",
    "META_ACCESS_TOKEN",
    "WHARF_MASTER_KEY",
    "WHARF_API_KEY",
    "DATABASE_URL",
    "AWS_SECRET_ACCESS_KEY",
    "PGPASSWORD",
  ];
  for (const name of [...ours, "https_proxy"]) vi.stubEnv(name, "secret");
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const output = await step("Looking", {
    file: process.execPath,
    args: ["-p", "JSON.stringify(process.env)"],
  });
  const names = Object.keys(JSON.parse(output) as object);
  expect(names).toEqual(expect.arrayContaining(["PATH", "https_proxy"]));
  expect(names.filter((name) => ours.includes(name))).toEqual([]);
});

test("no package's install script runs, whatever npm it is (L6)", () => {
  const dir = mkdtempSync(join(tmpdir(), "wharf-test-"));
  try {
    copyFileSync(join(projectDir, ".npmrc"), join(dir, ".npmrc"));
    const odd = join(dir, "odd");
    mkdirSync(odd);
    const manifest = (path: string, content: object) => writeFileSync(path, JSON.stringify(content));
    manifest(join(dir, "package.json"), { name: "x", version: "1.0.0", dependencies: { odd: "file:odd" } });
    manifest(join(odd, "package.json"), {
      name: "odd",
      version: "1.0.0",
      scripts: { postinstall: `node -e "require('fs').writeFileSync('ran','')"` },
    });
    // An older npm knows neither allowScripts nor strict-allow-scripts: as if they were not there.
    writeFileSync(join(dir, ".npmrc"), "\nstrict-allow-scripts=false\n", { flag: "a" });
    const args = ["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock"];
    const { status, stderr } = spawnSync("npm", args, {
      cwd: dir,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: dir },
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(existsSync(join(dir, "node_modules/odd/package.json"))).toBe(true);
    expect(existsSync(join(odd, "ran"))).toBe(false);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

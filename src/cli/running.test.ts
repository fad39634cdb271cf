import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, processStart } from "../base/base.ts";
import { findRunning, lockDataDir } from "./running.ts";

let data_dir: string;
beforeEach(async () => {
  data_dir = await mkdtemp(join(tmpdir(), "wharf test "));
});
afterEach(() => rm(data_dir, { recursive: true, force: true }));

const leave = (pid: number) =>
  writeFile(
    join(data_dir, "running.json"),
    JSON.stringify({ pid, started: processStart(pid) ?? "", address: null, database_url: null }),
  );

test("a data directory has one Wharf at a time", () => {
  const lock = lockDataDir(data_dir);
  expect(() => lockDataDir(data_dir)).toThrow(/already runs/);
  lock.release();
  lockDataDir(data_dir).release();
});

test.runIf(process.platform === "linux")(
  "a Wharf that ended and was not reaped blocks no start (L2)",
  async () => {
    // The shell becomes `sleep`, which never reaps the child that it inherits.
    const parent = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(chunk);
    await leave(pid);
    await expect.poll(() => isAlive(pid)).toBe(false);
    // It is a zombie: its start time can still be read.
    expect(processStart(pid)).not.toBeNull();
    expect(findRunning(data_dir)).toBeNull();
    lockDataDir(data_dir);
    expect(JSON.parse(await readFile(join(data_dir, "running.json"), "utf8"))).toMatchObject({
      pid: process.pid,
    });
    parent.kill("SIGKILL");
  },
);

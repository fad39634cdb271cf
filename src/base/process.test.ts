import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isAlive, processStart } from "./process.ts";

test("a process is told from a later one with its pid, and from none", async () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  const { pid = 0 } = child;
  expect(processStart(pid)).not.toBeNull();
  await once(child, "exit");
  expect(isAlive(pid)).toBe(false);
  expect(processStart(pid)).toBeNull();
});

test.runIf(process.platform === "linux")("a zombie is not alive", async () => {
  // The shell becomes `sleep`, which never reaps the child that it inherits.
  const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
  await expect.poll(() => isAlive(Number(chunk))).toBe(false);
  parent.kill("SIGKILL");
});

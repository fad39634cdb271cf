import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Runs, and is no zombie (a process that ended and was not reaped, as in a container without an init). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const state = linuxStat(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/**
 * When a process started, in words of the system's own: with the pid, this names one process, where the pid alone may
 * have gone to another since. Null when there is none.
 */
export function processStart(pid: number): string | null {
  if (process.platform === "linux") return linuxStat(pid)?.[19] ?? null;
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

/** What a process was started with; null where the system doesn't tell, as of another user's, or not on Linux. */
export function processEnvironment(pid: number): Record<string, string> | null {
  try {
    const lines = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return Object.fromEntries(
      lines.filter((line) => line.includes("=")).map((line) => line.split(/=(.*)/s, 2) as [string, string]),
    );
  } catch {
    return null;
  }
}

/** The fields of /proc/PID/stat behind the name, which may itself hold spaces and brackets. */
function linuxStat(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

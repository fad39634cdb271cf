import { readFile, readdir } from "node:fs/promises";

const TICKS_PER_S = 100;

interface Times {
  parent: number;
  ticks: number;
  /** Of its children that ended. */
  ended_ticks: number;
}

async function timesOf(pid: number): Promise<Times | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return { parent: fields[1]!, ticks: fields[11]! + fields[12]!, ended_ticks: fields[13]! + fields[14]! };
}

/** CPU seconds of one process so far; null where it can't be read (gone, or not Linux). */
export async function cpuOf(pid: number): Promise<number | null> {
  const times = await timesOf(pid);
  return times && times.ticks / TICKS_PER_S;
}

/** Those of a postmaster, its children, and its children that ended. */
export async function cpuOfServer(pid: number): Promise<number | null> {
  const server = await timesOf(pid);
  if (!server) return null;
  let ticks = server.ticks + server.ended_ticks;
  for (const other of await readdir("/proc")) {
    if (!/^\d+$/.test(other)) continue;
    const child = await timesOf(Number(other));
    if (child?.parent === pid) ticks += child.ticks;
  }
  return ticks / TICKS_PER_S;
}

/** The process that started this one; null where it can't be read. */
export async function parentOf(pid: number): Promise<number | null> {
  return (await timesOf(pid))?.parent ?? null;
}

import { readFile } from "node:fs/promises";

/** A process and all that it has started, in the order of their numbers. */
export async function treeOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const children = text.split(" ").filter(Boolean).map(Number);
  const below = await Promise.all(children.map((child) => treeOf(child)));
  return [pid, ...below.flat()].toSorted((a, b) => a - b);
}

export async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text.replaceAll("\0", " ").trim();
}

/** A mapping of smaps: whose file it shows, and its pages in kB. */
interface Mapping {
  file: string;
  pss: number;
  /** Clean pages of a file: the same ones in every process that maps it. */
  clean: number;
  pss_dirty: number;
}

/**
 * Of some processes together, in MB. `pss` shares what a file's pages take with every process of the machine that maps
 * it, so it is smaller while other programs run on Node. `alone` counts each file once: what it is when none does.
 */
export async function memoryOf(pids: number[]): Promise<{ pss_mb: number; alone_mb: number }> {
  const files = new Map<string, number>();
  let pss = 0;
  let dirty = 0;
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps`, "utf8").catch(() => "");
    const own = new Map<string, number>();
    for (const mapping of mappingsOf(text)) {
      pss += mapping.pss;
      dirty += mapping.pss_dirty;
      own.set(mapping.file, (own.get(mapping.file) ?? 0) + mapping.clean);
    }
    for (const [file, clean] of own) files.set(file, Math.max(files.get(file) ?? 0, clean));
  }
  const clean = [...files.values()].reduce((sum, each) => sum + each, 0);
  return { pss_mb: pss / 1024, alone_mb: (dirty + clean) / 1024 };
}

function mappingsOf(text: string): Mapping[] {
  return text.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/).map((part) => {
    const [head = ""] = part.split("\n", 1);
    const kb = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(part)?.[1] ?? 0);
    const [, , offset = "", device = "", inode = ""] = head.split(/ +/);
    return {
      file: `${device} ${inode} ${offset}`,
      pss: kb("Pss"),
      clean: kb("Shared_Clean") + kb("Private_Clean"),
      pss_dirty: kb("Pss_Dirty"),
    };
  });
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../base/base.ts";
import { readScenario, type Scenario } from "../scenario/scenario.ts";

/** The scenarios of a folder, and the files beside them. */
export interface ScenarioLibrary {
  list(): Promise<{ name: string; scenario: Scenario }[]>;
  /** Throws NOT_FOUND. */
  find(name: string): Promise<Scenario>;
  /** Files are named by scenarios of the folder only, and lie beside them. */
  readFile: (name: string) => Promise<Buffer>;
}

export function createScenarioLibrary(dir: string | undefined): ScenarioLibrary {
  const list = async () => {
    if (dir === undefined) return [];
    const names = (await readdir(dir)).filter((name) => name.endsWith(".json")).toSorted();
    return Promise.all(
      names.map(async (file) => {
        const scenario = readScenario(await readFile(join(dir, file), "utf8"));
        return { name: file.replace(/\.json$/, ""), scenario };
      }),
    );
  };
  return {
    list,
    async find(name) {
      const found = (await list()).find((one) => one.name === name);
      if (!found) throw new Problem("NOT_FOUND", `There is no scenario of the name ${name}.`);
      return found.scenario;
    },
    async readFile(name) {
      if (dir === undefined || !/^[\w.-]+$/.test(name))
        throw new Problem("INVALID_REQUEST", `${name} can't be read here; leave the file out, or upload it.`);
      return readFile(join(dir, name));
    },
  };
}

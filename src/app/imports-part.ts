import { createHappened } from "../automations/automations.ts";
import { startLoop } from "../base/base.ts";
import { createImporter, pruneImports } from "../imports/imports.ts";
import { HOUR_MS, started, startSteps, type Parts } from "./parts.ts";
import { filesOf } from "./shared-parts.ts";

/** An import whose process was killed is taken over this much later, beside its lease. */
const IDLE_MS = 5_000;

/** Imports of people, in steps. */
export function startImports(parts: Parts): void {
  const { db, clock, listener } = parts;
  const files = filesOf(parts);
  const log = parts.log.child({ part: "imports" });
  const importer = started(
    parts,
    createImporter({ db, files, clock, log, happened: createHappened({ clock }) }),
  );
  const loop = startLoop(() => importer.step(), {
    idle_ms: IDLE_MS,
    onError: (err) => log.error({ err }, "a step of an import failed; it is tried again"),
  });
  listener.on("imports", () => loop.wake());
  started(parts, loop);
  startSteps(parts, {
    idle_ms: HOUR_MS,
    step: () => pruneImports({ db, files, clock }),
    failed: "older imports could not be removed; it is tried again",
  });
}

import { silentLog } from "../../src/base/base.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createImporter } from "../../src/imports/imports.ts";
import { createFileStore } from "../../src/media/media.ts";

/** An importer in a process of its own, which works until it is killed. Its clock may be ahead. */
const { url, dir, ahead_ms, step_rows } = JSON.parse(process.env["IMPORTER"] ?? "{}") as {
  url: string;
  dir: string;
  ahead_ms: number;
  step_rows: number;
};
const db = createDatabase({ url, max: 2 });
const clock = { now: () => Date.now() + ahead_ms };
const importer = createImporter({ db, files: createFileStore({ dir }), clock, log: silentLog, step_rows });
for (;;) await importer.step();

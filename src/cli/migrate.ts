import { createLog } from "../base/base.ts";
import { readConfig } from "../config.ts";
import { migrate } from "../db/db.ts";
import { withDatabase } from "./database.ts";

/** `wharf migrate`: for operators who bring the schema forward before they start the new processes. */
export async function migrateCommand(): Promise<void> {
  const config = readConfig();
  const applied = await withDatabase(config, createLog({ level: "warn", pretty: false }), (db) =>
    migrate(db),
  );
  console.log(
    applied.length === 0 ? "The schema is up to date." : applied.map((name) => `applied ${name}`).join("\n"),
  );
}

import { setImmediate } from "node:timers/promises";
import { listFields } from "../audience/audience.ts";
import type { ImportFault } from "../contract/imports.ts";
import type { Queryable } from "../db/db.ts";
import type { ImportRow } from "./import-rows.ts";
import { judgeRow, type PersonRow, type RowRules } from "./judge-row.ts";
import type { FileRow } from "./read-rows.ts";

export type Verdict = { read: FileRow } & ({ person: PersonRow } | { faults: ImportFault[] });

/** Some hundred rows take a few milliseconds: in between others have the processor. */
const AT_ONCE = 100;

const UNREADABLE =
  "A character of it can't be read, as the file's encoding is damaged there. Save the file as UTF-8, or correct the cell.";

export async function rulesOf(db: Queryable, imported: ImportRow): Promise<RowRules> {
  const { data } = await listFields(db, imported.workspace_id);
  const { kind, settings, columns, started_at } = imported;
  return {
    kind,
    settings,
    columns,
    fields: new Map(data.map((field) => [field.id, field])),
    now_ms: started_at.getTime(),
  };
}

export async function judgeRows(rows: readonly FileRow[], rules: RowRules): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [i, read] of rows.entries()) {
    if (i > 0 && i % AT_ONCE === 0) await setImmediate();
    const damaged = read.cells.findIndex((cell) => cell.includes("\ufffd"));
    if (damaged >= 0) {
      const column = rules.columns[damaged]?.name ?? null;
      verdicts.push({ read, faults: [{ column, reason: UNREADABLE }] });
      continue;
    }
    const judged = judgeRow(read, rules);
    verdicts.push("faults" in judged ? { read, faults: judged.faults } : { read, person: judged });
  }
  return verdicts;
}

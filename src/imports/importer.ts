import { newId, type Clock, type Logger } from "../base/base.ts";
import { isInfrastructure, rowsOf, sql, type Database, type Sql, type Tx } from "../db/db.ts";
import { openFile, storedFile, StoreError, type FileStore } from "../media/media.ts";
import type { Happened } from "../audience/audience.ts";
import { applyRows, type Applied } from "./apply-rows.ts";
import { CampaignStartedError } from "./campaign-started.ts";
import { TargetDeletedError } from "./deleted-targets.ts";
import { lockImport, ROW_COLUMNS, tellProgress, type ImportRow } from "./import-rows.ts";
import { judgeRows, rulesOf, type Verdict } from "./judge-rows.ts";
import { FileError, readRows, type FileRow, type Place } from "./read-rows.ts";

/** Rows of a step: what it holds locked, others wait for. */
const STEP_ROWS = 1_000;
/** After a crash another process goes on so much later. */
const LEASE_MS = 15_000;
/** Files that are held open between their steps. */
const MOST_OPEN = 4;

export interface Importer {
  /** Takes the next rows of the import that waited longest. Answers how many; 0: nothing is to be done. */
  step(): Promise<number>;
  /** Between two steps; another process may go on at once. */
  stop(): Promise<void>;
}

interface Reading {
  rows: AsyncGenerator<FileRow>;
  place: Place;
}

export function createImporter(deps: {
  db: Database;
  files: FileStore;
  clock: Clock;
  log: Logger;
  step_rows?: number;
  /** Told of what is done to contacts. */
  happened?: Happened;
}): Importer {
  const { db, clock, log, step_rows = STEP_ROWS } = deps;
  const worker = newId();
  const readings = new Map<string, Reading>();

  const close = async (id: string): Promise<void> => {
    const reading = readings.get(id);
    readings.delete(id);
    await reading?.rows.return(undefined);
  };

  const readingOf = async (imported: ImportRow): Promise<Reading> => {
    const { id, place } = imported;
    const open = readings.get(id);
    if (open?.place.bytes === place.bytes) return open;
    await close(id);
    for (const other of [...readings.keys()].slice(0, Math.max(0, readings.size - MOST_OPEN + 1)))
      await close(other);
    const reading = { rows: await openRows(deps, imported), place };
    readings.set(id, reading);
    return reading;
  };

  return {
    async step() {
      const imported = await claim(db, worker, clock.now());
      if (!imported) return 0;
      const { workspace_id, id, place } = imported;
      try {
        const reading = await readingOf(imported);
        const rows = await take(reading.rows, step_rows);
        const verdicts = await judgeRows(rows, await rulesOf(db, imported));
        const next = rows.at(-1)?.next ?? place;
        const is_end = rows.length < step_rows;
        const went_on = await db.transaction((tx) =>
          record(tx, imported, {
            worker,
            verdicts,
            next,
            is_end,
            now_ms: clock.now(),
            happened: deps.happened,
          }),
        );
        reading.place = next;
        if (is_end || !went_on) await close(id);
        return Math.max(1, rows.length);
      } catch (error) {
        await close(id);
        const failure = failureOf(error, place);
        if (failure === null) throw error;
        log.warn({ err: error, import_id: id }, "an import failed");
        await db.transaction((tx) => fail(tx, workspace_id, id, failure, clock.now()));
        return 1;
      }
    },
    async stop() {
      for (const id of readings.keys()) await close(id);
      await db.run(
        sql`update imports set worker = null, leased_until = null where worker = ${worker} and state = 'RUNNING'`,
      );
    },
  };
}

/** The one that waited longest, by imports__running; its lease is this process's until the next step. */
async function claim(db: Database, worker: string, now_ms: number): Promise<ImportRow | undefined> {
  return db.first<ImportRow>(sql`
    with due as (
      select workspace_id, id from imports
      where state = 'RUNNING' and (worker is null or worker = ${worker} or leased_until < ${new Date(now_ms)})
      order by leased_until nulls first, started_at limit 1 for update skip locked)
    update imports i set worker = ${worker}, leased_until = ${new Date(now_ms + LEASE_MS)}
    from due where i.workspace_id = due.workspace_id and i.id = due.id
    returning ${ROW_COLUMNS}`);
}

async function openRows(
  { db, files }: { db: Database; files: FileStore },
  imported: ImportRow,
): Promise<AsyncGenerator<FileRow>> {
  const { workspace_id, file_id, place, has_header } = imported;
  const file = await storedFile(db, workspace_id, file_id);
  return readRows(() => openFile({ db, store: files }, workspace_id, file), imported, {
    from: place,
    has_header,
  });
}

async function take(rows: AsyncGenerator<FileRow>, most: number): Promise<FileRow[]> {
  const taken: FileRow[] = [];
  while (taken.length < most) {
    const { value, done } = await rows.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

interface Step {
  worker: string;
  verdicts: readonly Verdict[];
  next: Place;
  is_end: boolean;
  now_ms: number;
  happened?: Happened | undefined;
}

/** The rows' effects, their counts and the place of the next step, together or not at all. False: another went on meanwhile. */
async function record(tx: Tx, claimed: ImportRow, step: Step): Promise<boolean> {
  const { workspace_id, id } = claimed;
  const { verdicts, next, is_end, now_ms, happened } = step;
  const imported = await lockImport(tx, workspace_id, id);
  if (imported.state !== "RUNNING" || imported.place.bytes !== claimed.place.bytes) return false;
  const people = verdicts.flatMap((verdict) => ("person" in verdict ? [verdict.person] : []));
  const { applied, kept_opted_out, new_tags } = await applyRows(
    tx,
    imported,
    people,
    happened && { happened, now: new Date(now_ms) },
  );
  const by_row = new Map(people.map(({ row }, i) => [row, applied[i]!]));
  const outcomes = verdicts.map((verdict): Applied =>
    "faults" in verdict ? { outcome: "invalid", faults: verdict.faults } : by_row.get(verdict.person.row)!,
  );
  await keepRejects(tx, imported, verdicts, outcomes);
  const many = (outcome: Applied["outcome"]): Sql =>
    sql`${outcomes.filter((each) => each.outcome === outcome).length}::integer`;
  await tx.run(sql`
    update imports set place = ${JSON.stringify(next)}::jsonb, created = created + ${many("created")},
      updated = updated + ${many("updated")}, unchanged = unchanged + ${many("unchanged")},
      invalid = invalid + ${many("invalid")}, duplicates = duplicates + ${many("duplicate")},
      kept_opted_out = kept_opted_out + ${kept_opted_out}, new_tags = new_tags + ${new_tags},
      state = case when ${is_end} then 'DONE' else state end,
      ended_at = case when ${is_end} then ${new Date(now_ms)}::timestamptz end,
      worker = case when ${is_end} then null else ${step.worker}::uuid end,
      leased_until = case when ${is_end} then null else ${new Date(now_ms + LEASE_MS)}::timestamptz end
    where workspace_id = ${workspace_id} and id = ${id}`);
  await tellProgress(tx, workspace_id, id);
  return true;
}

async function keepRejects(
  tx: Tx,
  { workspace_id, id }: ImportRow,
  verdicts: readonly Verdict[],
  outcomes: readonly Applied[],
): Promise<void> {
  const rejects = verdicts.flatMap(({ read: { row, line, cells } }, i) => {
    const outcome = outcomes[i]!;
    return outcome.outcome === "invalid"
      ? [{ row, line, cells: JSON.stringify(cells), faults: JSON.stringify(outcome.faults) }]
      : [];
  });
  if (rejects.length === 0) return;
  await tx.run(sql`
    insert into import_rejects (workspace_id, import_id, "row", line, cells, faults)
    select ${workspace_id}, ${id}, due.place, line, array(select jsonb_array_elements_text(cells::jsonb)), faults::jsonb
    from ${rowsOf(
      rejects.map(({ row: place, ...reject }) => ({ place, ...reject })),
      { place: "integer", line: "integer", cells: "text", faults: "text" },
    )}`);
}

/** In a sentence; null: it is tried again, as the database or the store was not there. */
function failureOf(error: unknown, { line }: Place): string | null {
  if (error instanceof FileError) return error.message;
  if (error instanceof CampaignStartedError)
    return "The campaign has started meanwhile, so no one can be added any more. Those who were added before stay.";
  if (error instanceof TargetDeletedError)
    return `A ${error.what} that was chosen for everyone in the file was deleted meanwhile. Those who were imported before stay. Choose another ${error.what}, and upload the file again.`;
  if (error instanceof StoreError)
    return error.kind === "missing" ? "The file is not there any more. Upload it again." : null;
  if (isInfrastructure(error)) return null;
  return `An error in Wharf stopped the import behind line ${line}. What was imported before stays. Upload the rest of the file again, or ask the operator to look into the log.`;
}

async function fail(
  tx: Tx,
  workspace_id: string,
  id: string,
  failure: string,
  now_ms: number,
): Promise<void> {
  const failed = await tx.run(sql`
    update imports set state = 'FAILED', failure = ${failure}, ended_at = ${new Date(now_ms)}, worker = null, leased_until = null
    where workspace_id = ${workspace_id} and id = ${id} and state = 'RUNNING'`);
  if (failed > 0) await tellProgress(tx, workspace_id, id);
}

/**
 * A CSV file of people (`--rows`) with 100 planted faults, from the upload to the last row: rows a second, processor time a
 * row of the importing process and of PostgreSQL, and the most memory that the process ever had, beside an import of a
 * hundredth of the file. Fails where a planted fault isn't reported by its line.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { newId, silentLog, systemClock } from "../src/base/base.ts";
import { sql, type Database } from "../src/db/db.ts";
import {
  addImport,
  changeImport,
  createImporter,
  getImport,
  inspectUpload,
  listRejects,
  startImport,
} from "../src/imports/imports.ts";
import { createFileStore, type FileStore } from "../src/media/media.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { printTable } from "./support/print.ts";

const FAULTS = 100;
const LIMIT_BYTES = 2 ** 40;

export default async function imports(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rows: { type: "string", default: "500000" } } });
  const count = Number(values.rows);
  const postgres = await startBenchDatabase();
  const dir = await mkdtemp(join(tmpdir(), "wharf-bench-imports-"));
  const files = createFileStore({ dir });
  try {
    const deps = { db: postgres.db, files, clock: systemClock };
    const small = await measure(deps, Math.max(FAULTS * 2, Math.round(count / 100)));
    const large = await measure(deps, count);
    printTable([small, large]);
  } finally {
    await files.stop();
    await rm(dir, { recursive: true, force: true });
    await postgres.stop();
  }
}

/** So many people; the faults are spread evenly, each of its own kind in turn. */
function* lines(count: number): Generator<string> {
  yield "Phone,Name,Language,City,Points,Tags,Consent,Consent date\n";
  const every = Math.floor(count / FAULTS);
  for (let i = 0; i < count; i++) {
    const fault = i % every === every - 1 && Math.floor(i / every) < FAULTS ? Math.floor(i / every) % 4 : -1;
    const phone = fault === 0 ? "+49 12" : fault === 1 ? "5.51E+12" : `+49151${20_000_000 + i}`;
    const points = fault === 2 ? "many" : i % 1_000;
    const date = fault === 3 ? "31/02/2026" : "2026-03-05";
    yield `${phone},"Person ${i}, of many",pt-BR,São Paulo,${points},new|fair,yes,${date}\n`;
  }
}

/** As text of some kilobytes at once. */
function* chunks(count: number): Generator<Buffer> {
  let text = "";
  for (const line of lines(count)) {
    text += line;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

async function measure(deps: { db: Database; files: FileStore; clock: typeof systemClock }, count: number) {
  const { db } = deps;
  const workspace_id = newId();
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Bench', ${`bench-${workspace_id}`})`,
  );
  const began = performance.now();
  const upload = await deps.files.receive(Readable.from(chunks(count)), LIMIT_BYTES);
  const inspected = await inspectUpload(upload);
  const about = { filename: "people.csv", user_id: null };
  const draft = await addImport(
    deps,
    workspace_id,
    Object.assign(upload, { inspected }),
    about,
    async (_tx, one) => one,
  );
  const uploaded = performance.now();
  const { id } = draft;
  const mapping = draft.settings.mapping.map((target, i) =>
    draft.columns[i]!.name === "City"
      ? ({ to: "new_field", name: "City", kind: "text" } as const)
      : draft.columns[i]!.name === "Points"
        ? ({ to: "new_field", name: "Points", kind: "number" } as const)
        : target,
  );
  const consent = { state: null, date: null, source: "a form", agreed: true };
  await changeImport(deps, workspace_id, id, { mapping, consent, new_list: "All" });
  await startImport(deps, workspace_id, id, async () => {});
  const cpu = process.cpuUsage();
  const importer = createImporter({ ...deps, log: silentLog });
  let told = 0;
  for (let done = 0, step = 1; step > 0; done += step) {
    step = await importer.step();
    if (done - told < 50_000) continue;
    told = done;
    console.log(`${done} rows, ${megabytes(process.memoryUsage.rss())} MB`);
  }
  await importer.stop();
  const spent = process.cpuUsage(cpu);
  const ms = performance.now() - uploaded;
  const { counts, state } = await getImport(db, workspace_id, id);
  await checkFaults(db, workspace_id, id, count);
  if (state !== "DONE" || counts.created !== count - FAULTS || counts.invalid !== FAULTS)
    throw new Error(`it ended ${state} with ${JSON.stringify(counts)}`);
  return {
    rows: count,
    "upload s": ((uploaded - began) / 1_000).toFixed(1),
    "import s": (ms / 1_000).toFixed(1),
    "rows/s": Math.round((count / ms) * 1_000),
    "CPU µs/row": Math.round((spent.user + spent.system) / count),
    "peak MB": megabytes(process.resourceUsage().maxRSS * 1_024),
  };
}

const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);

async function checkFaults(db: Database, workspace_id: string, id: string, count: number): Promise<void> {
  const every = Math.floor(count / FAULTS);
  const planted = Array.from({ length: FAULTS }, (_, i) => (i + 1) * every + 1);
  const reported = (await listRejects(db, workspace_id, id, { limit: 200 })).data.map(({ line }) => line);
  if (JSON.stringify(reported) !== JSON.stringify(planted))
    throw new Error(
      `faults were planted in lines ${planted.join(", ")} and reported in ${reported.join(", ")}`,
    );
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { createImportScene } from "../../test/support/imports.ts";
import { testProgram } from "../../test/support/test-programs.ts";
import { silentLog } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createImporter, getImport } from "./imports.ts";

const ROWS = 5_000;
const STEP_ROWS = 200;
/** Longer than a lease. */
const LATER_MS = 60_000;

/** People with duplicates, faults and opt-outs among them. */
function file(): string {
  const rows = ["Phone,Name,Tags,Consent,Consent date"];
  for (let i = 0; i < ROWS; i++) {
    const number = i % 50 === 7 ? `+49151${i}` : `+49151${String(20_000_000 + (i % 97 === 3 ? i - 3 : i))}`;
    rows.push(`${number},Person ${i},tag ${i % 7},${i % 5 === 0 ? "no" : "yes"},2026-0${1 + (i % 9)}-10`);
  }
  return `${rows.join("\n")}\n`;
}

it("kill -9 in the middle of an import, twice: it goes on where it was, and comes to what an uninterrupted one does", async () => {
  const scene = await createImportScene();
  const agreed = { consent: { state: null, date: null, source: "a form", agreed: true } };
  const whole_id = await scene.workspace();
  const whole = await scene.run(whole_id, file(), agreed, STEP_ROWS);
  expect(whole).toMatchObject({ state: "DONE", rows_done: ROWS });

  const killed_id = await scene.workspace();
  const { id } = await scene.draft(killed_id, file(), agreed);
  await scene.start(killed_id, id);
  const rowsDone = async () => (await getImport(scene.db, killed_id, id)).rows_done;
  for (const [i, until] of [600, 2_000].entries()) {
    const child = spawnImporter(i * LATER_MS);
    while ((await rowsDone()) < until);
    child.kill("SIGKILL");
    await once(child, "exit");
    const done = await rowsDone();
    expect(done % STEP_ROWS).toBe(0);
    expect(done).toBeLessThan(ROWS);
  }
  const clock = { now: () => Date.now() + 2 * LATER_MS };
  const importer = createImporter({ ...scene, clock, log: silentLog, step_rows: STEP_ROWS });
  while ((await importer.step()) > 0);

  const resumed = await getImport(scene.db, killed_id, id);
  expect(resumed).toMatchObject({ state: "DONE", rows_done: ROWS });
  expect(resumed.counts).toEqual(whole.counts);
  expect(resumed.counts.created + resumed.counts.duplicates + resumed.counts.invalid).toBe(ROWS);
  const left = async (workspace_id: string, import_id: string) => ({
    people: [...(await scene.people(workspace_id))].map(([phone, kept]) => ({ ...kept, phone, id: null })),
    rejects: await scene.db.rows(sql`
      select "row", line, cells, faults from import_rejects
      where workspace_id = ${workspace_id} and import_id = ${import_id} order by "row"`),
    ledger: await scene.db.rows(sql`
      select identity_value, state, occurred_at from consent_events where workspace_id = ${workspace_id} order by 1, 3`),
  });
  expect(await left(killed_id, id)).toEqual(await left(whole_id, whole.id));

  function spawnImporter(ahead_ms: number): ChildProcess {
    const { db, dir } = scene;
    return spawn(process.execPath, [testProgram("import")], {
      env: { ...process.env, IMPORTER: JSON.stringify({ url: db.url, dir, ahead_ms, step_rows: STEP_ROWS }) },
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
}, 180_000);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll } from "vitest";
import { silentLog, systemClock, type Clock } from "../../src/base/base.ts";
import type { ImportChange } from "../../src/contract/imports.ts";
import { sql, type Database } from "../../src/db/db.ts";
import {
  addImport,
  changeImport,
  createImporter,
  exportContacts,
  getImport,
  inspectUpload,
  listRejects,
  startImport,
  type Importer,
} from "../../src/imports/imports.ts";
import { createFileStore, type FileStore } from "../../src/media/media.ts";
import { createTestDatabase, createTestWorkspace } from "./database.ts";

/** What imports need, over a folder that is removed after the file's tests. */
export async function createImportScene(): Promise<ImportScene> {
  const db = await createTestDatabase();
  const dir = await mkdtemp(join(tmpdir(), "wharf-imports-"));
  const files = createFileStore({ dir });
  afterAll(async () => {
    await files.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return createScene({ db, dir, files, clock: systemClock });
}

export interface ImportDeps {
  db: Database;
  dir: string;
  files: FileStore;
  clock: Clock;
}
export type ImportScene = ReturnType<typeof createScene>;
type Detail = Awaited<ReturnType<typeof getImport>>;

export function createScene(deps: ImportDeps) {
  const { db, files, clock } = deps;
  const scene = {
    ...deps,
    workspace: async () => (await createTestWorkspace(db)).workspace_id,
    importer: (step_rows?: number): Importer =>
      createImporter({ db, files, clock, log: silentLog, ...(step_rows === undefined ? {} : { step_rows }) }),
    /** Uploads a file, which becomes a draft. */
    async draft(workspace_id: string, file: string | Buffer, change: ImportChange = {}): Promise<Detail> {
      const upload = await files.receive(Readable.from([Buffer.from(file)]), 1e9);
      try {
        const inspected = await inspectUpload(upload);
        const about = { filename: "people.csv", user_id: null };
        const added = await addImport(
          deps,
          workspace_id,
          Object.assign(upload, { inspected }),
          about,
          async (_tx, one) => one,
        );
        return Object.keys(change).length === 0
          ? added
          : await changeImport(deps, workspace_id, added.id, change);
      } finally {
        await upload.discard();
      }
    },
    start: (workspace_id: string, id: string) => startImport(deps, workspace_id, id, async () => {}),
    /** Uploads, starts, and works until it has ended. */
    async run(
      workspace_id: string,
      file: string | Buffer,
      change: ImportChange = {},
      step_rows?: number,
    ): Promise<Detail> {
      const { id } = await scene.draft(workspace_id, file, change);
      await scene.start(workspace_id, id);
      const importer = scene.importer(step_rows);
      while ((await importer.step()) > 0);
      await importer.stop();
      return getImport(db, workspace_id, id);
    },
    rejects: async (workspace_id: string, id: string) =>
      (await listRejects(db, workspace_id, id, { limit: 200 })).data,
    /** Each contact by its number. */
    async people(workspace_id: string): Promise<Map<string, Kept>> {
      const rows = await db.rows<Kept & { phone: string }>(sql`
        select i.value as phone, c.id, c.name, c.marketing_state, p.language, p.country, p.time_zone,
          coalesce(p.fields, '{}') as fields,
          array(select t.name from contact_tags m join tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
            where m.workspace_id = c.workspace_id and m.contact_id = c.id order by t.name) as tags
        from contacts c join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.id
        left join contact_profiles p on p.workspace_id = c.workspace_id and p.contact_id = c.id
        where c.workspace_id = ${workspace_id} and i.kind = 'wa_id' order by i.value`);
      return new Map(rows.map(({ phone, ...kept }) => [phone, kept]));
    },
    async exported(workspace_id: string, filter = {}): Promise<string> {
      let text = "";
      for await (const lines of await exportContacts(db, workspace_id, filter, "2026-11-30")) text += lines;
      return text;
    },
  };
  return scene;
}

interface Kept {
  id: string;
  name: string | null;
  marketing_state: string;
  language: string | null;
  country: string | null;
  time_zone: string | null;
  fields: Record<string, unknown>;
  tags: string[];
}

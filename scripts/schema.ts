// `npm run schema`: writes migrations/schema.sql from a freshly migrated database.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir, silentLog } from "../src/base/base.ts";
import { createDatabase, migrate, startEmbedded } from "../src/db/db.ts";
import { describeSchema } from "./describe-schema.ts";

const dir = await mkdtemp(join(tmpdir(), "wharf-schema-"));
try {
  const server = await startEmbedded({ data_dir: dir, log: silentLog, settings: { fsync: "off" } });
  try {
    const db = createDatabase({ url: server.url, max: 1 });
    await migrate(db);
    await writeFile(join(projectDir, "migrations", "schema.sql"), await describeSchema(db));
    await db.stop();
  } finally {
    await server.stop();
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeSchema } from "../scripts/describe-schema.ts";
import { projectDir } from "../src/base/base.ts";
import { createTestDatabase } from "./support/database.ts";

test("migrations/schema.sql is the schema that the migrations make (else: npm run schema)", async () => {
  const db = await createTestDatabase();
  const written = await readFile(join(projectDir, "migrations", "schema.sql"), "utf8");
  expect(await describeSchema(db)).toBe(written);
});

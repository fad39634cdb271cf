import { beforeAll, expect, test } from "vitest";
import { newId, Problem } from "../base/base.ts";
import { contract } from "../contract/contract.ts";
import { sql, type Database } from "../db/db.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { getTemplate, listTemplates } from "./views.ts";

let db: Database;
let workspace_id: string;
beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id } = await createTestWorkspace(db));
});

test("templates come by name and language, stubs first, each once over all pages", async () => {
  const rows = [
    ["offer", "en"],
    ["offer", "de"],
    [null, null],
    [null, null],
    ["a", "en"],
  ];
  for (const [i, [name, language]] of rows.entries())
    await db.run(sql`insert into templates (workspace_id, id, waba_id, template_id, name, language)
      values (${workspace_id}, ${newId()}, '1', ${String(i)}, ${name}, ${language})`);
  const seen: (string | null)[][] = [];
  let cursor: string | undefined;
  do {
    const page = contract["GET /api/v1/templates"].response.parse({
      ...(await listTemplates(db, workspace_id, { limit: 1, cursor })),
      syncs: [],
    });
    seen.push(...page.data.map(({ name, language }) => [name, language]));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual([
    [null, null],
    [null, null],
    ["a", "en"],
    ["offer", "de"],
    ["offer", "en"],
  ]);
});

test("a template comes with what happened to it, newest first; another workspace's is not found", async () => {
  const id = newId();
  await db.run(
    sql`insert into templates (workspace_id, id, waba_id, template_id, status, status_at) values (${workspace_id}, ${id}, '1', '77', 'PAUSED', to_timestamp(20))`,
  );
  for (const [at, value] of [
    [10, "APPROVED"],
    [20, "PAUSED"],
  ] as const)
    await db.run(sql`insert into template_events (workspace_id, id, template_id, subject, value, detail, occurred_at)
      values (${workspace_id}, ${newId()}, '77', 'status', ${value}, '{}', to_timestamp(${at}))`);
  const shown = contract["GET /api/v1/templates/:id"].response
    .pick({ id: true, history: true, source: true })
    .parse(await getTemplate(db, workspace_id, id));
  expect(shown.history.map((event) => event.value)).toEqual(["PAUSED", "APPROVED"]);
  expect(shown.source).toEqual({ kind: "webhook", at: "1970-01-01T00:00:20.000Z" });
  const { workspace_id: other } = await createTestWorkspace(db);
  await expect(getTemplate(db, other, id)).rejects.toThrow(Problem);
});

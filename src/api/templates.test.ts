import { expect, test } from "vitest";
import { createForeignWorkspace, createTestApi } from "../../test/support/api.ts";
import { eventually } from "../../test/support/product.ts";
import { createTestTemplates } from "../../test/support/templates.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";

const meta = await createTestTemplates();
const api = await createTestApi({ db: meta.db });
// The key's workspace has the account, instead of the one that the templates' support made.
await meta.db.run(sql`
  update accounts set workspace_id = ${api.workspace_id} where workspace_id = ${meta.workspace_id}`);
const ask = async (method: "GET" | "POST", url: string, key = api.key) => {
  const response = await api.app.inject({ method, url, headers: { authorization: `Bearer ${key}` } });
  return { status: response.statusCode, body: response.json() };
};

test("templates come with how current they are, and a page can have the list read", async () => {
  const before = await ask("GET", "/api/v1/templates");
  expect(before.body).toEqual({
    data: [],
    next_cursor: null,
    syncs: [{ waba_id: meta.waba_id, state: "idle", read_at: null, found: null, changed: null, error: null }],
  });
  const asking = ask("POST", "/api/v1/templates/sync");
  await eventually("the question", async () => {
    return (await ask("GET", "/api/v1/templates")).body.syncs[0].state === "waiting";
  });
  meta.sync.start();
  const { status, body } = await asking;
  expect(status).toBe(200);
  const done = { waba_id: meta.waba_id, state: "idle", found: 7, changed: 7, error: null };
  expect(body.data).toMatchObject([{ ...done, read_at: expect.stringMatching(/T.*Z$/) }]);
  const after = await ask("GET", "/api/v1/templates?limit=3");
  expect(after.body.data.map(({ name }: { name: string }) => name)).toEqual([
    "appointment_reminder",
    "hello_world",
    "new_arrivals",
  ]);
  expect(after.body.syncs).toEqual(body.data);
});

test("an account without a token says so, and another workspace has nothing to read", async () => {
  const foreign = await createForeignWorkspace(meta.db);
  expect((await ask("POST", "/api/v1/templates/sync", foreign.key)).body).toEqual({ data: [] });
  await meta.db.run(sql`
    insert into accounts (workspace_id, id, connection_id, waba_id)
    values (${foreign.workspace_id}, ${newId()}, ${foreign.connection_id}, '77')`);
  expect((await ask("POST", "/api/v1/templates/sync", foreign.key)).body.data).toMatchObject([
    {
      waba_id: "77",
      state: "idle",
      error: { code: null, advice: expect.stringContaining("META_ACCESS_TOKEN") },
    },
  ]);
});

import { beforeAll, describe, expect, it } from "vitest";
import { createForeignWorkspace, createTestApi, insertKey, type TestApi } from "../../test/support/api.ts";
import { createMediaPlace } from "../../test/support/media.ts";
import { silentLog } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createImporter } from "../imports/imports.ts";

let api: TestApi;
let files: Awaited<ReturnType<typeof createMediaPlace>>["store"];
let clock: Awaited<ReturnType<typeof createMediaPlace>>["clock"];
let workspace_id: string;

beforeAll(async () => {
  const place = await createMediaPlace();
  files = place.store;
  clock = place.clock;
  api = await createTestApi({ db: place.db, files });
  workspace_id = api.workspace_id;
});

const upload = (text: string, headers = {}, key = api.key) =>
  api.app.inject({
    method: "POST",
    url: "/api/v1/imports",
    payload: Buffer.from(text),
    headers: { authorization: `Bearer ${key}`, "content-type": "text/csv", ...headers },
  });
const ask = (method: "GET" | "POST" | "PATCH", url: string, payload?: object, key = api.key) =>
  api.app.inject({
    method,
    url: `/api/v1/${url}`,
    headers: { authorization: `Bearer ${key}` },
    ...(payload ? { payload } : {}),
  });

describe("over the API", () => {
  it("a file becomes a draft, once under one key, and what is no table is told with its line", async () => {
    const file = "Phone,Name\n+4915123456789,Ana\n+12,Bo\n";
    const headers = { "idempotency-key": "one", "x-filename": encodeURIComponent("Männer.csv") };
    const made = await upload(file, headers);
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({
      state: "DRAFT",
      filename: "Männer.csv",
      rows_total: 2,
      problems: [],
    });
    expect(made.headers["location"]).toBe(`/api/v1/imports/${made.json().id}`);
    const again = await upload(file, headers);
    expect([again.headers["idempotency-replayed"], again.body]).toEqual(["true", made.body]);
    const bad = await upload('a,b\n"x,1\n');
    expect([bad.statusCode, bad.json().code, bad.json().detail]).toEqual([
      422,
      "IMPORT_FILE",
      "A quotation mark is opened in the row of line 2 and never closed. Correct the line and upload the file again.",
    ]);
    const left = await api.db.rows(sql`select from imports where workspace_id = ${workspace_id}`);
    expect(left).toHaveLength(1);
  });

  it("a draft is started and ends with counts, rejected rows as CSV, and people to export", async () => {
    const { id } = (await upload("Phone,Name\n+4915123456789,Ana\n+12,Bo\n")).json<{ id: string }>();
    expect((await ask("POST", `imports/${id}/start`)).json()).toMatchObject({ state: "RUNNING" });
    const importer = createImporter({ db: api.db, files, clock, log: silentLog });
    while ((await importer.step()) > 0);
    const done = (await ask("GET", `imports/${id}`)).json();
    expect(done).toMatchObject({ state: "DONE", rows_done: 2, counts: { created: 1, invalid: 1 } });
    expect((await ask("GET", "imports")).json().data[0]).toMatchObject({ id, state: "DONE" });
    expect((await ask("PATCH", `imports/${id}`, { policy: "overwrite" })).json().code).toBe("IMPORT_STATE");
    expect((await ask("GET", `imports/${id}/rejects`)).json().data).toMatchObject([
      { line: 3, cells: ["+12", "Bo"] },
    ]);
    const rejects = await ask("GET", `imports/${id}/rejects.csv`);
    expect(rejects.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(rejects.body).toMatch(/\r\n3,.*Phone: \+12 is not a complete/);
    const exported = await ask("GET", "contacts/export.csv");
    expect(exported.headers["content-disposition"]).toMatch(/^attachment; filename="contacts-/);
    expect(exported.body).toContain("+4915123456789,Ana,,DE,");
    const wrong = await ask("GET", "contacts/export.csv?tag=vip");
    expect([wrong.statusCode, wrong.json().detail]).toEqual([400, expect.stringContaining("query.tag")]);
    expect((await ask("GET", "contacts/export.csv?nothing=1")).statusCode).toBe(400);
  });

  it("nothing of it is another workspace's", async () => {
    const foreign = await createForeignWorkspace(api.db);
    const { id } = (await upload("Phone\n+4915123456789\n")).json<{ id: string }>();
    for (const path of [`imports/${id}/rejects.csv`, `imports/${id}`, `imports/${id}/preview`])
      expect([path, (await ask("GET", path, undefined, foreign.key)).statusCode]).toEqual([path, 404]);
    expect((await ask("GET", "contacts/export.csv", undefined, foreign.key)).body).not.toContain("+49");
    const member = await insertKey(api.db, api.workspace_id, "marketing_manager");
    expect((await upload("Phone\n+4915123456780\n", {}, member)).statusCode).toBe(201);
  });

  it("an export of more than a page has everyone once, newest first", async () => {
    const foreign = await createForeignWorkspace(api.db);
    await api.db.run(sql`
      with people as (
        insert into contacts (workspace_id, id, name, created_at)
        select ${foreign.workspace_id}, gen_random_uuid(), 'P' || n, now() - n / 10 * interval '1 minute' from generate_series(1, 2500) n
        returning id, name)
      insert into contact_identities (workspace_id, kind, value, contact_id)
      select ${foreign.workspace_id}, 'wa_id', '49151' || (20000000 + substr(name, 2)::integer), id from people`);
    const { body } = await ask("GET", "contacts/export.csv", undefined, foreign.key);
    const names = body
      .split("\r\n")
      .slice(1, -1)
      .map((line) => line.split(",")[1]!);
    expect(new Set(names).size).toBe(2_500);
    expect(names).toHaveLength(2_500);
    expect(new Set(names.slice(0, 9))).toEqual(new Set(Array.from({ length: 9 }, (_, i) => `P${i + 1}`)));
  });
});

import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createSecretBox, Problem } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createRunOnce, type RunOnce } from "./idempotency.ts";

let db: Database;
let runOnce: RunOnce;
let workspace_id: string;
let api: TestApi;
beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id } = await createTestWorkspace(db));
  runOnce = createRunOnce({ db, box: createSecretBox([randomBytes(32)]) });
  api = await createTestApi();
});

const draw = (request: unknown[] = ["POST", "/x", { n: 1 }]) => ({
  workspace_id,
  key: randomUUID(),
  request,
});
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? error.code : error),
  );

test("the work is done once; the same request gets the same answer again", async () => {
  const request = draw();
  let times = 0;
  const work = async () => ({ status: 201, body: { n: ++times, secret: "whsec_shown_once" } });
  expect(await runOnce(request, work)).toMatchObject({ replayed: false, body: { n: 1 } });
  expect(await runOnce(request, work)).toEqual({
    status: 201,
    body: { n: 1, secret: "whsec_shown_once" },
    replayed: true,
  });
  expect(times).toBe(1);
  const kept = await db.rows<{ response: Buffer }>(
    sql`select * from idempotency_keys where key = ${request.key}`,
  );
  expect(kept[0]!.response.toString("latin1")).not.toContain("whsec");
});

test("the same key with another request is refused", async () => {
  const request = draw();
  const work = async () => ({ status: 201, body: {} });
  await runOnce(request, work);
  expect(await codeOf(runOnce({ ...request, request: ["POST", "/x", { n: 2 }] }, work))).toBe(
    "IDEMPOTENCY_KEY_REUSED",
  );
});

test("while one works on it the others are told so", async () => {
  const request = draw();
  let finish = (): void => {};
  const working = new Promise<void>((resolve) => (finish = resolve));
  let began = (): void => {};
  const begun = new Promise<void>((resolve) => (began = resolve));
  const first = runOnce(request, async () => {
    began();
    await working;
    return { status: 201, body: 1 };
  });
  await begun;
  const never = () => Promise.reject(new Error("must not run"));
  expect(await codeOf(runOnce(request, never))).toBe("IDEMPOTENCY_IN_PROGRESS");
  finish();
  expect((await first).replayed).toBe(false);
  expect((await runOnce(request, never)).body).toBe(1);
});

test("a request that failed may be sent again with its key", async () => {
  const request = draw();
  expect(await codeOf(runOnce(request, () => Promise.reject(new Problem("INVALID_URL"))))).toBe(
    "INVALID_URL",
  );
  expect((await runOnce(request, async () => ({ status: 201, body: 2 }))).body).toBe(2);
});

test("one whose process died is taken over after a minute, and can't answer for its successor any more", async () => {
  const request = draw();
  let finish = (): void => {};
  const stuck = new Promise<void>((resolve) => (finish = resolve));
  let began = (): void => {};
  const begun = new Promise<void>((resolve) => (began = resolve));
  const dead = runOnce(request, async () => {
    began();
    await stuck;
    return { status: 201, body: "late" };
  });
  await begun;
  await db.run(
    sql`update idempotency_keys set created_at = now() - interval '61 seconds' where key = ${request.key}`,
  );
  const work = async () => ({ status: 201, body: "taken over" });
  const taken = await Promise.all([1, 2].map(() => codeOf(runOnce(request, work))));
  expect(taken).toContain(null);
  finish();
  await dead;
  expect((await runOnce(request, work)).body).toBe("taken over");
});

test("a day later the key is forgotten", async () => {
  const request = draw();
  await runOnce(request, async () => ({ status: 201, body: 1 }));
  await db.run(
    sql`update idempotency_keys set created_at = now() - interval '25 hours' where key = ${request.key}`,
  );
  expect((await runOnce(request, async () => ({ status: 201, body: 2 }))).replayed).toBe(false);
});

test("by HTTP: an endpoint is created once, its secret is answered again, and another workspace's keys are its own", async () => {
  const foreign = await createForeignWorkspace(api.db);
  const create = (key: string, url = "https://example.com/hook") =>
    api.app.inject({
      method: "POST",
      url: "/api/v1/endpoints",
      headers: { authorization: `Bearer ${key}`, "idempotency-key": "create-1" },
      payload: { url, enabled: true, events: ["messages"] },
    });
  const first = await create(api.key);
  const again = await create(api.key);
  expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
  expect(first.json().secret).toMatch(/^whsec_/);
  expect(again.json()).toEqual(first.json());
  expect([first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]]).toEqual([
    undefined,
    "true",
  ]);
  expect((await create(api.key, "https://example.com/other")).json().code).toBe("IDEMPOTENCY_KEY_REUSED");
  const theirs = await create(foreign.key);
  expect(theirs.statusCode).toBe(201);
  expect(theirs.json().id).not.toBe(first.json().id);
});

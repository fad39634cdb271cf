import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createSecretBox, newId, Problem } from "../../base/base.ts";
import { contract, type Endpoint, type Route } from "../../contract/contract.ts";
import { sql, type Database } from "../../db/db.ts";
import {
  createForeignWorkspace,
  createTestApi,
  signedInOwner,
  type TestApi,
} from "../../../test/support/api.ts";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { asking, insertOneOfEach } from "../../../test/support/one-of-each.ts";
import { createBox } from "../../simulator/simulator.ts";
import { createKeys, type Done, type Keys } from "./idempotency.ts";

let db: Database;
let keys: Keys;
let workspace_id: string;
let api: TestApi;
let own: { workspace_id: string; connection_id: string; key: string };
/** Of the first workspace, in a browser. */
let owner: Record<string, string>;
let ask: ReturnType<typeof asking>;
beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id } = await createTestWorkspace(db));
  keys = createKeys({ db, box: createSecretBox([randomBytes(32)]) });
  const box = createBox({ target_url: "http://127.0.0.1:9/", app_secret: "secret", token: "T" });
  const sandbox = { ...box, workspace_id: "" };
  api = await createTestApi({ sandbox });
  own = await createForeignWorkspace(api.db);
  sandbox.workspace_id = own.workspace_id;
  owner = await signedInOwner(api);
  ask = asking(api, await insertOneOfEach(api, own, "a secret"));
  await api.db.run(sql`
    insert into accounts (workspace_id, id, connection_id, waba_id)
    values (${own.workspace_id}, ${newId()}, ${own.connection_id}, '1')`);
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
  expect(await keys.leased(request, work)).toMatchObject({ replayed: false, body: { n: 1 } });
  expect(await keys.leased(request, work)).toEqual({
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
  await keys.leased(request, work);
  expect(await codeOf(keys.leased({ ...request, request: ["POST", "/x", { n: 2 }] }, work))).toBe(
    "IDEMPOTENCY_KEY_REUSED",
  );
});

test("while one works on it the others are told so", async () => {
  const request = draw();
  let finish = (): void => {};
  const working = new Promise<void>((resolve) => (finish = resolve));
  let began = (): void => {};
  const begun = new Promise<void>((resolve) => (began = resolve));
  const first = keys.leased(request, async () => {
    began();
    await working;
    return { status: 201, body: 1 };
  });
  await begun;
  const never = () => Promise.reject(new Error("must not run"));
  expect(await codeOf(keys.leased(request, never))).toBe("IDEMPOTENCY_IN_PROGRESS");
  finish();
  expect((await first).replayed).toBe(false);
  expect((await keys.leased(request, never)).body).toBe(1);
});

test("a request that failed may be sent again with its key", async () => {
  const request = draw();
  expect(await codeOf(keys.leased(request, () => Promise.reject(new Problem("INVALID_URL"))))).toBe(
    "INVALID_URL",
  );
  expect((await keys.leased(request, async () => ({ status: 201, body: 2 }))).body).toBe(2);
});

test("one whose process died is taken over after a minute, and can't answer for its successor any more", async () => {
  const request = draw();
  let finish = (): void => {};
  const stuck = new Promise<void>((resolve) => (finish = resolve));
  let began = (): void => {};
  const begun = new Promise<void>((resolve) => (began = resolve));
  const dead = keys.leased(request, async () => {
    began();
    await stuck;
    return { status: 201, body: "late" };
  });
  await begun;
  await db.run(
    sql`update idempotency_keys set created_at = now() - interval '61 seconds' where key = ${request.key}`,
  );
  const work = async () => ({ status: 201, body: "taken over" });
  const taken = await Promise.all([1, 2].map(() => codeOf(keys.leased(request, work))));
  expect(taken).toContain(null);
  finish();
  await dead;
  expect((await keys.leased(request, work)).body).toBe("taken over");
});

test("a day later the key is forgotten", async () => {
  const request = draw();
  await keys.leased(request, async () => ({ status: 201, body: 1 }));
  await db.run(
    sql`update idempotency_keys set created_at = now() - interval '25 hours' where key = ${request.key}`,
  );
  expect((await keys.leased(request, async () => ({ status: 201, body: 2 }))).replayed).toBe(false);
});

/** The effect of a kept request: a row of its own in `workspaces`. */
const effect = (name: string, before: (name: string) => Promise<unknown> = async () => {}) => {
  return (keep: Parameters<Parameters<Keys["kept"]>[1]>[0]): Promise<Done> =>
    db.transaction(async (tx) => {
      const id = randomUUID();
      await tx.run(sql`insert into workspaces (id, name, slug) values (${id}, ${name}, ${id})`);
      await before(name);
      const done = { status: 201, body: { id } };
      await keep(tx, done);
      return done;
    });
};
const effects = async (name: string) =>
  (await db.rows(sql`select id from workspaces where name = ${name}`)).length;

test("kept: the effect and its answer are committed together, so a process that dies after it has answered", async () => {
  const request = draw();
  const committed = new Promise<void>((resolve) => {
    // As if it had been killed: nothing comes after the commit.
    void keys.kept(request, async (keep) => {
      await effect("dies after it")(keep);
      resolve();
      return new Promise(() => {});
    });
  });
  await committed;
  const again = await keys.kept(request, effect("dies after it"));
  expect([again.replayed, await effects("dies after it")]).toEqual([true, 1]);

  const failing = draw();
  const failed = keys.kept(failing, (keep) =>
    effect("undone")(async (tx, done) => {
      await keep(tx, done);
      throw new Problem("INVALID_URL");
    }),
  );
  expect([await codeOf(failed), await effects("undone")]).toEqual(["INVALID_URL", 0]);
  expect((await keys.kept(failing, effect("undone"))).replayed).toBe(false);
});

test("kept: when the word of the commit is lost, what was committed is answered", async () => {
  const lost = await keys.kept(draw(), async (keep) => {
    await effect("its word was lost")(keep);
    throw new Error("Connection terminated unexpectedly");
  });
  expect([lost.status, lost.replayed]).toEqual([201, true]);
});

test("kept: of two at once one takes effect, and both get its answer", async () => {
  const request = draw();
  let both = 0;
  let go = (): void => {};
  const met = new Promise<void>((resolve) => (go = resolve));
  const meet = async () => {
    if (++both === 2) go();
    await met;
  };
  const answers = await Promise.all([1, 2].map(() => keys.kept(request, effect("two at once", meet))));
  expect(await effects("two at once")).toBe(1);
  expect(answers[0]!.body).toEqual(answers[1]!.body);
  expect(new Set(answers.map(({ replayed }) => replayed))).toEqual(new Set([false, true]));
});

test("kept: who comes too late to do it, because it is done, gets the answer and no problem", async () => {
  const request = draw();
  const late = await keys.kept(request, async () => {
    await keys.kept(request, effect("overtaken"));
    throw new Problem("ENDPOINT_LIMIT");
  });
  expect([late.replayed, await effects("overtaken")]).toEqual([true, 1]);
  const other = keys.kept({ ...request, request: ["POST", "/x", { n: 2 }] }, effect("overtaken"));
  expect([await codeOf(other), await effects("overtaken")]).toEqual(["IDEMPOTENCY_KEY_REUSED", 1]);
});

test("kept: work that forgets its answer is a mistake that shows", async () => {
  const forgets = keys.kept(draw(), async () => ({ status: 201, body: {} }));
  await expect(forgets).rejects.toThrow("did not keep its answer");
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

/** What has to be so, for some to have an effect at all: the state of the one automation, or of the run in it. */
const BEFORE: Partial<Record<Route, ReturnType<typeof sql>>> = {
  "POST /api/v1/automations/:id/activate": sql`update automations set state = 'INACTIVE'`,
  "POST /api/v1/automations/:id/runs/retry": sql`update automation_runs set state = 'FAILED', ended_at = now()`,
  "POST /api/v1/automations/:id/runs/cancel": sql`update automation_runs set state = 'ACTIVE', ended_at = null`,
  "POST /api/v1/automations/:id/runs/resume": sql`update automation_runs set state = 'PAUSED', ended_at = null`,
  "POST /api/v1/automations/:id/runs/move": sql`
    with another as (
      insert into automation_versions (workspace_id, automation_id, version, flow)
      select workspace_id, automation_id, 1000, flow from automation_versions where version = 1 returning automation_id),
    entered as (update automations set state = 'ACTIVE', version = 1000 where id in (select automation_id from another))
    update automation_runs set state = 'ACTIVE', ended_at = null, version = 1`,
};

/** No key does it. */
const OF_PEOPLE: readonly Route[] = ["POST /api/v1/invitations", "POST /api/v1/workspaces"];

test.each(
  (Object.entries(contract) as [Route, Endpoint][]).filter(([, { idempotent }]) => idempotent === "kept"),
)("%s: its key is committed with its effect", async (route, { status = 200 }) => {
  const idempotency_key = randomUUID();
  const before = BEFORE[route];
  if (before) await api.db.run(before);
  const by = OF_PEOPLE.includes(route) ? owner : own.key;
  const answer = await ask(route, by, { "idempotency-key": idempotency_key });
  expect([answer.statusCode, answer.body]).toEqual([status, answer.body]);
  // What it did was published, or written, in the transaction that wrote the key.
  const told = await api.db.rows(sql`
    select e.name from idempotency_keys k join live_events e on e.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'api key' from idempotency_keys k join api_keys t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'draft' from idempotency_keys k join template_drafts t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'group' from idempotency_keys k join template_groups t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'automation' from idempotency_keys k join automations t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'run' from idempotency_keys k join automation_runs t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'role' from idempotency_keys k join roles t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'invitation' from idempotency_keys k join invitations t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'workspace' from idempotency_keys k join workspaces t on t.xmin = k.xmin where k.key = ${idempotency_key}
    union all select 'call secret' from idempotency_keys k join call_secrets t on t.xmin = k.xmin where k.key = ${idempotency_key}`);
  expect(told.length).toBeGreaterThan(0);
  const again = await ask(route, by, { "idempotency-key": idempotency_key });
  expect([again.headers["idempotency-replayed"], again.body]).toEqual(["true", answer.body]);
});

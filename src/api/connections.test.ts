import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createForeignWorkspace, createTestApi, insertKey, type TestApi } from "../../test/support/api.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { newId, systemClock } from "../base/base.ts";
import { createConnections, type MetaFinding } from "../connections/connections.ts";
import { sql } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { createGraphStandIn, createSimulator, NUMBERS, type GraphStandIn } from "../simulator/simulator.ts";

const SECRET = "the secret of the app";
const TOKEN = "EAA-the-token";
const APP = "670843887433847";
const NUMBER = NUMBERS[0]!;
const SCOPES = ["whatsapp_business_management", "whatsapp_business_messaging"];

let meta: GraphStandIn;
let api: TestApi;
/** Where Meta shall send: it answers the handshake with what it was asked. */
let callback_url: string;
const stops: (() => Promise<unknown> | void)[] = [];
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

beforeAll(async () => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://none");
    const known =
      url.pathname === "/webhooks/meta" && url.searchParams.get("hub.verify_token") === "verify-me";
    response.writeHead(known ? 200 : 403).end(known ? url.searchParams.get("hub.challenge") : "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => void server.close());
  callback_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/meta`;
  const simulator = createSimulator({ target_url: callback_url, app_secret: SECRET });
  meta = createGraphStandIn({
    simulator,
    token: TOKEN,
    app: { id: APP, name: "Hub", secret: SECRET },
    handshakes: true,
  });
  const graph_url = await meta.listen(0);
  stops.push(
    () => simulator.stop(),
    () => meta.stop(),
  );
  api = await createTestApi({ graph: { graph_url } });
});

beforeEach(() => meta.changeApp({ scopes: SCOPES, live: true }));

async function ask(method: string, path: string, body?: unknown, key = api.key) {
  const answer = await api.app.inject({
    method: method as "GET",
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return { status: answer.statusCode, body: (answer.body === "" ? null : answer.json()) as never as Answer };
}
// oxlint-disable-next-line typescript/no-explicit-any -- of any route
type Answer = any;

const GIVEN = {
  name: "Hub",
  app_id: APP,
  app_secret: SECRET,
  access_token: TOKEN,
  verify_token: "verify-me",
};
async function added(given: Partial<typeof GIVEN> = {}): Promise<string> {
  const { status, body } = await ask("POST", "connections", { ...GIVEN, ...given });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.id as string;
}
async function problemsOf(id: string): Promise<Pick<MetaFinding, "check" | "text">[]> {
  const { status, body } = await ask("POST", `connections/${id}/check`, { callback_url });
  expect(status).toBe(200);
  return (body.findings as MetaFinding[])
    .filter(({ state }) => state === "problem")
    .map(({ check, text }) => ({ check, text }));
}

describe("a connection that a person adds", () => {
  it("stands beside the environment's, and its secrets are sealed and never answered", async () => {
    const id = await added();
    const { body } = await ask("GET", "connections");
    expect(body.data.find((one: Answer) => one.id === id)).toMatchObject({
      name: "Hub",
      app_id: APP,
      from_environment: false,
      has_app_secret: true,
      has_verify_token: true,
      has_access_token: true,
    });
    expect(JSON.stringify(body)).not.toMatch(/verify-me|EAA-the-token|the secret of the app/);
    const stored = await api.db.first<{ row: string }>(
      sql`select row_to_json(c)::text as row from connections c where id = ${id}`,
    );
    for (const secret of [SECRET, TOKEN, "verify-me"])
      for (const spelt of [secret, Buffer.from(secret).toString("hex")])
        expect(stored?.row).not.toContain(spelt);
    expect((await ask("GET", `connections/${id}/verify_token`)).body).toEqual({ verify_token: "verify-me" });
  });

  it("makes up a verify token when none is given, and is removed while nothing hangs on it", async () => {
    const { body } = await ask("POST", "connections", { name: "Second", app_secret: SECRET });
    const told = await ask("GET", `connections/${body.id}/verify_token`);
    expect(told.body.verify_token).toMatch(/^[0-9a-f]{48}$/);
    expect((await ask("DELETE", `connections/${body.id}`)).status).toBe(204);
    expect((await ask("GET", `connections/${body.id}/verify_token`)).status).toBe(404);
  });

  it("is another workspace's to see, change or remove in no way", async () => {
    const id = await added();
    const { key } = await createForeignWorkspace(api.db);
    expect(
      (await ask("GET", "connections", undefined, key)).body.data.map((one: Answer) => one.id),
    ).not.toContain(id);
    const tries: [string, string, unknown?][] = [
      ["PATCH", `connections/${id}`, { name: "Mine" }],
      ["DELETE", `connections/${id}`],
      ["GET", `connections/${id}/verify_token`],
      ["POST", `connections/${id}/rotate-app-secret`, { app_secret: "a new secret" }],
      ["POST", `connections/${id}/check`, {}],
      ["POST", `connections/${id}/subscribe`, { callback_url }],
      ["GET", `connections/${id}/accounts`],
      ["POST", `connections/${id}/accounts`, { waba_id: NUMBER.waba_id }],
      ["POST", `connections/${id}/accounts/${NUMBER.waba_id}/subscribe`, { callback_url: null }],
      ["POST", "unrouted/adopt", { connection_id: id, waba_id: "1" }],
      ["POST", "unrouted/discard", { connection_id: id, waba_id: "1" }],
    ];
    for (const [method, path, body] of tries)
      expect({ path, status: (await ask(method, path, body, key)).status }).toEqual({ path, status: 404 });
    const member = await insertKey(api.db, api.workspace_id, "support_agent");
    expect((await ask("GET", "connections", undefined, member)).status).toBe(403);
    expect((await ask("GET", "unrouted", undefined, member)).status).toBe(403);
  });

  it("accepts both app secrets for as long as it was told to", async () => {
    const id = await added();
    const connections = createConnections({ db: api.db, box: api.box, clock: systemClock });
    expect(
      (await ask("POST", `connections/${id}/rotate-app-secret`, { app_secret: "the next secret" })).status,
    ).toBe(200);
    expect((await connections.find(id))?.app_secrets).toEqual(["the next secret", SECRET]);
    const none = await ask("POST", `connections/${id}/rotate-app-secret`, {
      app_secret: "the third secret",
      keep_hours: 0,
    });
    expect(none.status).toBe(200);
    const later = createConnections({ db: api.db, box: api.box, clock: systemClock });
    expect((await later.find(id))?.app_secrets).toEqual(["the third secret"]);
  });

  it("is not the environment's, whose next start would undo a change", async () => {
    await api.db.run(sql`update connections set from_environment = true where id = ${api.connection_id}`);
    const path = `connections/${api.connection_id}`;
    expect((await ask("PATCH", path, { name: "Of the environment" })).status).toBe(200);
    for (const [method, at, body] of [
      ["PATCH", path, { access_token: "another token" }],
      ["POST", `${path}/rotate-app-secret`, { app_secret: "another secret" }],
      ["DELETE", path, undefined],
    ] as const)
      expect((await ask(method, at, body)).body).toMatchObject({
        code: "CONNECTION_STATE",
        reason: "environment",
      });
  });
});

describe("the check with Meta", () => {
  it("finds nothing wrong where nothing is, and its words are kept", async () => {
    const id = await added();
    expect(await problemsOf(id)).toEqual([]);
    const { body } = await ask("GET", "connections");
    const kept = body.data.find((one: Answer) => one.id === id);
    expect(kept.findings.map((one: MetaFinding) => one.check)).toEqual([
      "token",
      "callback",
      "fields",
      "account",
    ]);
    expect(kept.checked_at).not.toBeNull();
  });

  it("names the fault: a wrong secret, token or app", async () => {
    const secret = await problemsOf(await added({ app_secret: "of another app" }));
    expect(secret).toEqual([{ check: "secret", text: expect.stringContaining("is not the secret of Hub") }]);
    const token = await problemsOf(await added({ access_token: "EAA-of-another" }));
    expect(token).toEqual([{ check: "token", text: "the access token can't be checked" }]);
    const app = await problemsOf(await added({ app_id: "4711" }));
    expect(app).toEqual([{ check: "token", text: expect.stringContaining("not to the app 4711") }]);
  });

  it("names the fault: a permission that lacks, an app in development, a field, an account, a number", async () => {
    const id = await added();
    meta.changeApp({ scopes: ["whatsapp_business_messaging"] });
    expect(await problemsOf(id)).toEqual([
      { check: "permissions", text: "the token lacks whatsapp_business_management" },
    ]);
    meta.changeApp({ scopes: SCOPES, live: false });
    expect(await problemsOf(id)).toEqual([
      { check: "app_mode", text: expect.stringContaining("is in development mode") },
    ]);
    meta.changeApp({ live: true });
    const elsewhere = await ask("POST", `connections/${id}/check`, {
      callback_url: "https://hub.example/webhooks/meta",
    });
    expect(elsewhere.body.findings.filter((one: MetaFinding) => one.state === "problem")).toMatchObject([
      { check: "callback", fix: expect.stringContaining("register Wharf's callback URL") },
    ]);
    const graph = async (method: string, path: string, body: unknown, token = TOKEN) => {
      const { graph_url } = (await ask("GET", "connections")).body.data.find((one: Answer) => one.id === id);
      const answer = await fetch(`${graph_url}/v27.0/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(await answer.json()).toMatchObject({ success: true });
    };
    const of_app = { object: "whatsapp_business_account", callback_url, verify_token: "verify-me" };
    await graph("POST", `${APP}/subscriptions`, { ...of_app, fields: "account_update" }, `${APP}|${SECRET}`);
    await graph("DELETE", `${NUMBER.waba_id}/subscribed_apps`, undefined);
    await graph("POST", `${NUMBER.phone_number_id}/deregister`, {});
    expect(await problemsOf(id)).toEqual([
      { check: "fields", text: "the app is not subscribed to messages, so no message reaches Wharf" },
      { check: "account", text: `${NUMBER.waba_id} does not send its webhooks to this app` },
      { check: "number", text: `+${NUMBER.display_phone_number} is not registered, so it can't send` },
    ]);

    // And each is put right from the page.
    expect((await ask("POST", `connections/${id}/subscribe`, { callback_url })).status).toBe(200);
    const added_account = await ask("POST", `connections/${id}/accounts`, { waba_id: NUMBER.waba_id });
    expect(added_account.body.data).toMatchObject([
      { waba_id: NUMBER.waba_id, name: "Fjord & Fell", numbers: 1 },
    ]);
    const path = `connections/${id}/accounts/${NUMBER.waba_id}/subscribe`;
    expect((await ask("POST", path, { callback_url: null })).status).toBe(200);
    const [number] = (await ask("GET", "phone_numbers")).body.data;
    expect(number).toMatchObject({
      phone_number_id: NUMBER.phone_number_id,
      connection_id: id,
      connected: true,
    });
    const registered = await ask("POST", `phone_numbers/${number.id}/register`, { pin: "212834" });
    expect(registered.body).toMatchObject({ registered: true, has_pin: true });
    expect(await problemsOf(id)).toEqual([]);
    // It has an account now.
    expect((await ask("DELETE", `connections/${id}`)).body).toMatchObject({ reason: "in_use" });
  });
});

describe("a number", () => {
  const first = async () => (await ask("GET", "phone_numbers")).body.data[0].id as string;

  it("has a profile, a PIN, a silence alarm and an address of its own, which read back from Meta", async () => {
    const id = await first();
    const profile = {
      about: "Flowers 🌷 since 1924",
      websites: ["https://flowers.example"],
      vertical: "RETAIL",
    };
    expect((await ask("PATCH", `phone_numbers/${id}/profile`, profile)).body.profile).toMatchObject(profile);
    expect(
      (await ask("PATCH", `phone_numbers/${id}/settings`, { silence_after_s: 3_600 })).body,
    ).toMatchObject({
      silence_after_s: 3_600,
      throughput: "STANDARD",
      messaging_limit: "TIER_1K",
    });
    const wrong = await ask("POST", `phone_numbers/${id}/register`, { pin: "111111" });
    expect(wrong).toMatchObject({ status: 422, body: { code: "META_REFUSED", meta_code: 133005 } });
    const override = { callback_url, verify_token: "verify-me" };
    expect((await ask("POST", `phone_numbers/${id}/override`, override)).body).toMatchObject({
      callback_url,
    });
    const refused = await ask("POST", `phone_numbers/${id}/override`, {
      ...override,
      verify_token: "not the one",
    });
    expect(refused.status).toBe(400);
    const unknown = await ask("POST", `phone_numbers/${id}/override`, {
      ...override,
      verify_token: "not-the-one",
    });
    expect(unknown.body).toMatchObject({ code: "META_REFUSED", meta_code: 2200 });
    expect((await ask("POST", `phone_numbers/${id}/override`, { callback_url: null })).body).toMatchObject({
      callback_url: null,
    });
  });

  it("is not another workspace's", async () => {
    const id = await first();
    const { key } = await createForeignWorkspace(api.db);
    expect((await ask("GET", `phone_numbers/${id}/settings`, undefined, key)).status).toBe(404);
    expect((await ask("POST", `phone_numbers/${id}/deregister`, undefined, key)).status).toBe(404);
    expect((await ask("PATCH", `phone_numbers/${id}/settings`, { silence_after_s: null }, key)).status).toBe(
      404,
    );
  });
});

const webhookOf = (waba_id: string, id: string) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: waba_id,
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "447700900321", phone_number_id: "888000111222" },
            contacts: [{ profile: { name: "Ada" }, wa_id: "12025550147" }],
            messages: [
              {
                from: "12025550147",
                id,
                timestamp: String(Math.floor(Date.now() / 1_000)),
                type: "text",
                text: { body: "Hello" },
              },
            ],
          },
        },
      ],
    },
  ],
});

describe("a shared connection", () => {
  it("keeps what belongs to no workspace, gives it to one by a click, and processes it then", async () => {
    const connection_id = await added({ name: "Shared" });
    const shared = await ask("PATCH", `connections/${connection_id}`, { shared: true });
    expect(shared.body).toMatchObject({ shared: true });
    const waba_id = "555000111222";
    const { pipeline, post, clock } = createTestPipeline(api.db, { inbox: applyInbox });
    stops.push(() => pipeline.stop());
    const process = () => {
      // The API made them due by the system's clock.
      clock.now_ms = Date.now() + 1_000;
      return pipeline.drain();
    };
    const arrive = (wamid: string) => post(connection_id, webhookOf(waba_id, wamid));
    const stored = () => api.db.rows(sql`select from messages where workspace_id = ${api.workspace_id}`);
    await arrive("wamid.ONE");
    await arrive("wamid.TWO");
    await process();
    const groups = (await ask("GET", "unrouted")).body.data;
    expect(groups).toMatchObject([{ connection_id, waba_id, webhooks: 2 }]);
    expect(await stored()).toEqual([]);

    const adopted = await ask("POST", "unrouted/adopt", { connection_id, waba_id });
    expect(adopted.body).toEqual({ webhooks: 2 });
    await process();
    expect(await stored()).toHaveLength(2);
    expect((await ask("GET", "unrouted")).body.data).toEqual([]);
    // What comes next is routed at once.
    await arrive("wamid.THREE");
    await process();
    expect(await stored()).toHaveLength(3);
  });

  it("gives an account to one workspace only, and only to one that the person owns", async () => {
    // The workspace has the account by another connection, if by none yet, then by this one.
    await ask("POST", `connections/${await added()}/accounts`, { waba_id: NUMBER.waba_id });
    const id = await added({ name: "Also shared" });
    await ask("PATCH", `connections/${id}`, { shared: true });
    const { workspace_id } = await createForeignWorkspace(api.db);
    const taken = await ask("POST", `connections/${id}/accounts`, { waba_id: NUMBER.waba_id });
    expect(taken.body).toMatchObject({ code: "ACCOUNT_TAKEN", reason: "connection" });
    const foreign = await ask("POST", `connections/${id}/accounts`, {
      waba_id: NUMBER.waba_id,
      workspace_id,
    });
    expect(foreign.status).toBe(403);
    const own = await added({ name: "Own" });
    const other = newId();
    await api.db.run(
      sql`insert into workspaces (id, slug, name) values (${other}, ${`w-${randomBytes(4).toString("hex")}`}, 'Other')`,
    );
    expect(
      (await ask("POST", `connections/${own}/accounts`, { waba_id: "99", workspace_id: other })).status,
    ).toBe(403);
  });
});

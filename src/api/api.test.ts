import { readFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { newId, problems, projectDir, silentLog } from "../base/base.ts";
import { contract, type Endpoint, type Reply } from "../contract/contract.ts";
import { ProblemDocument } from "../contract/shapes.ts";
import { createDatabase, sql } from "../db/db.ts";
import { createTestApi, signedInOwner, type TestApi } from "../../test/support/api.ts";
import { startApi } from "../../test/support/api-parts.ts";
import { createPeople } from "./api.ts";

let api: TestApi;
let web_dir: string;
let owner: Record<string, string>;
beforeAll(async () => {
  web_dir = await mkdtemp(join(tmpdir(), "wharf-pages-test-"));
  await mkdir(join(web_dir, "assets"));
  await writeFile(join(web_dir, "index.html"), "<!doctype html><title>Wharf</title>");
  await writeFile(join(web_dir, "assets/app-1234.js"), "export {};");
  api = await createTestApi({
    web_dir,
    intake: { handle: (request, response) => void response.end(`intake saw ${request.url}`) },
  });
  owner = await signedInOwner(api);
});

const asOwner = () => ({ authorization: `Bearer ${api.key}` });
const ask = async (
  method: "GET" | "POST" | "PATCH" | "DELETE",
  url: string,
  payload?: object | string,
  headers = {},
) =>
  api.app.inject({
    method,
    url,
    headers: { ...asOwner(), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

const routes = (Object.entries(contract) as [string, Endpoint][]).map(([route, endpoint]) => {
  const [method, path] = route.split(" ") as ["GET" | "POST" | "PATCH" | "DELETE", string];
  return { route, method, path, endpoint };
});
/** What only people do: a key is refused before the id is looked at. */
const OF_PEOPLE =
  /^(POST \/api\/v1\/members\/:id\/transfer|POST \/api\/v1\/workspaces\/:id\/(enter|leave)|DELETE \/api\/v1\/sessions\/:id)$/;
const withId = routes.filter(({ path }) => path.includes(":id"));

/** A body or query that passes validation, so that only the id is wrong. */
const queries: Record<string, string> = {
  "GET /api/v1/endpoints/:id/recoverable": "?since=2026-01-01T00:00:00Z",
  "GET /api/v1/contacts/:id/merge": "?from_id=01a22bad-35f5-71b1-be46-f24c63afb954",
};
const bodies: Record<string, object> = {
  "POST /api/v1/endpoints/:id/recover": { since: "2026-01-01T00:00:00Z" },
  "PATCH /api/v1/conversations/:id": { read: true },
  "PATCH /api/v1/roles/:id": { sees_numbers: false },
  "PATCH /api/v1/members/:id": { role: "viewer" },
  "POST /api/v1/templates/:id/draft": { as: "copy" },
  "PATCH /api/v1/template_drafts/:id": { category: "MARKETING" },
  "PATCH /api/v1/template_groups/:id": { name: "Sale" },
  "POST /api/v1/conversations/:id/messages": { content: { type: "text", body: "Hello" } },
  "PATCH /api/v1/contacts/:id/profile": { language: "de" },
  "POST /api/v1/contacts/:id/merge": { from_id: "01a22bad-35f5-71b1-be46-f24c63afb954" },
  "POST /api/v1/contacts/:id/erase": { confirm: true },
  "PATCH /api/v1/contact_fields/:id": { name: "Size" },
  "POST /api/v1/contacts/:id/consent": { state: "SUBSCRIBED", reason: "Asked us" },
  "POST /api/v1/blacklist/:id/remove": { reason: "Asked us" },
  "PATCH /api/v1/tags/:id": { name: "VIP" },
  "PATCH /api/v1/lists/:id": { name: "Spring" },
  "POST /api/v1/lists/:id/contacts": { add: [] },
  "PATCH /api/v1/segments/:id": { name: "Recent" },
  "PATCH /api/v1/automations/:id": { name: "Welcome" },
  "POST /api/v1/automations/:id/test": { contact_id: "01a22bad-35f5-71b1-be46-f24c63afb954" },
  "POST /api/v1/automation_tests/:id/go_on": { do: "next" },
  "POST /api/v1/automation_tests/:id/customer": { does: "read" },
  "POST /api/v1/contacts/:id/notes": { text: "Likes tea" },
  "POST /api/v1/automations/:id/runs/count": { verb: "retry" },
  "POST /api/v1/automations/:id/runs/retry": {},
  "POST /api/v1/automations/:id/runs/cancel": {},
  "POST /api/v1/automations/:id/runs/resume": {},
  "POST /api/v1/automations/:id/runs/move/preview": {},
  "POST /api/v1/automations/:id/runs/move": {},
  "PATCH /api/v1/campaigns/:id": { name: "Summer" },
  "POST /api/v1/campaigns/:id/recipients": { recipients: [{ phone: "+16505551234" }] },
  "POST /api/v1/campaigns/:id/exclusions": { phones: ["+16505551234"] },
  "POST /api/v1/campaigns/:id/test": { to: ["+16505551234"] },
  "PATCH /api/v1/imports/:id": { policy: "overwrite" },
  "PATCH /api/v1/endpoints/:id": { enabled: false },
  "POST /api/v1/endpoints/:id/restore-headers": { names: ["X-Team"] },
  "POST /api/v1/endpoints/:id/resendable": { filter: {} },
  "POST /api/v1/endpoints/:id/cancellable": { filter: {} },
  "POST /api/v1/endpoints/:id/cancel": { filter: {} },
  "POST /api/v1/endpoints/:id/resend": { filter: {} },
  "PATCH /api/v1/connections/:id": { name: "Hub" },
  "POST /api/v1/connections/:id/rotate-app-secret": { app_secret: "the next secret" },
  "POST /api/v1/connections/:id/check": {},
  "POST /api/v1/connections/:id/subscribe": { callback_url: "https://hub.example/webhooks/meta" },
  "POST /api/v1/connections/:id/accounts": { waba_id: "1" },
  "POST /api/v1/connections/:id/accounts/:waba_id/subscribe": { callback_url: null },
  "PATCH /api/v1/phone_numbers/:id/settings": { silence_after_s: null },
  "PATCH /api/v1/phone_numbers/:id/profile": { about: "Flowers" },
  "POST /api/v1/phone_numbers/:id/register": { pin: "212834" },
  "POST /api/v1/phone_numbers/:id/pin": { pin: "212834" },
  "POST /api/v1/phone_numbers/:id/request-code": { method: "SMS" },
  "POST /api/v1/phone_numbers/:id/verify-code": { code: "123456" },
  "POST /api/v1/phone_numbers/:id/override": { callback_url: null },
  "POST /api/v1/endpoints/:id/uncancel-pending": { cancelled_at: "2026-01-01T00:00:00Z" },
};

test.each(withId)("$route: an id that no one has is a 404", async ({ route, method, path }) => {
  const named = path.replace(":id", newId()).replace(":waba_id", "1");
  const url = named + (queries[route] ?? "");
  const answer = OF_PEOPLE.test(route)
    ? await api.app.inject({ method, url, headers: owner })
    : await ask(method, url, bodies[route]);
  expect([answer.statusCode, answer.json().code]).toEqual([404, "NOT_FOUND"]);
});

test.each(withId)(
  "$route: something that is no id is a problem, not a crash",
  async ({ route, method, path }) => {
    const answer = await ask(method, path.replace(":id", "%00'--"), bodies[route]);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toMatch(/^`id` must be a UUID\b/);
  },
);

test.each(routes)("$route: no one gets in without a session or a key", async ({ method, path }) => {
  const url = path.replace(":id", newId());
  for (const headers of [{}, { authorization: "Bearer wrong" }, { cookie: "wharf.session_token=x.y" }]) {
    const answer = await api.app.inject({ method, url, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="wharf"');
  }
});

test("every problem is a document of RFC 9457 with the request's id", async () => {
  const answer = await ask("GET", `/api/v1/contacts/${newId()}`);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  const problem = ProblemDocument.strict().parse(answer.json());
  expect(problem).toMatchObject({ status: 404, code: "NOT_FOUND", type: "/api/errors#NOT_FOUND" });
  expect(problem.request_id).toBe(answer.headers["x-request-id"]);
});

test("what is wrong with a request is said with the field's name", async () => {
  const cases: [ReturnType<typeof ask>, number, string, RegExp?][] = [
    [ask("GET", "/api/v1/nothing"), 404, "NOT_FOUND", /no GET \/api\/v1\/nothing/],
    [ask("DELETE", "/api/v1/conversations"), 404, "NOT_FOUND"],
    [
      ask("GET", "/api/v1/conversations?status=BUSY"),
      400,
      "INVALID_REQUEST",
      /^`status` must be one of OPEN, PENDING or RESOLVED\.$/,
    ],
    [
      ask("GET", "/api/v1/conversations?limit=1000"),
      400,
      "INVALID_REQUEST",
      /^`limit` must be a whole number from 1 to 200\.$/,
    ],
    [ask("GET", "/api/v1/conversations?cursor=xx"), 400, "INVALID_REQUEST", /cursor/],
    [ask("GET", "/api/v1/contacts?cursor=WzEsMl0"), 400, "INVALID_REQUEST", /cursor/],
    [ask("GET", "/api/v1/contacts?search=%00"), 400, "INVALID_REQUEST", /U\+0000/],
    [ask("GET", "/api/v1/conversations?assignee=me"), 400, "INVALID_REQUEST", /assignee/],
    [
      ask("POST", "/api/v1/endpoints", { url: 7 }),
      400,
      "INVALID_REQUEST",
      /^`url` must be text\. `enabled` is required\./,
    ],
    [
      ask("POST", "/api/v1/endpoints", "{", { "content-type": "application/json" }),
      400,
      "INVALID_REQUEST",
      /JSON/,
    ],
    [
      ask("POST", "/api/v1/endpoints", "a=1", { "content-type": "text/plain" }),
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    [ask("POST", "/api/v1/endpoints", { url: "x".repeat(2 ** 20) }), 413, "BODY_TOO_LARGE", /1048576/],
    [
      ask("POST", "/api/v1/endpoints", '{"__proto__":1}', { "content-type": "application/json" }),
      400,
      "INVALID_REQUEST",
      /__proto__/,
    ],
    [ask("GET", "/api/v1/contacts/%"), 400, "INVALID_REQUEST"],
    [ask("GET", "/api/v1/sandbox"), 409, "SANDBOX_OFF"],
  ];
  for (const [answer, status, code, detail] of cases) {
    const { statusCode, headers, json } = await answer;
    expect([statusCode, json().code]).toEqual([status, code]);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(json().detail ?? "").toMatch(detail ?? "");
  }
});

test("while the database is away the answer is 503 with Retry-After, and /readyz says so", async () => {
  const db = createDatabase({ url: "postgres://unknown@127.0.0.1:1/test" });
  const { app: broken } = await createTestApi(
    { db: api.db },
    { people: createPeople({ db, box: api.box, log: silentLog }), db },
  );
  for (const headers of [asOwner(), { cookie: "wharf.session_token=x.y" }]) {
    const answer = await broken.inject({ url: "/api/v1/conversations", headers });
    expect([answer.statusCode, answer.json().code, answer.headers["retry-after"]]).toEqual([
      503,
      "UNAVAILABLE",
      "5",
    ]);
  }
  expect((await broken.inject({ url: "/readyz" })).statusCode).toBe(503);
  expect((await broken.inject({ url: "/healthz" })).statusCode).toBe(200);
  const signIn = await broken.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    payload: { email: "a@b.cd", password: "x" },
  });
  expect(signIn.json().code).toBe("UNAVAILABLE");
});

test("ready means that the database answers and its schema is this Wharf's", async () => {
  expect((await api.app.inject({ url: "/readyz" })).json()).toEqual({ ok: true });
  await api.db.run(
    sql`update migrations set number = number + 1 where number = (select max(number) from migrations)`,
  );
  const answer = await api.app.inject({ url: "/readyz" });
  await api.db.run(
    sql`update migrations set number = number - 1 where number = (select max(number) from migrations)`,
  );
  expect([answer.statusCode, answer.json().reason]).toEqual([503, expect.stringContaining("schema")]);
});

test("/metrics speaks Prometheus", async () => {
  const answer = await api.app.inject({ url: "/metrics" });
  expect(answer.headers["content-type"]).toContain("text/plain");
  expect(answer.body).toContain("wharf_live_clients");
});

/** Schemas of over 2,000 characters that stand at two places or more; exported by the contract, a shape is a component. */
function writtenTwice(document: object): string[] {
  const places = new Map<string, string[]>();
  const visit = (value: unknown, place: string): void => {
    if (value === null || typeof value !== "object") return;
    const text = JSON.stringify(value);
    if (text.length <= 2_000) return;
    if ("type" in value || "anyOf" in value || "oneOf" in value)
      places.set(text, [...(places.get(text) ?? []), place]);
    for (const [key, part] of Object.entries(value)) visit(part, `${place}/${key}`);
  };
  visit(document, "");
  return [...places.values()].filter((found) => found.length > 1).map((found) => found.join(" and "));
}

test("the description is OpenAPI 3.1 and has each route of the contract", async () => {
  const document = (await api.app.inject({ url: "/api/openapi.json" })).json();
  expect(document.openapi).toBe("3.1.0");
  expect(writtenTwice(document)).toEqual([]);
  // How the API changes is a diff of this file; `npm test -- src/api/api.test.ts -u` writes it.
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot("../../docs/openapi.json");
  const operations = new Map<string, { operationId: string }>();
  for (const [path, methods] of Object.entries<Record<string, { operationId: string }>>(document.paths))
    for (const [method, operation] of Object.entries(methods))
      operations.set(`${method.toUpperCase()} ${path}`, operation);
  for (const { route, endpoint } of routes) {
    const operation = operations.get(route.replace(/:(\w+)/g, "{$1}"));
    expect(operation).toMatchObject({
      summary: endpoint.summary,
      responses: { [endpoint.status ?? 200]: {}, default: {} },
      ...(endpoint.body ? { requestBody: { content: { "application/json": {} } } } : {}),
    });
  }
  expect(operations.has("GET /api/v1/live")).toBe(true);
  const ids = [...operations.values()].map((operation) => operation.operationId);
  expect(ids).toEqual([...new Set(ids)]);
  expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#\/components)/);
  expect((await api.app.inject({ url: "/api/docs" })).statusCode).toBeLessThan(400);
});

test("each problem code is explained in docs/errors.md, and nothing else is", async () => {
  const text = await readFile(join(projectDir, "docs/errors.md"), "utf8");
  const explained = [...text.matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code!);
  expect(explained.toSorted()).toEqual(Object.keys(problems).toSorted());
  for (const code of explained) {
    const section = text.split(`## ${code}\n`)[1]!.split(/^## /m)[0]!;
    expect(section).toContain(`HTTP ${problems[code as keyof typeof problems].status}`);
    expect(section.length).toBeGreaterThan(120);
  }
  expect((await api.app.inject({ url: "/api/errors" })).body).toBe(text);
});

test("the catalogue of Meta's errors can be asked for, line for line as docs/meta-errors.md has it", async () => {
  const { data } = (await ask("GET", "/api/v1/meta_errors")).json<Reply<"GET /api/v1/meta_errors">>();
  const text = (await readFile(join(projectDir, "docs/meta-errors.md"), "utf8")).replaceAll(/ {2,}/g, " ");
  expect(data.length).toBeGreaterThan(80);
  for (const { symbol, behaviour, says, advice, does } of data) {
    expect(text).toContain(`| \`${symbol}\` | \`${behaviour}\` | ${says} | ${advice} |`);
    expect(text).toContain(`| \`${behaviour}\` | ${does} |`);
  }
});

test("pages: hashed files for ever, the rest asked for again, any other path is the router's", async () => {
  const get = (url: string) => api.app.inject({ url });
  expect((await get("/assets/app-1234.js")).headers["cache-control"]).toBe(
    "public, max-age=31536000, immutable",
  );
  for (const url of ["/", "/inbox/7", "/sign-in?error=link"]) {
    const page = await get(url);
    expect([page.statusCode, page.headers["cache-control"]]).toEqual([200, "no-cache"]);
    expect(page.body).toContain("<title>Wharf</title>");
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(page.headers["x-content-type-options"]).toBe("nosniff");
  }
  for (const url of [
    "/assets/gone-99.js",
    "/api/nothing",
    "/favicon.png",
    "/../package.json",
    "/%2e%2e/package.json",
  ])
    expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
});

test("webhooks reach intake untouched, on the same port", async () => {
  await api.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = api.app.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/meta?hub.mode=subscribe`, {
    method: "POST",
    body: "not {json",
  });
  expect(await answer.text()).toBe("intake saw /webhooks/meta?hub.mode=subscribe");
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

test("every GET answers a HEAD too, or says that there is none (L13)", async () => {
  // All that the server has: files and streams are not in the contract. A tree, four columns a level.
  const above: string[] = [];
  const gets = api.app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const [, indent = "", part = "", methods = ""] = /^(.*)[├└]── (\S+)(?: \((.*)\))?/.exec(line) ?? [];
      above.splice(indent.length / 4, Infinity, part);
      return /\bGET\b/.test(methods) ? [above.join("").replaceAll(/:\w+/g, newId())] : [];
    });
  expect(gets).toEqual(expect.arrayContaining(["/api/v1/live", "/api/v1/consent.csv", "/readyz"]));
  expect(gets.length).toBeGreaterThan(routes.filter(({ method }) => method === "GET").length);
  for (const url of gets) {
    const answer = await api.app.inject({ method: "HEAD", url, headers: asOwner() });
    expect([url, answer.statusCode < 500]).toEqual([url, true]);
  }
}, 10_000);

const cursors = [
  ["2026-13-45 99:99:99+00", newId()],
  ["2026-02-31 00:00:00+00", newId()],
  ["999999-12-31 00:00:00+00", newId()],
  ["2026-01-01 24:00:00+00", newId()],
  ["0000-00-00 00:00:00.000000+00", newId()],
];
test.each(cursors)("a cursor with the time %s is none of ours: 400 (L8)", async (...key) => {
  const cursor = Buffer.from(JSON.stringify(key)).toString("base64url");
  for (const path of ["conversations", "contacts"]) {
    const answer = await ask("GET", `/api/v1/${path}?cursor=${cursor}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, "INVALID_REQUEST"]);
  }
});

test("a body nested too deep is a 400 wherever it is sent, and brackets in a text are none (L8)", async () => {
  const deep = `${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`;
  for (const { method, path } of routes.filter(({ endpoint }) => endpoint.body)) {
    const answer = await ask(method, path.replace(":id", newId()), deep, {
      "content-type": "application/json",
    });
    expect([answer.statusCode, answer.json().detail]).toEqual([400, "body: nested deeper than 100 levels"]);
  }
  const text = await ask("POST", "/api/v1/messages", { text: "[".repeat(3_000) });
  expect(text.json().detail).not.toContain("nested");
});

test("a question that the database takes too long for is stopped there, and answered with what to do (M4)", async () => {
  const slow = createDatabase({ url: api.db.url, max: 2, statement_timeout_ms: 200 });
  const { app, stop } = await startApi({ db: slow, box: api.box });
  const url = "/api/v1/conversations?search=zz";
  const answer = await api.db.transaction(async (tx) => {
    await tx.run(sql`lock table conversations in access exclusive mode`);
    return app.inject({ url, headers: asOwner() });
  });
  expect([answer.statusCode, answer.json().code]).toEqual([503, "QUERY_TIMEOUT"]);
  expect((await app.inject({ url, headers: asOwner() })).statusCode).toBe(200);
  await stop();
  await slow.stop();
});

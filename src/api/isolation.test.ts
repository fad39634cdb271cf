import { beforeAll, expect, test } from "vitest";
import { allows, contract, type Endpoint, type Route, ROLES } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import { createForeignWorkspace, createTestApi, insertKey, type TestApi } from "../../test/support/api.ts";
import { asking, first, insertOneOfEach, refused } from "../../test/support/one-of-each.ts";

let api: TestApi;
let theirs: { workspace_id: string; connection_id: string; key: string };
/** One thing of each kind that has a page, in the other workspace. */
let ids: Record<string, string>;
let ask: ReturnType<typeof asking>;
/** A key of our workspace for each role. */
const ours: Record<string, string> = {};

const secret = "whsec_sentinel-that-no-one-may-see";

beforeAll(async () => {
  api = await createTestApi();
  theirs = await createForeignWorkspace(api.db);
  ids = await insertOneOfEach(api, theirs, secret);
  ask = asking(api, ids);
  Object.assign(ours, {
    owner: api.key,
    support_agent: await insertKey(api.db, api.workspace_id, "support_agent"),
  });
});

/** A key is no person: what only people do is refused before the id is looked at (members.test.ts does it as one). */
const OF_PEOPLE: readonly Route[] = [
  "POST /api/v1/members/:id/transfer",
  "POST /api/v1/workspaces/:id/enter",
  "POST /api/v1/workspaces/:id/leave",
  "DELETE /api/v1/sessions/:id",
];
const routes = Object.entries(contract) as [Route, Endpoint][];
// What removes the thing comes last, as it must exist for the others.
const removes = ([route]: [Route, Endpoint]) => Number(/^DELETE .*:id$|\/:id\/erase$/.test(route));
const withId = routes.filter(([route]) => route.includes(":id")).toSorted((a, b) => removes(a) - removes(b));
test.each(withId)("%s: another workspace's id is a 404, and nothing changes", async (route, endpoint) => {
  if (first[route]) await ask(first[route], theirs.key);
  for (const [role, key] of Object.entries(ours)) {
    const foreign = await ask(route, key);
    const { permissions } = ROLES[role as "owner" | "support_agent"];
    const is_refused = !allows({ role, permissions }, endpoint.needs);
    const expected = OF_PEOPLE.includes(route)
      ? [refused[route], refused[route] === 400 ? "INVALID_REQUEST" : "FORBIDDEN"]
      : is_refused
        ? [403, "FORBIDDEN"]
        : [404, "NOT_FOUND"];
    expect([role, foreign.statusCode, foreign.json().code]).toEqual([role, ...expected]);
  }
  // The same request by those whose it is: so the 404 above was not for want of the thing.
  const own = await ask(route, theirs.key);
  expect([route, own.statusCode, own.body]).toEqual([
    route,
    refused[route] ?? endpoint.status ?? 200,
    own.body,
  ]);
});

test.each(routes.filter(([route]) => route.startsWith("GET") && !route.includes(":id")))(
  "%s: nothing of another workspace is in it",
  async (route) => {
    for (const key of Object.values(ours)) {
      const answer = await ask(route, key);
      expect(answer.body).not.toMatch(/theirs/i);
      for (const id of [...Object.values(ids), theirs.workspace_id, theirs.connection_id])
        expect(answer.body).not.toContain(id);
    }
  },
);

test("no answer holds a secret, a salt or the hash of a key", async () => {
  const hidden = [secret, ...Object.values(ours), theirs.key];
  const rows = await api.db.rows<Record<string, unknown>>(sql`
    select k.key_hash, e.secret_salt, c.app_secret, c.access_token from api_keys k, endpoints e, connections c`);
  for (const row of rows)
    for (const value of Object.values(row))
      if (typeof value === "string") hidden.push(value);
      else if (Buffer.isBuffer(value))
        hidden.push(value.toString("base64"), value.toString("hex"), JSON.stringify(value));
  for (const [route] of routes.filter(
    ([route]) => route !== "POST /api/v1/endpoints" && !route.startsWith("DELETE"),
  )) {
    const { body } = await ask(route, theirs.key);
    const told = [
      ...hidden,
      ...(/\/(rotate|prepare)-secret$|call_secret$/.test(route) ? [] : ["whsec_"]),
    ].filter((text) => body.includes(text));
    expect([route, told]).toEqual([route, []]);
  }
});

test("a key is bound to its workspace whatever else the request says", async () => {
  const answer = await api.app.inject({
    url: `/api/v1/contacts/${ids["contacts"]}?workspace_id=${theirs.workspace_id}`,
    headers: { authorization: `Bearer ${api.key}`, "x-workspace-id": theirs.workspace_id },
  });
  expect(answer.statusCode).toBe(404);
});

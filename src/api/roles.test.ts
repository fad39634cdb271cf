import { beforeAll, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { newId } from "../base/base.ts";
import { contract, type Endpoint, type Need } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import { hashKey } from "./people/auth-words.ts";

const routes = (Object.entries(contract) as [string, Endpoint][]).map(([route, { needs }]) => {
  const [method, path] = route.split(" ") as ["GET" | "POST" | "PATCH" | "DELETE", string];
  return { route, method, path, needs };
});

/** What each role may not. */
const ROLES: Record<string, { may_not: readonly Need[] }> = {
  owner: { may_not: [] },
  member: { may_not: ["manage", "own"] },
  "member,owner": { may_not: [] },
  "of another product": { may_not: ["read", "work", "manage", "own"] },
};

const keyOf = (role: string) => `a_key_of_${role.replaceAll(/\W/g, "_")}`;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  for (const role of Object.keys(ROLES))
    await api.db.run(sql`
      insert into api_keys (workspace_id, id, key_hash, metadata)
      values (${api.workspace_id}, ${newId()}, ${hashKey(keyOf(role))}, ${JSON.stringify({ role })})`);
});

const respond = async (method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE", path: string, role: string) =>
  api.app.inject({
    method,
    url: path.replace(":id", newId()),
    headers: { authorization: `Bearer ${keyOf(role)}` },
  });

const ask = async (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, role: string) => {
  const answer = await respond(method, path, role);
  return answer.statusCode === 403 ? answer.json<{ code: string }>().code : answer.statusCode;
};

test.each(Object.entries(ROLES))(
  "the role %s is refused what it may not, and nothing else (L11)",
  async (role, { may_not }) => {
    const refused: string[] = [];
    for (const { route, method, path } of routes)
      if ((await ask(method, path, role)) === "FORBIDDEN") refused.push(route);
    expect(refused).toEqual(routes.filter(({ needs }) => may_not.includes(needs)).map(({ route }) => route));
  },
);

test("routes that are not of the contract are kept by the same rule", async () => {
  const others = [
    ["GET", "/api/v1/live"],
    ["GET", "/api/v1/media/:id/content"],
    ["HEAD", "/api/v1/media/:id/content"],
    ["POST", "/api/v1/media"],
    ["POST", "/api/v1/sandbox/media"],
    ["POST", "/api/v1/imports"],
    ["GET", "/api/v1/imports/:id/rejects.csv"],
    ["GET", "/api/v1/contacts/export.csv"],
  ] as const;
  for (const [method, path] of others)
    expect([path, (await respond(method, path, "of another product")).statusCode]).toEqual([path, 403]);
});

test("what changes endpoints, secrets, keys or connections, or who may what, is for owners (L11)", () => {
  const guarded =
    /^\/api\/v1\/(endpoints|recoveries|connections|api_keys|members|invitations|roles)\b|secret/;
  const writes = routes.filter(({ method, path }) => method !== "GET" && guarded.test(path));
  expect(writes.length).toBeGreaterThan(10);
  expect(
    writes.filter(({ needs }) => !ROLES["member"]!.may_not.includes(needs)).map(({ route }) => route),
  ).toEqual([]);
});

test("what Meta paused is resumed, and notices are dismissed, by owners", () => {
  for (const path of ["/api/v1/phone_numbers/:id/resume", "/api/v1/notices/:id/dismiss"])
    expect(contract[`POST ${path}` as keyof typeof contract].needs).toBe("manage");
  // Which templates there are is for those who write with them.
  expect(contract["POST /api/v1/templates/sync"].needs).toBe("work");
});

test("nothing that only reads needs more than that, but for what is shown to owners alone", () => {
  const reads = routes.filter(({ method, needs }) => method === "GET" && needs !== "read");
  expect(reads.map(({ route }) => route)).toEqual([
    "GET /api/v1/setup",
    "GET /api/v1/connections",
    "GET /api/v1/api_keys",
  ]);
  const writes = routes.filter(({ method, needs }) => method !== "GET" && needs === "read");
  // A rule is too long for a query, and so are many ids.
  expect(writes.map(({ route }) => route)).toEqual([
    "PATCH /api/v1/me",
    "POST /api/v1/segments/preview",
    "POST /api/v1/automations/:id/runs/count",
    "POST /api/v1/automations/:id/runs/move/preview",
    "POST /api/v1/consent/words/test",
  ]);
});

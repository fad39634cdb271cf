import { beforeAll, expect, test } from "vitest";
import { createTestApi, insertKey, type TestApi } from "../../test/support/api.ts";
import { newId } from "../base/base.ts";
import {
  allows,
  AREAS,
  contract,
  type Endpoint,
  LIVE_NEEDS,
  ROLE_NAMES,
  ROLES,
} from "../contract/contract.ts";
import { LiveEvents } from "../contract/shapes.ts";
import { sql } from "../db/db.ts";
import { hashKey } from "./people/auth-words.ts";

type Method = "GET" | "HEAD" | "POST" | "PATCH" | "DELETE";
const routes = (Object.entries(contract) as [string, Endpoint][]).map(([route, endpoint]) => {
  const [method, path] = route.split(" ") as [Method, string];
  return { route, method, path, endpoint };
});

const keys: Record<string, string> = {};
let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  for (const role of ROLE_NAMES) keys[role] = await insertKey(api.db, api.workspace_id, role);
  const role_id = newId();
  keys["empty"] = "a_key_that_may_nothing";
  await api.db.run(sql`
    insert into roles (workspace_id, id, name, permissions, sees_numbers) values (${api.workspace_id}, ${role_id}, 'Empty', '{}', true)`);
  await api.db.run(sql`
    insert into api_keys (workspace_id, id, key_hash, role, role_id, rate_limit_per_s)
    values (${api.workspace_id}, ${newId()}, ${hashKey(keys["empty"])}, 'custom', ${role_id}, 10000)`);
});

const respond = (method: Method, path: string, key: string) =>
  api.app.inject({
    method,
    url: path.replace(":id", newId()),
    headers: { authorization: `Bearer ${key}` },
  });

/** Whether the role itself is refused, whatever else is wrong with the request. */
async function isRefused(method: Method, path: string, key: string): Promise<boolean> {
  const answer = await respond(method, path, key);
  return (
    answer.statusCode === 403 && /role|only for those/i.test(answer.json<{ detail?: string }>().detail ?? "")
  );
}

test.each(ROLE_NAMES)("the role %s is refused what it may not, and nothing else", async (role) => {
  const refused: string[] = [];
  for (const { route, method, path } of routes)
    if (await isRefused(method, path, keys[role]!)) refused.push(route);
  const wanted = routes.filter(
    ({ endpoint: { needs, whole } }) =>
      !allows({ role, permissions: ROLES[role].permissions }, needs) || (whole && !ROLES[role].sees_numbers),
  );
  expect(refused).toEqual(wanted.map(({ route }) => route));
});

test("a role of no permissions is let in where everyone is, and nowhere else", async () => {
  const let_in: string[] = [];
  for (const { route, method, path } of routes)
    if (!(await isRefused(method, path, keys["empty"]!))) let_in.push(route);
  expect(let_in).toEqual(
    routes.filter(({ endpoint }) => endpoint.needs === "everyone").map(({ route }) => route),
  );
});

test("routes that are not of the contract are kept by the same rule", async () => {
  const others = [
    ["GET", "/api/v1/media/:id/content"],
    ["HEAD", "/api/v1/media/:id/content"],
    ["POST", "/api/v1/media"],
    ["POST", "/api/v1/template_media"],
    ["POST", "/api/v1/sandbox/media"],
    ["POST", "/api/v1/imports"],
    ["GET", "/api/v1/imports/:id/rejects.csv"],
    ["GET", "/api/v1/contacts/export.csv"],
    ["GET", "/api/v1/contacts/:id/consent.csv"],
    ["GET", "/api/v1/consent.csv"],
    ["GET", "/api/v1/blacklist.csv"],
    ["GET", "/api/v1/campaigns/:id/recipients.csv"],
    ["GET", "/api/v1/reports/campaigns.csv"],
    ["GET", "/api/v1/audit_log.csv"],
  ] as const;
  for (const [method, path] of others)
    expect([path, (await respond(method, path, keys["empty"]!)).statusCode]).toEqual([path, 403]);
  // Files of many rows are for those who see every number.
  for (const path of ["/api/v1/consent.csv", "/api/v1/blacklist.csv", "/api/v1/contacts/export.csv"])
    expect([path, (await respond("GET", path, keys["analyst"]!)).statusCode]).toEqual([path, 403]);
});

test("every route says what it needs in areas that there are, and what changes who may what is the people's", () => {
  const unknown = routes.filter(
    ({ endpoint: { needs } }) =>
      typeof needs === "object" && !needs.areas.every((area) => AREAS.includes(area)),
  );
  expect(unknown.map(({ route }) => route)).toEqual([]);
  const guarded = /^\/api\/v1\/(api_keys|members|invitations|roles)\b/;
  const weak = routes.filter(
    ({ method, path, endpoint: { needs } }) =>
      method !== "GET" &&
      guarded.test(path) &&
      needs !== "owner" &&
      !(typeof needs === "object" && needs.level === "manage" && needs.areas.join() === "people"),
  );
  expect(weak.map(({ route }) => route)).toEqual([]);
});

test("what hands out secrets, erases, or changes who may what asks for the password again", () => {
  const asked = routes.filter(({ endpoint }) => endpoint.step_up).map(({ route }) => route);
  const must = routes.filter(
    ({ route }) =>
      /secret$|\/erase$|\/members\/:id\/(transfer|deactivate)$/.test(route) ||
      /^(POST|PATCH) \/api\/v1\/(api_keys|roles|members|invitations|workspaces)(\/:id)?$/.test(route),
  );
  expect(
    must
      .filter(({ route, method }) => method !== "GET" && !/activate-secret|DELETE/.test(route))
      .map(({ route }) => route)
      .filter((route) => !asked.includes(route)),
  ).toEqual([]);
});

test("every live event says what one must be allowed to hear it", () => {
  expect(Object.keys(LIVE_NEEDS).toSorted()).toEqual(Object.keys(LiveEvents).toSorted());
});

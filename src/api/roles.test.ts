import { beforeAll, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { newId } from "../base/base.ts";
import { contract, type Endpoint } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import { hashKey } from "./auth.ts";

const routes = (Object.entries(contract) as [string, Endpoint][]).map(([route, { needs }]) => {
  const [method, path] = route.split(" ") as ["GET" | "POST" | "PATCH" | "DELETE", string];
  return { route, method, path, needs };
});

let api: TestApi;
const keys = { member: "a_members_key", several: "a_key_of_several_roles" };
beforeAll(async () => {
  api = await createTestApi();
  for (const [key, role] of [
    [keys.member, "member"],
    [keys.several, "member,owner"],
  ] as const) {
    await api.db.run(sql`
      insert into api_keys (workspace_id, id, key_hash, metadata)
      values (${api.workspace_id}, ${newId()}, ${await hashKey(key)}, ${JSON.stringify({ role })})`);
  }
});

const ask = async ({ method, path }: (typeof routes)[number], key: string) => {
  const url = path.replace(":id", newId());
  const answer = await api.app.inject({ method, url, headers: { authorization: `Bearer ${key}` } });
  return answer.statusCode === 403 ? answer.json<{ code: string }>().code : answer.statusCode;
};

describe("a member of a workspace (L11)", () => {
  test.each(routes.filter(({ needs }) => needs === "owner"))("can't $route", async (route) => {
    expect(await ask(route, keys.member)).toBe("FORBIDDEN");
    expect(await ask(route, keys.several)).not.toBe("FORBIDDEN");
  });

  test.each(routes.filter(({ needs }) => needs === undefined))("can $route", async (route) => {
    expect(await ask(route, keys.member)).not.toBe("FORBIDDEN");
  });
});

test("what changes endpoints, secrets, keys or connections, or who may what, is for owners (L11)", () => {
  const guarded =
    /^\/api\/v1\/(endpoints|recoveries|connections|api_keys|members|invitations|roles)\b|secret/;
  const writes = routes.filter(({ method, path }) => method !== "GET" && guarded.test(path));
  expect(writes.length).toBeGreaterThan(10);
  expect(writes.filter(({ needs }) => needs !== "owner").map(({ route }) => route)).toEqual([]);
});

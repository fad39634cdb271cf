import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createForeignWorkspace, createTestApi } from "../../test/support/api.ts";

test("a workspace has so many streams at once, and one that ends makes room; another workspace has its own (L10)", async () => {
  const small = await createTestApi({ live_options: { max_readers: 2 } });
  await small.app.listen({ port: 0, host: "127.0.0.1" });
  const url = `http://127.0.0.1:${(small.app.server.address() as AddressInfo).port}/api/v1/live`;
  const open: AbortController[] = [];
  const ask = async (key: string) => {
    const abort = new AbortController();
    open.push(abort);
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` }, signal: abort.signal });
    return { response, abort };
  };
  const first = await ask(small.key);
  expect([first.response.status, (await ask(small.key)).response.status]).toEqual([200, 200]);
  const { response: refused } = await ask(small.key);
  expect(refused.headers.get("retry-after")).toBe("15");
  expect(await refused.json()).toMatchObject({ status: 429, code: "TOO_MANY_READERS" });
  const foreign = await createForeignWorkspace(small.db);
  expect((await ask(foreign.key)).response.status).toBe(200);
  first.abort.abort();
  await expect.poll(async () => (await ask(small.key)).response.status).toBe(200);
  for (const one of open) one.abort();
});

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { createReceiver, createSilentReceiver } from "../../test/support/delivery.ts";
import { sql } from "../db/db.ts";

/** Endpoints by HTTP: what is refused and how it is said, and who did what. */
let api: TestApi;
let id: string;
beforeAll(async () => {
  api = await createTestApi();
});

const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, payload?: object, headers = {}) =>
  api.app.inject({
    method,
    url: `/api/v1/endpoints${path}`,
    headers: { authorization: `Bearer ${api.key}`, ...headers },
    ...(payload ? { payload } : {}),
  });
const add = async (url: string, more: object = {}) => {
  const made = await ask("POST", "", { url, enabled: true, events: ["messages"], ...more });
  expect(made.statusCode).toBe(201);
  return String(made.json().id);
};
beforeEach(async () => {
  await api.db.run(sql`update endpoints set deleted_at = now()`);
  id = await add("https://example.com/hook");
});

test.each([
  [{ url: "ftp://example.com" }, 422, "INVALID_URL", /^URL must start with http:\/\/ or https:\/\/$/],
  [{ url: `https://example.com/${"x".repeat(493)}` }, 422, "URL_TOO_LONG", /512/],
  [{ url: "https://10.0.0.1/" }, 422, "TARGET_NOT_ALLOWED", /WHARF_ALLOWED_TARGETS/],
  [
    { headers: { "X-Hub-Signature-256": "mine" } },
    422,
    "HEADER_NOT_ALLOWED",
    /"X-Hub-Signature-256".*signature/,
  ],
  [
    { events: ["messages", "payments"] },
    400,
    "INVALID_REQUEST",
    /`events\.1`: there is no such event.*statuses, messages/,
  ],
  [{ retry_preset: "never" }, 400, "INVALID_REQUEST", /^`retry_preset` must be /],
  [{ rate_limit_per_s: 0 }, 400, "INVALID_REQUEST", /^`rate_limit_per_s` must be /],
  [{ concurrency: 257 }, 400, "INVALID_REQUEST", /^`concurrency` must be /],
  [{ timeout_ms: 30_001 }, 400, "INVALID_REQUEST", /^`timeout_ms` must be /],
  [{ give_up_after_s: 60 }, 400, "INVALID_REQUEST", /^`give_up_after_s` must be /],
  [{ description: "a\0b" }, 400, "INVALID_REQUEST", /U\+0000/],
  [{ secret: "mine" }, 400, "INVALID_REQUEST", /secret/],
])(
  "%o is refused with a code and a sentence, when made and when changed",
  async (settings, status, code, sentence) => {
    const made = await ask("POST", "", {
      url: "https://example.com/",
      enabled: true,
      events: [],
      ...settings,
    });
    const changed = await ask("PATCH", `/${id}`, settings);
    for (const answer of [made, changed]) {
      const problem = answer.json();
      expect([answer.statusCode, problem.code]).toEqual([status, code]);
      expect(problem.detail ?? problem.title).toMatch(sentence);
    }
  },
);

test("a URL of 512 characters is taken", async () => {
  const url = `https://example.com/${"x".repeat(492)}`;
  expect((await ask("PATCH", `/${id}`, { url })).json().url).toHaveLength(512);
});

describe("a URL is shown as it is sent (F44)", () => {
  const SPELLINGS = [
    ["", ""],
    ["/", "/"],
    ["?", "/?"],
    ["/hook?", "/hook?"],
    ["/x#part", "/x"],
    ["/x?#", "/x?"],
    ["/a/../b", "/b"],
    ["/a/%2e%2e/b", "/b"],
    ["/../../x", "/x"],
    ["/a/./b//c/", "/a/b//c/"],
    ["//double", "//double"],
    ["/it's?who='me'", "/it's?who=%27me%27"],
    ["/grüezi?straße=ß", "/gr%C3%BCezi?stra%C3%9Fe=%C3%9F"],
    ["/日本/😀", "/%E6%97%A5%E6%9C%AC/%F0%9F%98%80"],
    ["/%7e%2F?%zz&100%", "/%7e%2F?%zz&100%"],
    ["/a;b=c,d@e:f!$&()*+~", "/a;b=c,d@e:f!$&()*+~"],
    ['/a|b^c`d{e}"<>', "/a|b^c%60d%7Be%7D%22%3C%3E"],
    ['/q?a|b^c`d{e}"<>[]', "/q?a|b^c`d{e}%22%3C%3E[]"],
    ["/a\\b?c\\d", "/a/b?c\\d"],
    ["/a?b?c=d&&e=", "/a?b?c=d&&e="],
    ["/a%20b+c?d%20e+f", "/a%20b+c?d%20e+f"],
  ] as const;

  test("whatever is typed: in every answer, and in the request", async () => {
    const receiver = await createReceiver();
    const { origin } = new URL(receiver.url);
    const seen: unknown[] = [];
    for (const [typed] of SPELLINGS) {
      const made = (
        await ask("POST", "", { url: origin + typed, enabled: true, events: ["messages"] })
      ).json();
      const got = (await ask("GET", `/${made.id}`)).json();
      // Saved again as it is shown, nothing changes.
      const saved = (await ask("PATCH", `/${made.id}`, { url: got.url })).json();
      const changed = (await ask("PATCH", `/${id}`, { url: origin + typed })).json();
      const { ok } = (await ask("POST", `/${made.id}/test`)).json();
      seen.push([
        typed,
        ok,
        ...new Set([made, got, saved, changed].map(({ url }) => url.slice(origin.length))),
      ]);
      // A bare host is asked for its root, whatever is shown.
      const request = receiver.received.at(-1)!;
      expect(request.path).toBe(got.url.slice(origin.length) || "/");
      expect(`http://${request.headers.host}`).toBe(origin);
      await ask("DELETE", `/${made.id}`);
    }
    expect(seen).toEqual(SPELLINGS.map(([typed, shown]) => [typed, true, shown]));
  });

  test("also where an older Wharf stored what was typed, and saving it again is no change", async () => {
    const receiver = await createReceiver();
    const typed = new URL("/a/../b", receiver.url).href.replace("/b", "/a/../b?who='me'");
    await api.db.run(sql`update endpoints set url = ${typed} where id = ${id}`);
    const { url } = (await ask("GET", `/${id}`)).json();
    expect(url).toBe(new URL("/b?who=%27me%27", receiver.url).href);
    expect((await ask("PATCH", `/${id}`, { url })).json().url).toBe(url);
    expect(
      (await ask("GET", `/${id}/history`)).json().data.map(({ kind }: { kind: string }) => kind),
    ).toEqual(["created"]);
    await ask("POST", `/${id}/test`);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/b?who=%27me%27"]);
  });

  test("512 letters beyond ASCII are taken, as often as they are saved", async () => {
    const start = "https://example.com/";
    const typed = start + "ü".repeat(512 - start.length);
    const { url } = (await ask("PATCH", `/${id}`, { url: typed })).json();
    expect(url).toBe(encodeURI(typed));
    expect((await ask("PATCH", `/${id}`, { url })).json().url).toBe(url);
    expect((await ask("PATCH", `/${id}`, { url: `${url}x` })).json().code).toBe("URL_TOO_LONG");
  });
});

test("what is asked of a prepared secret that is not there says so", async () => {
  for (const [method, path, payload] of [
    ["POST", "/activate-secret", undefined],
    ["DELETE", "/prepared-secret", undefined],
    ["POST", "/test", { secret: "prepared" }],
  ] as const) {
    const answer = await ask(method, `/${id}${path}`, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([409, "NO_PREPARED_SECRET"]);
  }
});

test("a secret that is prepared is shown by that answer, again by the same Idempotency-Key, and by no other", async () => {
  const once = { "idempotency-key": `prepare ${id}` };
  const first = await ask("POST", `/${id}/prepare-secret`, undefined, once);
  const again = await ask("POST", `/${id}/prepare-secret`, undefined, once);
  expect(first.json().secret).toMatch(/^whsec_/);
  expect(again.json()).toEqual(first.json());
  const activated = await ask("POST", `/${id}/activate-secret`);
  expect(activated.statusCode).toBe(200);
  expect(activated.body).not.toContain("whsec_");
  await ask("POST", `/${id}/prepare-secret`);
  expect((await ask("DELETE", `/${id}/prepared-secret`)).statusCode).toBe(204);
});

test("a test needs no body, and is answered with what was sent and what came back", async () => {
  const receiver = await createReceiver((_request, res) => void res.writeHead(200).end("ok"));
  const target = await add(receiver.url);
  const answer = await ask("POST", `/${target}/test`);
  expect(answer.json()).toMatchObject({ ok: true, status: 200, error: null, response_excerpt: "ok" });
  expect(receiver.received[0]!.body.toString()).toBe(answer.json().payload);
  const log = await ask("GET", `/${target}/deliveries`);
  expect(log.json().data).toMatchObject([
    { id: answer.json().delivery_id, kind: "test", state: "delivered" },
  ]);
});

test("a test sent twice with one Idempotency-Key is sent once", async () => {
  const receiver = await createReceiver();
  const target = await add(receiver.url);
  const once = { "idempotency-key": `test ${target}` };
  const [first, again] = [
    await ask("POST", `/${target}/test`, {}, once),
    await ask("POST", `/${target}/test`, {}, once),
  ];
  expect(again.json()).toEqual(first.json());
  expect(receiver.received).toHaveLength(1);
});

test("a test beside another of the same endpoint is told when to come again", async () => {
  const receiver = await createSilentReceiver();
  const target = await add(receiver.url, { timeout_ms: 5_000 });
  const first = ask("POST", `/${target}/test`);
  await receiver.atLeast(1);
  const second = await ask("POST", `/${target}/test`);
  expect([second.statusCode, second.json().code]).toEqual([429, "TOO_MANY_REQUESTS"]);
  expect(Number(second.headers["retry-after"])).toBeLessThanOrEqual(10);
  expect(Number(second.headers["retry-after"])).toBeGreaterThan(0);
  receiver.speak();
  expect((await first).json().ok).toBe(true);
});

test("without its master key nothing can be sent to an endpoint, and who asks is told what to do", async () => {
  await api.db.run(sql`update endpoints set secret_key_id = '00000000' where id = ${id}`);
  const answer = await ask("POST", `/${id}/test`);
  expect([answer.statusCode, answer.json().code]).toEqual([503, "MASTER_KEY_MISSING"]);
  expect((await ask("GET", `/${id}`)).statusCode).toBe(200);
  expect((await ask("POST", `/${id}/rotate-secret`)).statusCode).toBe(200);
});

test("the history names the person whose session it was, and no one for an API key", async () => {
  const origin = "http://wharf.test";
  const link = new URL((await api.people.signInLink("owner@wharf.local", origin))!);
  const entered = await api.app.inject({
    method: "POST",
    url: link.pathname,
    headers: { host: "wharf.test" },
  });
  const cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const changed = await api.app.inject({
    method: "PATCH",
    url: `/api/v1/endpoints/${id}`,
    headers: { host: "wharf.test", origin, cookie },
    payload: { enabled: false },
  });
  expect(changed.statusCode).toBe(200);
  const history = await ask("GET", `/${id}/history`);
  expect(history.json().data).toMatchObject([
    { kind: "switched_off", user: { email: "owner@wharf.local" } },
    { kind: "created", user: null },
  ]);
});

test("a change that is based on an old version is answered with what changed meanwhile, and changes nothing", async () => {
  const { version } = (await ask("GET", `/${id}`)).json();
  await ask("PATCH", `/${id}`, { description: "Shop", version });
  const answer = await ask("PATCH", `/${id}`, { description: "Till", timeout_ms: 5_000, version });
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({
    code: "EDITED_MEANWHILE",
    version: version + 1,
    conflicts: [{ setting: "description", current: "Shop", user: null, changed_at: expect.any(String) }],
  });
  expect((await ask("GET", `/${id}`)).json()).toMatchObject({ description: "Shop", timeout_ms: 10_000 });
  const merged = await ask("PATCH", `/${id}`, { timeout_ms: 5_000, version });
  expect(merged.json()).toMatchObject({ description: "Shop", timeout_ms: 5_000, version: version + 2 });
  expect((await ask("GET", `/${id}/history`)).json().data[0]).toMatchObject({
    kind: "changed",
    version: version + 2,
    changes: [{ setting: "timeout_ms", before: 10_000, after: 5_000 }],
  });
});

test("endpoints are found by their URL, however it is spelt, and by a part of it", async () => {
  const count = async (query: string) => (await ask("GET", `?${query}`)).json().data.length;
  expect(await count(`url=${encodeURIComponent("HTTPS://Example.com:443/hook#top")}`)).toBe(1);
  expect(await count(`url=${encodeURIComponent("https://example.com/hooks")}`)).toBe(0);
  expect(await count("search=EXAMPLE")).toBe(1);
  expect(await count("search=nowhere")).toBe(0);
});

test("what waits for another URL is said by one of three words, and no fourth", async () => {
  const url = "https://example.com/other";
  expect((await ask("PATCH", `/${id}`, { url, waiting_deliveries: "later" })).statusCode).toBe(400);
  const held = await ask("PATCH", `/${id}`, { url, waiting_deliveries: "hold" });
  expect(held.json()).toMatchObject({ url, enabled: true, state: "disabled" });
  const refused = await ask("POST", `/${id}/probe`);
  expect([refused.statusCode, refused.json().code]).toEqual([409, "ENDPOINT_OFF"]);
});

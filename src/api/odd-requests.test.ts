import fc from "fast-check";
import { pino } from "pino";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";

let api: TestApi;
let lines: { level: number; msg: string; part?: string }[];
let raw: string[];
const ERROR = 50;
const WARN = 40;

beforeAll(async () => {
  const write = (line: string) => {
    raw.push(line);
    lines.push(JSON.parse(line));
  };
  const log = pino({ level: "warn" }, { write });
  lines = [];
  raw = [];
  api = await createTestApi({ log });
});
beforeEach(() => {
  lines = [];
  raw = [];
});

const oddText = fc.oneof(
  fc.constantFrom(
    "",
    "null",
    "a b",
    "java script",
    "::",
    "[",
    "http://",
    "http://[::1",
    "https://x:99999",
    "%",
    "%00",
    "%ff%fe",
    "..",
    "0",
    "-1",
    "9".repeat(400),
    "\u00e9\u00ff",
    "Bearer",
    "Bearer \u00e9",
    "Basic eA==",
    "wharf.session_token=%",
    "wharf.session_token=a.b; wharf.session_token=",
    "a=b;;=; __proto__=x",
    "application/json; charset=x",
    "application/json;",
    "multipart/form-data",
    "text/plain",
    "bytes=9-1,-",
    "*/*;q=x",
    "gzip;q=0, br",
    "1.2.3.4:1, junk, ::1",
    'W/"x", *',
    "Thu, 99 Foo 2026",
  ),
  // What node's parser lets through.
  fc
    .string({ unit: fc.constantFrom(...Array.from("az09 \t,;=:/%\"'<>[]{}\u0080\u00ff")), maxLength: 30 })
    .map((text) => text.trim()),
);
const headerNames = [
  "origin",
  "host",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "forwarded",
  "cookie",
  "authorization",
  "content-type",
  "content-length",
  "user-agent",
  "accept",
  "accept-encoding",
  "if-none-match",
  "if-modified-since",
  "range",
  "last-event-id",
  "idempotency-key",
  "x-filename",
  "x-request-id",
  "x-hub-signature-256",
  "upgrade",
];
const paths = [
  "/",
  "/sign-in",
  "/sign-in/link/x",
  "/sign-in/link/%",
  "/sign-in/link/%2e%2e",
  "/api/auth/sign-in/email",
  "/api/auth/sign-out",
  "/api/auth/set-password",
  "/api/auth/change-password",
  "/api/v1/me",
  "/api/v1/live",
  "/api/v1/media",
  "/api/v1/media/%00/content",
  "/api/v1/conversations",
  "/api/openapi.json",
  "/api/docs",
  "/api/docs/static/%2e%2e/x",
  "/api/errors",
  "/assets/%00",
  "/assets/..%2f..%2fpackage.json",
  "/webhooks/meta",
  "/readyz",
  "/healthz",
  "//",
  "/%",
  "/%c0%ae",
  "/\u00e9",
  "*",
  "http://other/",
];
const request = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"),
  url: fc
    .tuple(fc.constantFrom(...paths), oddText)
    .map(([path, query]) => (query ? `${path}?${encodeURI(query)}` : path)),
  headers: fc.dictionary(fc.constantFrom(...headerNames), oddText, { maxKeys: 5 }),
  payload: fc.option(
    fc.constantFrom("", "{", "null", "[]", '{"email":1}', '{"__proto__":1}', '{"email":"a","password":"b"}'),
    {
      nil: undefined,
    },
  ),
});

test("nothing that a stranger sends is a 500 or an error in the log (M3)", async () => {
  const property = fc.asyncProperty(request, async ({ payload, ...asked }) => {
    const body = ["GET", "HEAD"].includes(asked.method) || payload === undefined ? {} : { payload };
    const answer = await api.app.inject({ ...(asked as object), ...body });
    expect([answer.statusCode < 500, lines.filter(({ level }) => level >= ERROR)]).toEqual([true, []]);
  });
  await fc.assert(property, {
    numRuns: 400,
    examples: [
      ["origin", "null"],
      ["x-forwarded-host", "a b"],
      ["x-forwarded-proto", "java script"],
    ].flatMap(([name = "", value = ""]) =>
      (["GET", "HEAD", "POST"] as const).map(
        (method): [typeof request extends fc.Arbitrary<infer One> ? One : never] => [
          { method, url: "/sign-in/link/abc", headers: { [name]: value }, payload: undefined },
        ],
      ),
    ),
  });
}, 60_000);

test.each(["\ud800", "a\udc00b", "\udc00\ud800", "\ud83d"])(
  "half of a character (%j) in a body is refused with a sentence, wherever it stands (L8)",
  async (half) => {
    const odd = [
      { from: "15550783881", to: "+12025550147", content: { type: "text", body: half } },
      { from: half, to: half, content: { type: "text", body: "x" } },
      { [half]: 1 },
      { deep: [{ in: [half] }] },
    ];
    for (const url of ["/api/v1/messages", "/api/v1/endpoints"])
      for (const payload of odd) {
        const answer = await api.app.inject({
          method: "POST",
          url,
          headers: { authorization: `Bearer ${api.key}`, "content-type": "application/json" },
          payload: JSON.stringify(payload),
        });
        expect(answer.json()).toMatchObject({
          status: 400,
          detail: expect.stringContaining("half of a character"),
        });
      }
  },
);

test("a whole character that is written as two escapes is none of these", async () => {
  const answer = await api.app.inject({
    method: "POST",
    url: "/api/v1/messages",
    headers: { authorization: `Bearer ${api.key}`, "content-type": "application/json" },
    payload: '{"to":"\\ud83d\\ude00"}',
  });
  expect(answer.json().detail).not.toContain("half of a character");
});

test("a failed sign-in is in the log with the address it came from, and without the e-mail", async () => {
  const answer = await api.app.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    headers: { "x-forwarded-for": "203.0.113.9" },
    payload: { email: "eve@wharf.test", password: "guess" },
  });
  expect(answer.statusCode).toBe(401);
  expect(lines.filter(({ msg }) => msg.startsWith("a sign-in failed"))).toMatchObject([
    { level: WARN, part: "api", address: "203.0.113.9" },
  ]);
  expect(JSON.stringify(lines)).not.toContain("eve@");
  // No line says twice which part of Wharf it is of, better-auth's own included.
  expect(lines.length).toBeGreaterThan(1);
  expect(raw.filter((line) => line.split('"part":').length > 2)).toEqual([]);
});

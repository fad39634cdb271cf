import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createSecretBox, newId, systemClock } from "../../base/base.ts";
import { createAttempter } from "../http/attempt.ts";
import { createGuard } from "../http/ssrf-guard.ts";
import { changeHeaders, createHeaderReader, openHeaders, reseal, sealHeaders } from "./custom-headers.ts";
import { conceal, hiddenTexts, loggedHeaders, readLoggedHeaders, requestHeaders } from "./request-headers.ts";
import { drawSecret, signingKeys } from "./secrets.ts";

const box = createSecretBox([randomBytes(32)]);
const refusal = (changes: Record<string, string | null>, before = {}): string | null => {
  try {
    changeHeaders(before, changes);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ code: "HEADER_NOT_ALLOWED" });
    return (error as { detail: string }).detail;
  }
};

describe("custom headers", () => {
  test("are set, changed and removed by name whatever its case; the others stay", () => {
    const before = changeHeaders({}, { "X-Team": "a", Authorization: "Bearer 1" });
    expect(before).toEqual({ "X-Team": "a", Authorization: "Bearer 1" });
    expect(changeHeaders(before, { "x-team": "b", "X-New": "c" })).toEqual({
      "x-team": "b",
      Authorization: "Bearer 1",
      "X-New": "c",
    });
    expect(changeHeaders(before, { AUTHORIZATION: null, "X-Unknown": null })).toEqual({ "X-Team": "a" });
    expect(changeHeaders(before, {})).toEqual(before);
  });

  test.each([
    ["Host", /URL/],
    ["content-length", /body/],
    ["Content-Type", /body/],
    ["CONTENT-ENCODING", /body/],
    ["Transfer-Encoding", /body/],
    ["Trailer", /body/],
    ["Connection", /connection/],
    ["Keep-Alive", /connection/],
    ["TE", /connection/],
    ["Upgrade", /connection/],
    ["Expect", /connection/],
    ["HTTP2-Settings", /connection/],
    ["Accept", /itself/],
    ["Accept-Encoding", /itself/],
    ["Proxy-Authorization", /proxies/],
    ["proxy-connection", /proxies/],
    ["X-Hub-Signature", /signature/],
    ["x-hub-signature-256", /signature/],
    ["X-HUB-SIGNATURE-512", /signature/],
    ["Webhook-Id", /signature/],
    ["webhook-timestamp", /signature/],
    ["WEBHOOK-SIGNATURE", /signature/],
  ])("%s is reserved: the refusal names it and says why", (name, reason) => {
    const detail = refusal({ "X-Fine": "1", [name]: "mine" });
    expect(detail).toContain(JSON.stringify(name));
    expect(detail).toMatch(reason);
    expect(detail).not.toContain("mine");
  });

  test("none of the names that Wharf's own requests have can be set, but User-Agent", () => {
    const { text } = drawSecret(box, newId());
    const own = requestHeaders(signingKeys(text), { id: newId(), timestamp_s: 1, body: Buffer.from("{}") });
    const settable = Object.keys(own).filter((name) => refusal({ [name]: "mine" }) === null);
    expect(settable).toEqual(["user-agent"]);
  });

  test.each([
    ["a name with a space", { "X Team": "1" }],
    ["a name with a colon", { "X:Team": "1" }],
    ["a name with a line break", { "X-Team\r\nX-Other": "1" }],
    ["a name beyond ASCII", { "X-Téam": "1" }],
    ["no name", { "": "1" }],
    ["a name of 101 characters", { ["x".repeat(101)]: "1" }],
    ["a value with CR and LF", { "X-Team": "1\r\nX-Hub-Signature-256: forged" }],
    ["a value with LF", { "X-Team": "a\nb" }],
    ["a value with NUL", { "X-Team": "a\0b" }],
    ["a value with a tab", { "X-Team": "a\tb" }],
    ["a value with DEL", { "X-Team": "a\x7fb" }],
    ["a value with a C1 control", { "X-Team": "a\x85b" }],
    ["a value beyond Latin-1", { "X-Team": "€" }],
    ["a value that begins with a space", { "X-Team": " a" }],
    ["a value that ends with a no-break space", { "X-Team": "a\xa0" }],
    ["an empty value", { "X-Team": "" }],
    ["a value of 2,049 characters", { "X-Team": "x".repeat(2_049) }],
    ["one name twice", { "X-Team": "1", "x-team": "2" }],
  ])("%s is refused", (_what, changes) => {
    expect(refusal(changes)).toMatch(/^".*": .+\.$/s);
  });

  test("the longest and the oddest that HTTP carries are taken", () => {
    expect(refusal({ ["x".repeat(100)]: "x".repeat(2_048), "!#$%&'*+-.^_`|~0": "ÿ ~é!" })).toBeNull();
    expect(refusal({ Cookie: "a=b", "User-Agent": "Shop/1", "X-Hub": "1", "Webhook-Team": "1" })).toBeNull();
    expect(refusal({ constructor: "1", toString: "2", hasOwnProperty: "3" })).toBeNull();
  });

  test("are twenty at most, whether they come at once or one by one", () => {
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`X-${i}`, "1"]));
    expect(refusal(twenty)).toBeNull();
    expect(refusal({ ...twenty, "X-One-More": "1" })).toMatch(/"X-One-More".*20/);
    expect(refusal({ "X-One-More": "1" }, twenty)).toMatch(/"X-One-More".*20/);
    expect(refusal({ "X-One-More": "1", "x-0": null }, twenty)).toBeNull();
  });

  test("are sealed for their endpoint alone: its id opens them, another's does not", () => {
    const [id, other] = [newId(), newId()];
    const headers = { Authorization: "Bearer s3cret", "X-Team": "ÿ" };
    const sealed = sealHeaders(box, id, headers)!;
    expect(sealed.toString("latin1")).not.toMatch(/s3cret|Authorization/);
    expect(openHeaders(box, { id, headers: sealed })).toEqual(headers);
    expect(() => openHeaders(box, { id: other, headers: sealed })).toThrow(/authenticate/);
    expect(sealHeaders(box, id, {})).toBeNull();
    expect(openHeaders(box, { id, headers: null })).toEqual({});
  });

  test("are opened once for each sealed value, and anew once they changed", () => {
    let opened = 0;
    const read = createHeaderReader({
      ...box,
      open: (sealed, context) => {
        opened++;
        return box.open(sealed, context);
      },
    });
    const id = newId();
    const first = { id, headers: sealHeaders(box, id, { "X-Team": "a" }) };
    const second = { id, headers: sealHeaders(box, id, { "X-Team": "b" }) };
    for (let i = 0; i < 3; i++) expect(read(first)).toEqual({ "X-Team": "a" });
    expect(read(second)).toEqual({ "X-Team": "b" });
    expect(read({ id, headers: null })).toEqual({});
    expect(opened).toBe(2);
  });

  test("whose master key is gone can be entered anew all together, not one by one", () => {
    const id = newId();
    const stranger = createSecretBox([randomBytes(32)]);
    const endpoint = {
      id,
      headers: sealHeaders(stranger, id, { A: "1", B: "2" }),
      header_names: ["A", "B"],
    };
    expect(() => reseal(box, endpoint, { a: "3" })).toThrow(
      expect.objectContaining({ code: "MASTER_KEY_MISSING" }),
    );
    const { headers, header_names } = reseal(box, endpoint, { a: "3", b: null });
    expect(header_names).toEqual(["a"]);
    expect(openHeaders(box, { id, headers })).toEqual({ a: "3" });
  });

  test("in the log are names alone, Wharf's own headers with their values", () => {
    const { text } = drawSecret(box, newId());
    const custom = { "User-Agent": "Shop/1", Authorization: "Bearer s3cret" };
    const headers = requestHeaders(
      signingKeys(text),
      { id: newId(), timestamp_s: 1, body: Buffer.from("{}") },
      custom,
    );
    const logged = readLoggedHeaders(loggedHeaders(headers, custom));
    expect(JSON.stringify(logged)).not.toMatch(/s3cret|Shop/);
    expect(logged.map(({ name }) => name)).toEqual([
      "User-Agent",
      "Authorization",
      "content-type",
      "accept",
      "accept-encoding",
      "x-hub-signature-256",
      "webhook-id",
      "webhook-timestamp",
      "webhook-signature",
    ]);
    expect(logged.find(({ name }) => name === "webhook-timestamp")).toEqual({
      name: "webhook-timestamp",
      value: "1",
    });
  });
});

describe("on the wire", () => {
  let heard = "";
  const server = createServer((socket) => {
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      if (heard.endsWith("\r\n\r\n{}")) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
  });
  const attempter = createAttempter({ guard: createGuard({ allowed: ["127.0.0.0/8"] }), clock: systemClock });
  afterAll(async () => {
    await attempter.stop();
    server.close();
  });

  const NAME = fc
    .string({ unit: fc.constantFrom(...Array.from("AbZ09!#$%&'*+-.^_`|~")), minLength: 1, maxLength: 100 })
    .filter((name) => refusal({ [name]: "1" }) === null);
  const VALUE = fc
    .string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCodePoint(code)),
      minLength: 1,
      maxLength: 60,
    })
    .filter((value) => refusal({ "X-Any": value }) === null);

  test("whatever is allowed arrives as it was spelled, once, beside Wharf's own", async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { text, id } = drawSecret(box, newId());
    const body = Buffer.from("{}");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(NAME, VALUE, { maxKeys: 5 }), async (wanted) => {
        fc.pre(refusal(wanted) === null);
        heard = "";
        const own = requestHeaders(signingKeys(text), { id, timestamp_s: 1, body });
        const headers = requestHeaders(signingKeys(text), { id, timestamp_s: 1, body }, wanted);
        const attempt = await attempter.attempt({ url, body, headers, timeout_ms: 5_000 });
        expect(attempt).toMatchObject({ status: 200 });
        const lines = heard.split("\r\n\r\n")[0]!.split("\r\n").slice(1);
        for (const [name, value] of Object.entries({ ...own, ...wanted }))
          expect(lines.filter((line) => line === `${name}: ${value}`)).toHaveLength(1);
        // Nothing but these and what the connection needs.
        expect(lines).toHaveLength(Object.keys(own).length + Object.keys(wanted).length + 3);
      }),
      { numRuns: 60 },
    );
  });

  test("a User-Agent of the user's stands in for Wharf's, and is not sent beside it", async () => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { text, id } = drawSecret(box, newId());
    const body = Buffer.from("{}");
    heard = "";
    const headers = requestHeaders(
      signingKeys(text),
      { id, timestamp_s: 1, body },
      { "User-Agent": "Shop/1" },
    );
    await attempter.attempt({ url, body, headers, timeout_ms: 5_000 });
    expect(heard.match(/^user-agent:.*$/gim)).toEqual(["User-Agent: Shop/1"]);
  });
});

test("short values of custom headers are hidden from an echo where they stand alone, and not inside of words", () => {
  const hidden = hiddenTexts({ "x-pin": "4711", "x-odd": "a+b$", "x-long": "a long secret", "x-no": "1" });
  expect(conceal('{"x-pin":"4711","id":"147110","odd":"a+b$"} 4711, a long secretly, 1', hidden)).toBe(
    '{"x-pin":"••••••","id":"147110","odd":"••••••"} ••••••, ••••••ly, 1',
  );
  expect(conceal(null, hidden)).toBeNull();
});

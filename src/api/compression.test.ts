import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";

const SCRIPT = `console.log("${"a page's code ".repeat(200)}")`;
const web_dir = mkdtempSync(join(tmpdir(), "wharf-pages-"));
const UNFOLD: Record<string, (body: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (body) => body,
};
let api: TestApi;

beforeAll(async () => {
  mkdirSync(join(web_dir, "assets"));
  writeFileSync(join(web_dir, "index.html"), "<!doctype html>");
  const path = join(web_dir, "assets/x-1.js");
  writeFileSync(path, SCRIPT);
  writeFileSync(`${path}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${path}.gz`, gzipSync(SCRIPT));
  api = await createTestApi({ web_dir });
});
afterAll(() => rmSync(web_dir, { recursive: true }));

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ url, headers: { authorization: `Bearer ${api.key}`, ...headers } });

test.each([
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["gzip;q=0", undefined],
  ["", undefined],
])("a page's file for who takes %j is sent as %s, as the build wrote it", async (accepts, encoding) => {
  const answer = await get("/assets/x-1.js", accepts === "" ? {} : { "accept-encoding": accepts });
  expect(answer.headers["content-encoding"]).toBe(encoding);
  expect(answer.headers["content-type"]).toMatch(/javascript/);
  expect(answer.headers["cache-control"]).toContain("immutable");
  expect(answer.headers["vary"]).toBe("accept-encoding");
  expect(UNFOLD[encoding ?? "identity"]!(answer.rawPayload).toString()).toBe(SCRIPT);
});

test("a long answer is compressed for who takes that, a short one never", async () => {
  const plain = await get("/api/v1/meta_errors");
  const zipped = await get("/api/v1/meta_errors", { "accept-encoding": "br, gzip" });
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(zipped.headers["content-encoding"]).toBe("gzip");
  expect(zipped.headers["vary"]).toContain("accept-encoding");
  expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
  expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  expect(
    (await get("/api/v1/me", { "accept-encoding": "gzip" })).headers["content-encoding"],
  ).toBeUndefined();
});

test("a body that is sent compressed is refused, and not unfolded", async () => {
  const answer = await api.app.inject({
    method: "POST",
    url: "/api/v1/endpoints",
    headers: {
      authorization: `Bearer ${api.key}`,
      "content-type": "application/json",
      "content-encoding": "gzip",
    },
    payload: gzipSync(JSON.stringify({ url: "https://example.com", padding: " ".repeat(10_000_000) })),
  });
  expect(answer.statusCode).toBe(400);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createReceiver } from "./support/delivery.ts";
import { createProduct, eventually, type Product } from "./support/product.ts";
import { messagesWebhook } from "./support/webhook-body.ts";

interface Line {
  name: string;
  attributes: Record<string, unknown>;
  status: { code: number; message?: string };
  trace: string;
  pid: number;
}

const dir = mkdtempSync(join(tmpdir(), "wharf-trace-"));
const file = join(dir, "spans");
writeFileSync(file, "");
let product: Product;
beforeAll(async () => {
  const sdk = pathToFileURL(join(import.meta.dirname, "support/trace-to-file.js")).href;
  product = await createProduct({ env: { NODE_OPTIONS: `--import ${sdk}`, TRACE_FILE: file } });
  await product.start();
}, 120_000);
afterAll(async () => {
  await product?.remove();
  rmSync(dir, { recursive: true, force: true });
});

const message = (id: string) =>
  JSON.stringify(
    messagesWebhook(
      {
        messages: [{ id, from: "16505551234", type: "text", timestamp: "1749416383", text: { body: "Hi" } }],
      },
      [{ wa_id: "16505551234", profile: { name: "Sheena Nelson" } }],
    ),
  );

test("a webhook is one trace, from its POST to its last delivery, under its id in the journal and without its content", async () => {
  let answers = 0;
  const receiver = await createReceiver(
    (_request, res) => void res.writeHead(answers++ === 0 ? 500 : 200).end(),
  );
  const { body: endpoint } = await product.api("POST", "/api/v1/endpoints", {
    url: receiver.url,
    enabled: true,
    events: ["messages"],
    retry_preset: "fast",
  });
  expect(await product.post(message("wamid.TRACE1"))).toBe(200);
  expect(await product.post(message("wamid.TRACE2"))).toBe(200);

  const { body } = await product.api("GET", "/api/v1/journal");
  const ids = (body["data"] as { id: string }[]).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const spans = await eventually(
    "both deliveries",
    async () => {
      const lines = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line);
      const delivered = lines.filter(({ attributes }) => attributes["http.response.status_code"] === 200);
      return new Set(delivered.map(({ trace }) => trace)).size === 2 ? lines : undefined;
    },
    60_000,
  );

  for (const id of ids) {
    const own = spans.filter(({ trace }) => trace === id.replaceAll("-", ""));
    expect(own.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["receive webhook", "process webhook", "deliver webhook"]),
    );
    expect(own.every(({ attributes }) => attributes["wharf.webhook.id"] === id)).toBe(true);
    expect(new Set(own.map(({ pid }) => pid)).size).toBeGreaterThan(1);
    const attempts = own.filter(({ name }) => name === "deliver webhook");
    expect(attempts.every(({ attributes }) => attributes["wharf.endpoint.id"] === endpoint["id"])).toBe(true);
  }
  // The one attempt that failed says so.
  const failed = spans.filter(({ status }) => status.code === 2);
  expect(failed).toMatchObject([
    {
      name: "deliver webhook",
      attributes: { "http.response.status_code": 500, "error.type": "http_status" },
    },
  ]);
  expect(readFileSync(file, "utf8")).not.toMatch(/Sheena|16505551234|TRACE1|whsec/);
}, 120_000);

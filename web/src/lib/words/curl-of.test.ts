import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { curlOf } from "./curl.ts";

const received: { headers: Record<string, unknown>; body: Buffer }[] = [];
const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on("data", (chunk: Buffer) => chunks.push(chunk));
  req.on("end", () => {
    received.push({ headers: req.headers, body: Buffer.concat(chunks) });
    res.end();
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=1&b='x'`;

test.each([
  ["quotes", Buffer.from(`{"text":"it's \\"so\\" 'quoted' \`id\` $(id) $HOME !! \\\\"}`)],
  ["line breaks", Buffer.from(`@/etc/passwd\n{"a": 1}\r\n\t"b"\n\n`)],
  ["other scripts", Buffer.from(`{"text":"שלום, מתי אתם פותחים מחר? 🧥 \u202e"}`)],
  ["very long", Buffer.from(`{"text":"${"it's long ".repeat(30_000)}"}`)],
  ["a NUL", Buffer.from("before\0after")],
  ["no text", Buffer.from([0xff, 0xfe, 0x00, 0x27, 0x0a])],
  ["nothing", Buffer.alloc(0)],
])("a shell that is given the command sends the same bytes and headers: %s", async (_name, body) => {
  const text = body.toString();
  const command = curlOf({
    url,
    headers: [
      { name: "content-type", value: "application/json" },
      { name: "x-hub-signature-256", value: "sha256=0123" },
      { name: "X-Odd", value: `it's "odd" $HOME` },
    ],
    body: Buffer.from(text).equals(body) ? text : null,
    body_base64: body.toString("base64"),
  });
  // As a script on its input: an argument would be too short for the longest.
  await new Promise<void>((resolve, reject) => {
    const shell = spawn("sh", { stdio: ["pipe", "ignore", "ignore"] });
    shell.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`the shell ended with ${code}`))));
    shell.stdin.end(`${command}\n`);
  });
  expect(received.at(-1)!.body.equals(body)).toBe(true);
  expect(received.at(-1)!.headers).toMatchObject({
    "content-type": "application/json",
    "x-hub-signature-256": "sha256=0123",
    "x-odd": `it's "odd" $HOME`,
  });
});

import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { curlCommand, shellQuoted } from "./curl.ts";

let got: { body: Buffer; signature: string | undefined }[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const signature = request.headers["x-hub-signature-256"] as string | undefined;
    got.push({ body: Buffer.concat(parts), signature });
    response.end();
  });
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

const SECRET = "whsec_c2VjcmV0IHdpdGggJCBhbmQgJw==";
/** As a person would: the two placeholders filled in, the rest pasted into a shell. */
const paste = (command: string) =>
  new Promise<void>((resolve, reject) => {
    const shell = spawn("bash", { stdio: ["pipe", "ignore", "ignore"] });
    shell.on("error", reject).on("exit", () => resolve());
    shell.stdin.end(
      command
        .replace("'https://example.com/webhooks'", shellQuoted(url))
        .replace("'whsec_…'", shellQuoted(SECRET)),
    );
  });

const bodies: [string, Buffer][] = [
  ["JSON of letters in many scripts", Buffer.from('{"text":"Chloé שלום 😀 \\u00e9"}')],
  [
    "all that a shell may take for its own",
    Buffer.from(`'"'"' $(touch /tmp/x) \`id\` $HOME \\ !! & | ; > #\n\r\t* ~ {a,b} ''`),
  ],
  ["what curl may take for its own", Buffer.from("@/etc/passwd")],
  ["line breaks at its end", Buffer.from("{}\n\n")],
  ["nothing", Buffer.from("")],
  ["a NUL", Buffer.from("a\0b")],
  ["bytes that are no text", Buffer.from([0xff, 0x00, 0x0a, 0x27, 0x80])],
  ["more than an argument holds", Buffer.from(`{"a":"${"ü'".repeat(100_000)}"}`)],
];

test.each(bodies)("%s arrives byte for byte, and signed", async (_, body) => {
  got = [];
  const text = body.toString();
  await paste(
    curlCommand({ text: Buffer.from(text).equals(body) ? text : null, base64: body.toString("base64") }),
  );
  expect(got).toHaveLength(1);
  expect(got[0]!.body.equals(body)).toBe(true);
  expect(got[0]!.signature).toBe(`sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`);
});

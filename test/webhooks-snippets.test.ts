import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { request } from "undici";
import { afterAll, describe, expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { eventually, freePort } from "./support/product.ts";

interface Snippet {
  language: string;
  file: string;
  code: string;
}
const { snippets, CHECK, SECRET_VARIABLE } = (await import(
  join(projectDir, "web/src/features/webhooks/signing/snippets.ts")
)) as { snippets: (url: string) => Snippet[]; CHECK: string; SECRET_VARIABLE: string };

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const dir = mkdtempSync(join(tmpdir(), "wharf-snippets-test-"));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

type Start = [command: string, args: string[]];
/** How each is started; what has to be built is built first. */
const STARTS: Record<
  string,
  { program: string; start: (file: string, port: number) => Start | Promise<Start> }
> = {
  Node: { program: process.execPath, start: (file) => [process.execPath, [file]] },
  Python: { program: "python3", start: (file) => ["python3", [file]] },
  PHP: { program: "php", start: (file, port) => ["php", ["-S", `127.0.0.1:${port}`, file]] },
  Go: {
    program: "go",
    async start(file) {
      const program = join(dir, "receiver");
      await promisify(execFile)("go", ["build", "-o", program, file]);
      return [program, []];
    },
  },
};
// Go's own library is compiled with the first program that uses it.
const TIMEOUT_MS = 240_000;
const installed = (program: string) =>
  spawnSync(program, [program === "go" ? "version" : "--version"]).error === undefined;

const signed = (body: string, secret = SECRET) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

describe.each(snippets("https://example.com/hooks/whats%20app?shop=1"))(
  "the receiver in $language that the page offers",
  ({ language, file, code }) => {
    const { program, start } = STARTS[language]!;
    it.skipIf(!installed(program))(
      "takes what Wharf signed at the endpoint's path, and nothing else",
      async () => {
        writeFileSync(join(dir, file), code);
        const port = await freePort();
        const [command, args] = await start(join(dir, file), port);
        const child = spawn(command, args, {
          env: { ...process.env, PORT: String(port), [SECRET_VARIABLE]: SECRET },
          stdio: "ignore",
        });
        running.push(child);

        const post = async (path: string, body: string, signature?: string): Promise<number> => {
          const headers = signature === undefined ? {} : { "x-hub-signature-256": signature };
          const answer = await request(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers });
          await answer.body.dump();
          return answer.statusCode;
        };
        const body = '{"object":"whatsapp_business_account","entry":[{"id":"0","text":"späß 😀"}]}';
        const path = "/hooks/whats%20app?shop=1";
        await eventually("the receiver", () => post(path, body, signed(body)).catch(() => null));

        expect(await post(path, body, signed(body))).toBe(200);
        expect(await post(path, body.replace("späß", "spaß"), signed(body))).toBe(401);
        expect(await post(path, body, signed(body, `${SECRET}x`))).toBe(401);
        expect(await post(path, body, "sha256=ü")).toBe(401);
        expect(await post(path, body)).toBe(401);
        expect(await post("/elsewhere", body, signed(body))).toBe(404);
      },
      TIMEOUT_MS,
    );
  },
);

it("the one line that the secret's dialog shows is the signature of the raw body", () => {
  const body = '{"object":"whatsapp_business_account"}';
  const said = runInNewContext(CHECK, {
    createHmac,
    rawBody: body,
    process: { env: { [SECRET_VARIABLE]: SECRET } },
  }) as unknown;
  expect(said).toBe(signed(body));
});

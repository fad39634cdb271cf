import { execFile, execFileSync } from "node:child_process";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { verify as verifyHub } from "@octokit/webhooks-methods";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { projectDir } from "../../src/base/base.ts";

/** A request as a receiver got it. */
export interface Signed {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Foreign code that knows nothing of ours: which of the requests does a receiver with this secret accept? */
export interface Verifier {
  name: string;
  accepts(secret: string, requests: readonly Signed[]): Promise<boolean[]>;
}

const textHeaders = ({ headers }: Signed) => headers as Record<string, string>;

const octokit: Verifier = {
  name: "@octokit/webhooks-methods",
  accepts: (secret, requests) =>
    Promise.all(
      requests.map((request) =>
        verifyHub(secret, request.body.toString("utf8"), textHeaders(request)["x-hub-signature-256"]!),
      ),
    ),
};

const standardWebhooks: Verifier = {
  name: "standardwebhooks",
  accepts: async (secret, requests) => {
    const webhook = new Webhook(secret);
    return requests.map((request) => {
      try {
        webhook.verify(request.body, textHeaders(request));
        return true;
      } catch (error) {
        if (error instanceof WebhookVerificationError && /signature/.test(error.message)) return false;
        throw error;
      }
    });
  },
};

const python: Verifier = {
  name: "Python's hmac",
  accepts: (secret, requests) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        "python3",
        [join(projectDir, "test/support/verify.py")],
        { maxBuffer: 64 * 1024 * 1024 },
        (error, stdout) =>
          error
            ? reject(error)
            : resolve(
                stdout
                  .trim()
                  .split("\n")
                  .map((line) => line === "true"),
              ),
      );
      for (const { headers, body } of requests)
        child.stdin!.write(`${JSON.stringify({ secret, headers, body: body.toString("base64") })}\n`);
      child.stdin!.end();
    }),
};

/** `openssl` computes what the headers should say. */
const openssl: Verifier = {
  name: "openssl dgst",
  accepts: async (secret, requests) => {
    const hmac = (key: Buffer, data: Buffer) =>
      execFileSync(
        "openssl",
        ["dgst", "-sha256", "-mac", "HMAC", "-macopt", `hexkey:${key.toString("hex")}`, "-binary"],
        { input: data },
      );
    return requests.map((request) => {
      const headers = textHeaders(request);
      const hub = hmac(Buffer.from(secret), request.body).toString("hex");
      const signed = Buffer.concat([
        Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`),
        request.body,
      ]);
      const standard = hmac(Buffer.from(secret.slice("whsec_".length), "base64"), signed).toString("base64");
      return (
        headers["x-hub-signature-256"] === `sha256=${hub}` &&
        headers["webhook-signature"] === `v1,${standard}`
      );
    });
  },
};

/**
 * Two libraries, and one program that is not of Node at all: Python, else openssl, which is slower. Without either this
 * throws: it is not skipped.
 */
export function foreignVerifiers(): Verifier[] {
  const outside = [python, openssl].find(({ name }) => isThere(COMMANDS[name]!));
  if (!outside)
    throw new Error("neither python3 nor openssl is on this machine; one of them must check our signatures");
  return [octokit, standardWebhooks, outside];
}

const COMMANDS: Record<string, [string, string]> = {
  [python.name]: ["python3", "--version"],
  [openssl.name]: ["openssl", "version"],
};

function isThere([command, argument]: [string, string]): boolean {
  try {
    execFileSync(command, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

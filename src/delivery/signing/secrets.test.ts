import { createHash, createHmac, randomBytes } from "node:crypto";
import { verify as verifyHub } from "@octokit/webhooks-methods";
import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { createSecretBox, newId } from "../../base/base.ts";
import {
  createKeyring,
  drawSecret,
  hubSignature,
  secretText,
  signatureHeaders,
  signingKeys,
} from "./secrets.ts";

const box = createSecretBox([randomBytes(32)]);

describe("a signing secret", () => {
  test("is whsec_ and 32 bytes, follows from what is stored, and is not in it", () => {
    const id = newId();
    const drawn = drawSecret(box, id);
    expect(drawn.text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secretText(box, drawn)).toBe(drawn.text);
    expect(drawn.text).not.toContain(drawn.secret_salt.toString("base64"));
    expect(drawn.fingerprint).toBe(createHash("sha256").update(drawn.text).digest("hex").slice(0, 8));
  });

  test("is another one for another salt, another endpoint and another master key", () => {
    const drawn = drawSecret(box, newId());
    const other_box = createSecretBox([randomBytes(32)]);
    const all = [
      drawn.text,
      drawSecret(box, drawn.id).text,
      secretText(box, { ...drawn, id: newId() }),
      secretText(other_box, { ...drawn, secret_key_id: other_box.key_id }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("still follows from an older master key, and says so when that key is gone", () => {
    const [older, newer] = [randomBytes(32), randomBytes(32)];
    const drawn = drawSecret(createSecretBox([older]), newId());
    expect(secretText(createSecretBox([newer, older]), drawn)).toBe(drawn.text);
    expect(() => secretText(createSecretBox([newer]), drawn)).toThrow(/WHARF_MASTER_KEY/);
  });

  test("is derived again after a rotation, whatever the keyring remembers", () => {
    const keyring = createKeyring(box, 2);
    const first = drawSecret(box, newId());
    const second = drawSecret(box, first.id);
    const body = Buffer.from("{}");
    expect(hubSignature(keyring(first), body)).toBe(hubSignature(signingKeys(first.text), body));
    expect(hubSignature(keyring(second), body)).toBe(hubSignature(signingKeys(second.text), body));
    for (let i = 0; i < 5; i++) keyring(drawSecret(box, newId()));
    expect(hubSignature(keyring(first), body)).toBe(hubSignature(signingKeys(first.text), body));
  });
});

describe("a signature", () => {
  test("is the one of GitHub's own example", () => {
    const keys = { ...signingKeys("whsec_"), hub: signingKeys("It's a Secret to Everybody").hub };
    expect(hubSignature(keys, Buffer.from("Hello, World!"))).toBe(
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
  });

  test("is accepted by @octokit/webhooks-methods, standardwebhooks and node:crypto, whatever the body", async () => {
    const { text, id } = drawSecret(box, newId());
    const body = fc.oneof(fc.json(), fc.string({ unit: "binary", minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(body, async (payload) => {
        // What travels is UTF-8: a lone surrogate is no longer one.
        const bytes = Buffer.from(payload, "utf8");
        const timestamp_s = Math.floor(Date.now() / 1000);
        const headers = signatureHeaders(signingKeys(text), { id, timestamp_s, body: bytes });

        expect(await verifyHub(text, bytes.toString("utf8"), headers["x-hub-signature-256"]!)).toBe(true);
        expect(() => new Webhook(text).verify(bytes, headers)).not.toThrow(/signature/i);
        expect(headers["x-hub-signature-256"]).toBe(
          `sha256=${createHmac("sha256", text).update(bytes).digest("hex")}`,
        );
        expect(headers["webhook-signature"]).toBe(
          `v1,${createHmac("sha256", Buffer.from(text.slice(6), "base64"))
            .update(Buffer.concat([Buffer.from(`${id}.${timestamp_s}.`), bytes]))
            .digest("base64")}`,
        );
      }),
      { numRuns: 50 },
    );
  });

  test("is refused for another body, another id, another time and another secret", async () => {
    const { text, id } = drawSecret(box, newId());
    const body = Buffer.from('{"object":"whatsapp_business_account"}');
    const timestamp_s = Math.floor(Date.now() / 1000);
    const headers = signatureHeaders(signingKeys(text), { id, timestamp_s, body });
    const other = Buffer.from('{"object":"whatsapp_business_accounT"}');
    const verifier = new Webhook(text);

    expect(verifier.verify(body, headers)).toEqual({ object: "whatsapp_business_account" });
    expect(() => verifier.verify(other, headers)).toThrow(/signature/i);
    expect(() => verifier.verify(body, { ...headers, "webhook-id": newId() })).toThrow(/signature/i);
    expect(() => verifier.verify(body, { ...headers, "webhook-timestamp": String(timestamp_s - 1) })).toThrow(
      /signature/i,
    );
    expect(() => new Webhook(drawSecret(box, id).text).verify(body, headers)).toThrow(/signature/i);
    expect(await verifyHub(text, other.toString(), headers["x-hub-signature-256"]!)).toBe(false);
    // What an old capture is worth: nothing.
    const old = signatureHeaders(signingKeys(text), { id, timestamp_s: timestamp_s - 3600, body });
    expect(() => verifier.verify(body, old)).toThrow(/timestamp/i);
  });
});

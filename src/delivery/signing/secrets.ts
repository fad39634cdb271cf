import { createHash, createHmac, createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import type { SecretBox } from "../../base/base.ts";
import { remember } from "./memo.ts";

/**
 * Signing secrets are derived, never stored: HKDF-SHA256(master key, the endpoint's random salt, the endpoint's id).
 * The user sees `whsec_` + base64 of it, once; a new salt is a new secret.
 */
export interface SecretSource {
  id: string;
  secret_salt: Buffer;
  secret_key_id: string;
}

/** A new secret's source for endpoint `id`; `text` is what the user is shown. */
export function drawSecret(box: SecretBox, id: string): SecretSource & { text: string; fingerprint: string } {
  const source = { id, secret_salt: randomBytes(32), secret_key_id: box.key_id };
  const text = secretText(box, source);
  return { ...source, text, fingerprint: createHash("sha256").update(text).digest("hex").slice(0, 8) };
}

/** The secret as the user was shown it. Throws MasterKeyMissingError. */
export function secretText(box: SecretBox, source: SecretSource): string {
  return `whsec_${box.derive(source.secret_salt, source.id, source.secret_key_id).toString("base64")}`;
}

/**
 * The two keys of one secret. Meta's header is keyed with the shown string, as users of GitHub's and Meta's
 * webhooks expect; Standard Webhooks keys with what its base64 stands for.
 */
export interface SigningKeys {
  hub: KeyObject;
  standard: KeyObject;
}

export function signingKeys(secret: string): SigningKeys {
  return {
    hub: createSecretKey(Buffer.from(secret, "utf8")),
    standard: createSecretKey(Buffer.from(secret.slice("whsec_".length), "base64")),
  };
}

/** Derives each secret once; a rotation draws another salt, so nothing here can be stale. Throws MasterKeyMissingError. */
export function createKeyring(box: SecretBox, limit = 10_000): (source: SecretSource) => SigningKeys {
  const once = remember<SigningKeys>(limit);
  return (source) =>
    once(`${source.secret_key_id} ${source.id} ${source.secret_salt.toString("base64")}`, () =>
      signingKeys(secretText(box, source)),
    );
}

/** `sha256=<hex>`: HMAC-SHA256 of the body's bytes, keyed with the shown string's bytes. */
export function hubSignature(keys: SigningKeys, body: Buffer): string {
  return `sha256=${createHmac("sha256", keys.hub).update(body).digest("hex")}`;
}

/**
 * What a receiver verifies: Meta's header over the body alone, and the Standard Webhooks trio, whose timestamp lets
 * it refuse replays. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(
  keys: SigningKeys,
  signed: { id: string; timestamp_s: number; body: Buffer },
): Record<string, string> {
  const timestamp = String(signed.timestamp_s);
  const standard = createHmac("sha256", keys.standard)
    .update(`${signed.id}.${timestamp}.`)
    .update(signed.body)
    .digest("base64");
  return {
    "x-hub-signature-256": hubSignature(keys, signed.body),
    "webhook-id": signed.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${standard}`,
  };
}

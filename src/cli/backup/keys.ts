import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { OperatorError } from "../../base/base.ts";
import type { SealedKeys } from "./manifest.ts";

/**
 * The master keys in a backup: under a passphrase, or not at all. Without them Meta's credentials in it can't be read and
 * its endpoints can't be signed for, so a backup that is stolen is worth no more than what people wrote.
 */

/** About 0.1 s and 64 MB a try. */
const SCRYPT = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const CONTEXT = Buffer.from("wharf backup master keys");
const LEAST_LETTERS = 12;

export function sealKeys(master_keys: readonly Buffer[], passphrase: string): SealedKeys {
  if (passphrase.length < LEAST_LETTERS)
    throw new OperatorError(
      `The passphrase is too short: use ${LEAST_LETTERS} letters or more, as it opens the master key.`,
    );
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32, SCRYPT), nonce);
  cipher.setAAD(CONTEXT);
  const plain = master_keys.map((key) => key.toString("base64")).join(",");
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  const base64 = (bytes: Buffer) => bytes.toString("base64");
  return { salt: base64(salt), nonce: base64(nonce), tag: base64(cipher.getAuthTag()), text: base64(text) };
}

/** As WHARF_MASTER_KEY and master.key hold them. */
export function openKeys(sealed: SealedKeys, passphrase: string): string {
  const bytes = (text: string) => Buffer.from(text, "base64");
  const key = scryptSync(passphrase, bytes(sealed.salt), 32, SCRYPT);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes(sealed.nonce));
  decipher.setAAD(CONTEXT).setAuthTag(bytes(sealed.tag));
  try {
    return decipher.update(bytes(sealed.text), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new OperatorError(
      "The passphrase does not open the master key of this backup; give the one that it was made with.",
      { cause },
    );
  }
}

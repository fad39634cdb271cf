import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** A sealed or derived value names a master key that this process was not given. */
export class MasterKeyMissingError extends Error {
  override name = "MasterKeyMissingError";
  readonly key_id: string;

  constructor(key_id: string) {
    super(`master key ${key_id} is not in WHARF_MASTER_KEY; add it after the newest one`);
    this.key_id = key_id;
  }
}

/**
 * Encrypts what must be read again (tokens, app secrets) and derives what need not be stored (signing secrets).
 * `keys` are the master keys, newest first; each sealed value names the key that it was made with.
 */
export interface SecretBox {
  /** AES-256-GCM; the result is key id (4 bytes) + nonce (12) + tag (16) + ciphertext. `context` must be the same to open. */
  seal(plain: string, context: string): Buffer;
  /** Throws MasterKeyMissingError when the key is unknown, and another error when the value was tampered with. */
  open(sealed: Buffer, context: string): string;
  /** 32 bytes by HKDF-SHA256 from the master key `key_id` (the newest by default), `salt` and `info`. Throws MasterKeyMissingError. */
  derive(salt: Buffer, info: string, key_id?: string): Buffer;
  /** The newest key's id: 8 hex digits, safe to store and show. */
  readonly key_id: string;
  /** All that were given, newest first. */
  readonly key_ids: readonly string[];
}

export function createSecretBox(keys: Buffer[]): SecretBox {
  const byId = new Map(
    keys.map((key) => [
      createHash("sha256").update("wharf key id").update(key).digest("hex").slice(0, 8),
      key,
    ]),
  );
  const newest = [...byId.keys()][0];
  if (newest === undefined) throw new Error("a secret box needs at least one master key");
  const keyOf = (id: string): Buffer => {
    const key = byId.get(id);
    if (!key) throw new MasterKeyMissingError(id);
    return key;
  };
  const cipherKey = (id: string) =>
    Buffer.from(hkdfSync("sha256", keyOf(id), Buffer.alloc(0), "wharf secret box", 32));

  return {
    key_id: newest,
    key_ids: [...byId.keys()],
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", cipherKey(newest), nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.from(newest, "hex"), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, context) {
      const decipher = createDecipheriv(
        "aes-256-gcm",
        cipherKey(sealed.subarray(0, 4).toString("hex")),
        sealed.subarray(4, 16),
      );
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(16, 32));
      return decipher.update(sealed.subarray(32), undefined, "utf8") + decipher.final("utf8");
    },
    derive(salt, info, key_id = newest) {
      return Buffer.from(hkdfSync("sha256", keyOf(key_id), salt, info, 32));
    },
  };
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { SecretBox } from "../../base/base.ts";

const VALID_S = 365 * 24 * 3600;
/** Where passwords are looked at. */
const PATH = "/api/auth";

/**
 * A browser in which the account's password was right before: it shows a signed cookie, and has a count of its own. So who
 * guesses at an account from elsewhere keeps no one out who has been inside, and gains no guess by it.
 */
export function createKnownBrowsers(box: SecretBox) {
  const keys = box.key_ids.map((id) => box.derive(Buffer.alloc(0), "wharf known browsers", id));
  const nameOf = (email: string) =>
    `wharf.known.${createHash("sha256")
      .update(`known:${normalized(email)}`)
      .digest("hex")
      .slice(0, 12)}`;
  const sign = (key: Buffer, email: string, said: string) =>
    createHmac("sha256", key)
      .update(`${said}:${normalized(email)}`)
      .digest("base64url");

  return {
    /** The browser's id where its cookie is of this account and still valid; else null. */
    read(cookies: string | undefined, email: string, now_ms: number): string | null {
      const name = nameOf(email);
      const value = cookies
        ?.split(/;\s*/)
        .find((one) => one.startsWith(`${name}=`))
        ?.slice(name.length + 1);
      const [, id = "", until = "", mac = ""] =
        /^([\w-]{22})\.(\d{1,12})\.([\w-]{43})$/.exec(value ?? "") ?? [];
      if (mac === "" || Number(until) * 1_000 < now_ms) return null;
      const given = Buffer.from(mac);
      const isOurs = keys.some((key) =>
        timingSafeEqual(given, Buffer.from(sign(key, email, `${id}.${until}`))),
      );
      return isOurs ? id : null;
    },
    /** The cookie for a browser in which the password was right just now. */
    make(email: string, now_ms: number): string {
      const said = `${randomBytes(16).toString("base64url")}.${Math.floor(now_ms / 1_000) + VALID_S}`;
      const value = `${said}.${sign(keys[0]!, email, said)}`;
      return `${nameOf(email)}=${value}; Max-Age=${VALID_S}; Path=${PATH}; HttpOnly; SameSite=Lax`;
    },
  };
}

const normalized = (email: string) => email.trim().toLowerCase();

import { createHash } from "node:crypto";

/** better-auth's clients ask by it, whatever the browser's own is. */
export const auth_origin = "http://wharf.invalid";
/** It stands in the log of the start; `wharf user link` makes another at any time. */
export const link_valid_s = 3600;

/** As better-auth and its plugins hash keys and the tokens of links: SHA-256, base64url. */
export const hashKey = (key: string): string => createHash("sha256").update(key).digest("base64url");

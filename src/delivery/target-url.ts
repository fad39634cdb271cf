import { Problem } from "../base/base.ts";
import type { Guard } from "./guard.ts";

const MAX_CHARACTERS = 512;

/** Throws INVALID_URL, URL_TOO_LONG or TARGET_NOT_ALLOWED; a URL that passes can be delivered to as it is. */
export function checkTargetUrl(text: string, guard: Guard): void {
  if (!/^https?:\/\//i.test(text)) throw new Problem("INVALID_URL");
  if (Array.from(text).length > MAX_CHARACTERS) throw new Problem("URL_TOO_LONG");
  // WHATWG's parser silently drops these, and then the address shown is not the one dialled.
  // oxlint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f]/u.test(text))
    throw new Problem("INVALID_URL", "The URL contains a space or a line break; remove it.");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) throw new Problem("INVALID_URL", "The URL can't be read; check the host name and the port.");
  if (url.username !== "" || url.password !== "")
    throw new Problem(
      "INVALID_URL",
      "The URL contains a user name or password, which would be shown to everybody; remove it and verify the signature instead.",
    );
  if (!guard.allowsHost(url.hostname)) throw new Problem("TARGET_NOT_ALLOWED");
}

import { percentDecoded, Problem } from "../../base/base.ts";
import type { Guard } from "./ssrf-guard.ts";

const MAX_CHARACTERS = 512;

/**
 * An endpoint's URL as it is stored, shown and sent: one spelling for all three. Throws INVALID_URL, URL_TOO_LONG or
 * TARGET_NOT_ALLOWED.
 */
export function readTargetUrl(written: string, guard: Guard): string {
  // What comes with a copied URL, and isn't seen.
  const text = written.trim();
  if (!/^https?:\/\//i.test(text))
    throw new Problem("INVALID_URL", "URL must start with http:// or https://");
  if (charactersOf(text) > MAX_CHARACTERS) throw new Problem("URL_TOO_LONG");
  // WHATWG's parser silently drops these, and then the address shown is not the one dialled.
  // oxlint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f]/u.test(text))
    throw new Problem("INVALID_URL", "The URL contains a space or a line break; remove it.");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) throw new Problem("INVALID_URL", "The URL can't be read; check the host name and the port.");
  if (url.username !== "" || url.password !== "")
    throw new Problem(
      "INVALID_URL",
      "The URL contains a user name or password, which everyone here could read. Remove it and check the signature instead.",
    );
  if (!guard.allowsHost(url.hostname)) throw new Problem("TARGET_NOT_ALLOWED");
  return spellUrl(text);
}

/** Letters beyond ASCII count as one each, also where they are spelled as percent signs and digits. */
function charactersOf(text: string): number {
  const plain = text.replace(/(?:%[89a-f][\da-f])+/gi, percentDecoded);
  return Array.from(plain).length;
}

/**
 * As it is sent: host in ASCII and lower case, dots in the path resolved, what a request line can't hold encoded, no
 * fragment. A bare host stays without its slash.
 */
export function spellUrl(text: string): string {
  const [href = ""] = new URL(text).href.split("#", 1);
  return `${text}/` === href ? text : href;
}

/** What stands behind POST in the request: all of the URL behind its host, an empty query's `?` too. */
export function requestTarget({ href, origin }: URL): string {
  return href.slice(origin.length).split("#", 1)[0]!;
}

/** Whether requests to both go to the same place: spelt alike, but for the dot that may end a host's name. */
export function isSameTarget(a: string, b: string): boolean {
  return targetOf(a) === targetOf(b);
}

function targetOf(text: string): string {
  if (!URL.canParse(text.trim())) return text;
  const url = new URL(text.trim());
  url.hash = "";
  url.hostname = url.hostname.replace(/\.$/, "");
  return url.href;
}

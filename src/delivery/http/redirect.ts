import type { Guard } from "./ssrf-guard.ts";

/** Where a redirect points, for people: resolved, without password and fragment, cut to a readable length. */
export interface Location {
  /** Null when it is not shown: it repeats a header's value that is kept secret. */
  url: string | null;
  /** The very URL that was asked. */
  isSame: boolean;
  /** An endpoint may have this address. */
  isAllowed: boolean;
}

const SHOWN_CHARACTERS = 300;

/** Null when there is none, or none that is an http(s) URL. `asked.hidden` are texts that must not be shown. */
export function readLocation(
  header: string | string[] | undefined,
  asked: { url: URL; hidden?: readonly string[] },
  guard: Pick<Guard, "allowsHost">,
): Location | null {
  const text = utf8((Array.isArray(header) ? header[0] : header) ?? "").trim();
  if (text === "" || !URL.canParse(text, asked.url.href)) return null;
  const url = new URL(text, asked.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  url.username = url.password = url.hash = "";
  const { href } = url;
  const isSecret = (asked.hidden ?? []).some((hidden) =>
    [text, href].some((shown) =>
      [hidden, encodeURI(hidden), encodeURIComponent(hidden)].some((spelling) => shown.includes(spelling)),
    ),
  );
  return {
    url: isSecret ? null : href.length > SHOWN_CHARACTERS ? `${href.slice(0, SHOWN_CHARACTERS)}…` : href,
    isSame: href === asked.url.href,
    isAllowed: guard.allowsHost(url.hostname),
  };
}

/** Headers come as Latin-1; most servers mean UTF-8. */
function utf8(text: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
  } catch {
    return text;
  }
}

/** What a 3xx means for an endpoint, and what to do. */
export function redirectWords(status: number, location: Location | null): string {
  const answered = `The server answered ${status}`;
  switch (status) {
    case 304:
      return `${answered} (Not Modified), which is no answer to a POST: a cache or a proxy in front of it answers. Make that pass POST requests on.`;
    case 305:
    case 306:
      return `${answered}, which is no longer in use and not followed. Make it answer 2xx itself.`;
  }
  if (location?.isSame)
    return `${answered} and redirects to the very same URL, as servers do that want a cookie first. Make it answer 2xx itself.`;
  const to = location === null ? null : (location.url ?? "an address that repeats a secret header's value");
  const next =
    to === null
      ? "It does not say where to; ask the people who run it for the URL that takes webhooks."
      : location!.isAllowed
        ? "Redirects are not followed; enter that URL if it takes webhooks."
        : "Redirects are not followed, and that address is not allowed as an endpoint; make the server answer 2xx itself.";
  switch (status) {
    case 300:
      return `${answered}: it offers several addresses${to === null ? "" : `, and prefers ${to}`}. Enter the one that takes webhooks.`;
    case 301:
    case 308:
      return `${answered}: it has moved for good${to === null ? "" : ` to ${to}`}. ${next}`;
    case 303:
      return `${answered}${to === null ? "" : `: it sends on to ${to}`}, as a page does after a form. Make it answer 2xx itself.`;
    default:
      return `${answered}: it redirects for now${to === null ? "" : ` to ${to}`}. ${next}`;
  }
}

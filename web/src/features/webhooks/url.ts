export const URL_LIMIT = 512;
const STARTS = ["http://", "https://"];

/** Characters as the server counts them: a letter beyond ASCII is one, also where it is spelled as percent signs. */
export function lengthOf(text: string): number {
  const plain = text.replace(/(?:%[89a-f][\da-f])+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
  return Array.from(plain).length;
}

/** What is wrong with a URL, in the server's words; null when nothing is that can be seen from here. */
export function urlProblem(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return "URL must start with http:// or https://";
  if (lengthOf(text) > URL_LIMIT) return `The URL is longer than ${URL_LIMIT} characters; use a shorter one.`;
  if (/\s/u.test(text)) return "The URL contains a space or a line break; remove it.";
  if (!URL.canParse(text)) return "The URL can't be read; check the host name and the port.";
  const { username, password } = new URL(text);
  return username === "" && password === ""
    ? null
    : "The URL contains a user name or password, which would be shown to everybody; remove it and verify the signature instead.";
}

/** The same while one still writes: what may become a URL is none yet, but no mistake either. */
export function urlProblemSoFar(text: string): string | null {
  const written = text.toLowerCase();
  if (STARTS.some((start) => start.startsWith(written) || start === written)) return null;
  return urlProblem(text);
}

/** It goes through the net in the clear. */
export const isPlain = (text: string): boolean => /^http:\/\//i.test(text);

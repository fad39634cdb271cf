/** A request as a command that any POSIX shell takes: the same bytes, the same headers. */

/** Longer than one argument may be on Linux (128 KiB), with room for what quoting adds. */
const ARGUMENT_LIMIT = 60_000;

/** Within single quotes a shell changes nothing, and only they need care. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export function curlOf(request: {
  url: string;
  headers: readonly { name: string; value: string }[];
  /** Null: it is no text. */
  body: string | null;
  body_base64: string;
}): string {
  const { body } = request;
  const whole = body !== null && !body.includes("\0");
  const is_short = whole && body.length <= ARGUMENT_LIMIT;
  const lines = [
    `curl -X POST ${quote(request.url)}`,
    // curl would take the length from another request.
    ...request.headers
      .filter(({ name }) => name.toLowerCase() !== "content-length")
      .map(({ name, value }) => `-H ${quote(`${name}: ${value}`)}`),
    is_short ? `--data-raw ${quote(body)}` : "--data-binary @-",
  ];
  const command = lines.join(" \\\n  ");
  if (is_short) return command;
  // `printf` is the shell's own, so what it is given may be of any length.
  return whole
    ? `printf %s ${quote(body)} | ${command}`
    : `printf %s ${quote(request.body_base64)} | base64 -d | ${command}`;
}

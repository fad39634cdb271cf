/** More than this doesn't fit into an argument of a command: Linux takes 128 KiB. */
const ARGUMENT_LIMIT = 60_000;

/** As one word of a POSIX shell, whatever is in it: nothing is special between single quotes but their end. */
export const shellQuoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const isWhole = (text: string | null): text is string => text !== null && !text.includes("\0");
const isShort = (text: string) => new Blob([text]).size <= ARGUMENT_LIMIT;

/**
 * A command for bash or zsh that posts these bytes, signed as Wharf signs: URL and SECRET are to be filled in. Bytes
 * that are no text, hold what no argument can, or are many go by a file.
 */
export function curlCommand({ text, base64 }: { text: string | null; base64: string }): string {
  const fits = isWhole(text) && isShort(text);
  const hmac = (body: string) => `${body} | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //'`;
  const given = ["URL='https://example.com/webhooks'", "SECRET='whsec_…'"];
  const post = (signed: string, body: string) => [
    `curl -i "$URL" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H "X-Hub-Signature-256: sha256=$(${signed})" \\`,
    `  ${body}`,
  ];
  if (fits)
    return [
      ...given,
      `BODY=${shellQuoted(text)}`,
      ...post(hmac(`printf '%s' "$BODY"`), '--data-raw "$BODY"'),
    ].join("\n");
  const lines = base64.match(/.{1,76}/g) ?? [];
  return [
    ...given,
    "FILE=$(mktemp)",
    `base64 -d > "$FILE" <<'END'`,
    ...lines,
    "END",
    ...post(hmac('cat "$FILE"'), '--data-binary @"$FILE"'),
  ].join("\n");
}

/** A request as a command that any POSIX shell takes: the same bytes, the same headers. `body` is null where it is no text. */
export function curlOf(request: {
  url: string;
  headers: readonly { name: string; value: string }[];
  body: string | null;
  body_base64: string;
}): string {
  const { body } = request;
  const is_inline = isWhole(body) && isShort(body);
  const command = [
    `curl -X POST ${shellQuoted(request.url)}`,
    // curl would take the length from another request.
    ...request.headers
      .filter(({ name }) => name.toLowerCase() !== "content-length")
      .map(({ name, value }) => `-H ${shellQuoted(`${name}: ${value}`)}`),
    is_inline ? `--data-raw ${shellQuoted(body)}` : "--data-binary @-",
  ].join(" \\\n  ");
  if (is_inline) return command;
  // `printf` is the shell's own, so what it is given may be of any length.
  return isWhole(body)
    ? `printf %s ${shellQuoted(body)} | ${command}`
    : `printf %s ${shellQuoted(request.body_base64)} | base64 -d | ${command}`;
}

/** More than this doesn't fit into an argument of a command: Linux takes 128 KiB. */
const ARGUMENT_LIMIT = 60_000;

/** As one word of a POSIX shell, whatever is in it: nothing is special between single quotes but their end. */
export const shellQuoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A command for bash or zsh that posts these bytes, signed as Wharf signs: URL and SECRET are to be filled in. Bytes
 * that are no text, hold what no argument can, or are many go by a file.
 */
export function curlCommand({ text, base64 }: { text: string | null; base64: string }): string {
  const fits = text !== null && !text.includes("\0") && new Blob([text]).size <= ARGUMENT_LIMIT;
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

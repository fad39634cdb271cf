const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Letters that can't be seen or turn the direction of what follows; not those that join emoji and scripts. */
const UNSEEN = /(?!\u200c|\u200d|\ufe0f)[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;
const escaped = (letter: string) =>
  Array.from(
    { length: letter.length },
    (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");

/** A string as a person reads it: `Chlo\u00e9` is `Chloé`. What has to be escaped in JSON, or can't be seen, stays so. */
const readable = (token: string) =>
  token.includes("\\") ? JSON.stringify(JSON.parse(token)).replace(UNSEEN, escaped) : token;

/**
 * JSON for reading: with line breaks and indentation, and letters for their escapes. Everything else is as it stands in
 * the original, as the digits of big numbers, which parsing and printing would change. Null when it is no JSON.
 */
export function indentJson(json: string): string | null {
  try {
    JSON.parse(json);
  } catch {
    return null;
  }
  let depth = 0;
  let out = "";
  const tokens = json.match(TOKEN) ?? [];
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      const empty = next === "}" || next === "]";
      depth += 1;
      out += empty ? token : token + line();
    } else if (token === "}" || token === "]") {
      const before = tokens[index - 1];
      depth -= 1;
      out += before === "{" || before === "[" ? token : line() + token;
    } else if (token === ",") out += `,${line()}`;
    else if (token === ":") out += ": ";
    else out += token.startsWith('"') ? readable(token) : token;
  }
  return out;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON with line breaks and indentation, and every token as it stands in the original: digits of big numbers and escapes
 * stay, which parsing and printing would change. Null when it is no JSON.
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
    else out += token;
  }
  return out;
}

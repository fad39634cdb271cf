/** WhatsApp's formatting as a tree; `rich-text.tsx` in ui/ makes React nodes of it, so no HTML is ever built. */
export type RichNode =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string; block: boolean }
  | { kind: "link"; text: string; href: string }
  | { kind: "bold" | "italic" | "strike"; children: RichNode[] };

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof MARKS;

const URL_PATTERN = /^(?:https?:\/\/|www\.)[^\s<>"]+/i;
const WORD = /[\p{L}\p{N}]/u;
const MAX_DEPTH = 3;
/** A longer text is shown as it is: twice what Meta lets a message have. */
const MAX_LENGTH = 8_000;

/**
 * A mark opens before a non-space and closes after one, on the same line, and stands at the edge of a word on its outer
 * side: `2*3*4` and `snake_case_name` stay as they are.
 */
export function readRichText(text: string, depth = 0): RichNode[] {
  if (text.length > MAX_LENGTH) return [{ kind: "text", text }];
  const nodes: RichNode[] = [];
  const line: Line = { end: -1, unclosed: new Set() };
  let plain = "";
  const flush = () => {
    if (plain !== "") nodes.push({ kind: "text", text: plain });
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found =
      readCode(text, at) ??
      readLink(text, at) ??
      (depth < MAX_DEPTH ? readMark(text, at, depth, line) : null);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** More of a text is in no line of a list. */
const LINE_LENGTH = 300;

/** The beginning of the text without its marks, for one line of a list. */
export function plainText(text: string, length = LINE_LENGTH): string {
  const plain = (nodes: RichNode[]): string =>
    nodes.map((node) => ("children" in node ? plain(node.children) : node.text)).join("");
  return plain(readRichText(text.slice(0, length).replace(/^> ?(?=\S)/gm, "")));
}

type Found = { node: RichNode; end: number } | null;

function readCode(text: string, at: number): Found {
  if (text[at] !== "`") return null;
  if (text.startsWith("```", at)) {
    const end = text.indexOf("```", at + 3);
    if (end > at + 3)
      return { node: { kind: "code", text: text.slice(at + 3, end).trim(), block: true }, end: end + 3 };
    return null;
  }
  const end = text.indexOf("`", at + 1);
  const inner = text.slice(at + 1, end);
  if (end <= at + 1 || inner.includes("\n")) return null;
  return { node: { kind: "code", text: inner, block: false }, end: end + 1 };
}

function readLink(text: string, at: number): Found {
  const first = text[at];
  if (first !== "h" && first !== "H" && first !== "w" && first !== "W") return null;
  if (WORD.test(text[at - 1] ?? "")) return null;
  // A URL longer than this is not one to click.
  const match = URL_PATTERN.exec(text.slice(at, at + 2048));
  if (!match) return null;
  // Punctuation at the end belongs to the sentence, and so does a bracket that was not opened inside.
  let url = match[0].replace(/[.,;:!?'"*_~]+$/, "");
  if (url.endsWith(")") && !url.includes("(")) url = url.slice(0, -1);
  const href = /^www\./i.test(url) ? `https://${url}` : url;
  if (!URL.canParse(href)) return null;
  return { node: { kind: "link", text: url, href }, end: at + url.length };
}

/** What was found out about the line that is being read: once, however many marks it has. */
interface Line {
  end: number;
  /** Marks of which none closes in the rest of it. */
  unclosed: Set<Mark>;
}

function readMark(text: string, at: number, depth: number, line: Line): Found {
  const mark = text[at] as Mark;
  if (!Object.hasOwn(MARKS, mark)) return null;
  if (WORD.test(text[at - 1] ?? "") || !isInk(text[at + 1]) || text[at + 1] === mark) return null;
  if (line.end < at) {
    const end = text.indexOf("\n", at);
    line.end = end < 0 ? text.length : end;
    line.unclosed.clear();
  }
  if (line.unclosed.has(mark)) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0 && end < line.end; end = text.indexOf(mark, end + 1)) {
    if (!isInk(text[end - 1]) || WORD.test(text[end + 1] ?? "")) continue;
    return {
      node: { kind: MARKS[mark], children: readRichText(text.slice(at + 1, end), depth + 1) },
      end: end + 1,
    };
  }
  line.unclosed.add(mark);
  return null;
}

const isInk = (char: string | undefined) => char !== undefined && !/\s/.test(char);

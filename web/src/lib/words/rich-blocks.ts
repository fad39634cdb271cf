/**
 * WhatsApp's formatting of lines: `> quote`, `- item` or `* item`, `1. item`. What stands between them, and blocks of
 * code with all that is in them, is text as before.
 */
export type RichBlock =
  | { kind: "text"; text: string }
  | { kind: "quote"; text: string }
  | { kind: "list"; ordered: boolean; start: number; items: string[] };

const QUOTE = /^> ?(?=\S)/;
const BULLET = /^[-*] +(?=\S)/;
const NUMBER = /^(\d{1,3})\. +(?=\S)/;
const ANY = /^(?:> ?\S|[-*] +\S|\d{1,3}\. +\S)/m;
/** Split at these, the odd pieces are the code with its marks. */
const CODE = /(```[^]+?```)/;

export function readBlocks(text: string): RichBlock[] {
  if (!ANY.test(text)) return [{ kind: "text", text }];
  const blocks: RichBlock[] = [];
  for (const [index, piece] of text.split(CODE).entries()) {
    if (index % 2 === 1) addText(blocks, piece);
    else for (const line of piece.split(/(?<=\n)/)) addLine(blocks, line);
  }
  // A line break beside a block is the block's own.
  return blocks.flatMap((block, index): RichBlock[] => {
    if (block.kind !== "text") return [block];
    const before = index > 0 ? block.text.replace(/^\n/, "") : block.text;
    const trimmed = index < blocks.length - 1 ? before.replace(/\n$/, "") : before;
    return trimmed === "" ? [] : [{ kind: "text", text: trimmed }];
  });
}

function addText(blocks: RichBlock[], text: string): void {
  const last = blocks.at(-1);
  if (last?.kind === "text") last.text += text;
  else blocks.push({ kind: "text", text });
}

function addLine(blocks: RichBlock[], line: string): void {
  const last = blocks.at(-1);
  const words = line.replace(/\n$/, "");
  if (QUOTE.test(words)) {
    const text = words.replace(QUOTE, "");
    if (last?.kind === "quote") last.text += `\n${text}`;
    else blocks.push({ kind: "quote", text });
    return;
  }
  const number = NUMBER.exec(words);
  if (number === null && !BULLET.test(words)) return addText(blocks, line);
  const item = words.replace(number ? NUMBER : BULLET, "");
  const ordered = number !== null;
  if (last?.kind === "list" && last.ordered === ordered) last.items.push(item);
  else blocks.push({ kind: "list", ordered, start: Number(number?.[1] ?? 1), items: [item] });
}

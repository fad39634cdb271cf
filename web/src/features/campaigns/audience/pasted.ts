/** A person as pasted: their number, and the values of the columns where the first line named them. */
export interface Pasted {
  phone: string;
  values: Record<string, string>;
  /** Of the text, from 1. */
  line: number;
}

const SEPARATOR = /[\t;,]/;

/**
 * A number a line, or lines as a table of a spreadsheet gives them: the first cell is the number. A first line without
 * digits names the columns.
 */
export function readPasted(text: string): Pasted[] {
  const lines = text.split(/\r?\n/).map((words, index) => ({ words: words.trim(), line: index + 1 }));
  const filled = lines.filter(({ words }) => words !== "");
  const cells = (words: string) => words.split(SEPARATOR).map((cell) => cell.trim());
  const has_heads = filled[0] !== undefined && !/\d{4}/.test(cells(filled[0].words)[0] ?? "");
  const heads = has_heads ? cells(filled[0]!.words) : [];
  return filled.slice(has_heads ? 1 : 0).flatMap(({ words, line }) => {
    const [phone = "", ...others] = cells(words);
    // Without heads, numbers may stand side by side.
    if (heads.length === 0)
      return [phone, ...others]
        .filter((each) => each !== "")
        .map((each) => ({ phone: each, values: {}, line }));
    const values = others.flatMap((value, at) => {
      const head = heads[at + 1];
      return head && value !== "" ? [[head, value] as const] : [];
    });
    return [{ phone, values: Object.fromEntries(values), line }];
  });
}

const NUMBER = /^\+?[\d\s().\-/]{7,}$/;

/**
 * The numbers of a CSV file, or of lines as a table of a spreadsheet gives them: those of the column that has most of them.
 * What stands in it and is none is kept, to be told; a first line without a number names the columns.
 */
export function readNumbers(text: string): Pasted[] {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .flatMap((words, index) => (words.trim() === "" ? [] : [{ cells: cellsOf(words), line: index + 1 }]));
  const count = new Map<number, number>();
  for (const { cells } of lines)
    for (const [column, cell] of cells.entries())
      if (NUMBER.test(cell)) count.set(column, (count.get(column) ?? 0) + 1);
  const [column = 0] = [...count].toSorted(([a, n], [b, m]) => m - n || a - b)[0] ?? [];
  const found = lines.map(({ cells, line }) => ({ phone: cells[column] ?? "", values: {}, line }));
  const has_heads = found[0] !== undefined && !/\d/.test(found[0].phone);
  return found.slice(has_heads ? 1 : 0).filter(({ phone }) => phone !== "");
}

/** In quotation marks a cell may have what parts others. */
function cellsOf(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^\t;,]*)(?:[\t;,]|$)/g) ?? [];
  return cells.map((cell) =>
    cell
      .replace(/[\t;,]$/, "")
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .replaceAll('""', '"'),
  );
}

/** What a cell may hold; null is an empty one. Numbers and booleans are written as JavaScript does. */
export type Cell = string | number | boolean | null;

/** What a spreadsheet takes for a formula, in full width too, and what was kept from that by an apostrophe. */
const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;
/** A number in international form runs nothing, and other systems want it as it is. */
const PHONE = /^\+[\d ().]{5,40}$/;
const QUOTED = /[",\r\n]|^[ \t]|[ \t]$/;

/**
 * A text that no spreadsheet runs: an apostrophe before what would be a formula (OWASP, CSV injection). `plainText` takes
 * it away again, so that what was exported can be imported.
 */
export const neutralise = (text: string): string =>
  FORMULA.test(text) && !PHONE.test(text) ? `'${text}` : text;

export const plainText = (text: string): string =>
  text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;

/** A line of a CSV file (RFC 4180), its end included; texts are neutralised, numbers stay numbers. */
export const writeRow = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(",")}\r\n`;

/** Ahead of the first line: spreadsheets read UTF-8 by it. */
export const BYTE_ORDER_MARK = "\ufeff";

function cellOf(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = neutralise(cell);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

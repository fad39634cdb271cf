import { parse } from "csv-parse/sync";
import type { ImportDelimiter, ImportEncoding } from "../contract/imports.ts";
import type { OpenBytes } from "./read-rows.ts";

/**
 * How a file is encoded: by its mark; without one, UTF-16 when every other byte of its beginning is 0, UTF-8 when more of
 * what is not ASCII can be read so than can't (a few bytes may be damaged, and their rows are refused), else Windows-1252,
 * of which Latin-1 is a part.
 */
export async function detectEncoding(open: OpenBytes): Promise<ImportEncoding> {
  const decoder = new TextDecoder("utf-8");
  let head: Buffer | null = null;
  const seen = { read: 0, damaged: 0 };
  for await (const chunk of await open()) {
    const bytes = chunk as Buffer;
    if (head === null) {
      head = bytes.subarray(0, 1_000);
      const wide = wideEncoding(head);
      if (wide !== null) return wide;
    }
    count(decoder.decode(bytes, { stream: true }), seen);
  }
  count(decoder.decode(), seen);
  return seen.damaged === 0 || seen.read > seen.damaged ? "utf-8" : "windows-1252";
}

/** What stands for bytes that are no UTF-8. */
const DAMAGED = "\ufffd";

function count(text: string, seen: { read: number; damaged: number }): void {
  for (const [character] of text.matchAll(/[^\0-\x7f]/gu)) {
    if (character === DAMAGED) seen.damaged++;
    else seen.read++;
  }
}

export function wideEncoding(head: Buffer): ImportEncoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  for (const [i, byte] of head.entries()) if (byte === 0) zeros[i % 2]!++;
  const half = head.length / 2;
  if (zeros[1]! > half * 0.3 && zeros[0]! < half * 0.05) return "utf-16le";
  if (zeros[0]! > half * 0.3 && zeros[1]! < half * 0.05) return "utf-16be";
  return null;
}

const HEAD_BYTES = 64 * 1024;
const HEAD_ROWS = 50;

/** The beginning of the text, cut behind its last whole line. */
export async function headOf(open: OpenBytes, encoding: ImportEncoding): Promise<string> {
  const decoder = new TextDecoder(encoding);
  let text = "";
  for await (const chunk of await open()) {
    text += decoder.decode(chunk as Buffer, { stream: true });
    if (text.length > HEAD_BYTES) {
      const end = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
      return end > 0 ? text.slice(0, end + 1) : text;
    }
  }
  return text + decoder.decode();
}

const DELIMITERS: readonly ImportDelimiter[] = [",", ";", "\t", "|"];

/** The delimiter by which most rows have the same number of cells, and most of them. */
export function detectDelimiter(head: string): ImportDelimiter {
  const scored = DELIMITERS.map((delimiter) => {
    const widths = rowsOf(head, delimiter).map(({ length }) => length);
    const width = Math.max(0, ...widths.slice(0, 1));
    const alike = widths.filter((each) => each === width).length / Math.max(1, widths.length);
    return { delimiter, score: width < 2 ? 0 : alike * 1_000 + Math.min(width, 100) };
  });
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}

function rowsOf(head: string, delimiter: string): string[][] {
  const options = { delimiter, relax_quotes: true, relax_column_count: true, skip_empty_lines: true };
  try {
    return parse(head, { ...options, to: HEAD_ROWS });
  } catch {
    // A quotation mark that is closed behind the head.
    return [];
  }
}

import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { ImportDelimiter, ImportEncoding } from "../contract/imports.ts";

/** How a file is to be read. */
export interface Format {
  encoding: ImportEncoding;
  delimiter: ImportDelimiter;
}

/** Where the next row begins: in bytes of the text as UTF-8 without its mark, and how many lines and rows lie before it. */
export interface Place {
  bytes: number;
  line: number;
  row: number;
}
export const BEGINNING: Place = { bytes: 0, line: 0, row: 0 };

export interface FileRow {
  cells: string[];
  /** The line of the file in which it begins, from 1. */
  line: number;
  /** From 1, the header not counted. */
  row: number;
  next: Place;
}

/** A sentence for people: the file can't be read on from there. */
export class FileError extends Error {}

/** The bytes of the file. */
export type OpenBytes = () => Promise<Readable> | Readable;

const MOST_BYTES_OF_A_ROW = 256 * 1024;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The rows of a CSV file from a place on, a few at a time in memory. Rows without any text are left out. Ends with a
 * FileError where the file is no table any more.
 */
export async function* readRows(
  open: OpenBytes,
  { encoding, delimiter }: Format,
  { from, has_header }: { from: Place; has_header: boolean },
): AsyncGenerator<FileRow> {
  const source = Readable.from(textFrom(open, encoding, from.bytes));
  const parser = parse({
    info: true,
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: MOST_BYTES_OF_A_ROW,
  });
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let place = from;
  let is_header = has_header && from.bytes === 0;
  try {
    for await (const parsed of parser) {
      const { record, info } = parsed as { record: string[]; info: { bytes: number; lines: number } };
      const last_line = from.line + info.lines;
      const line = last_line - breaksIn(record);
      const row = is_header ? 0 : place.row + 1;
      place = { bytes: from.bytes + info.bytes, line: last_line, row };
      if (!is_header) yield { cells: record.map(storable), line, row, next: place };
      is_header = false;
    }
  } catch (error) {
    throw error instanceof CsvError
      ? new FileError(sentenceOf(error, place.line + 1), { cause: error })
      : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** What no column of PostgreSQL takes. */
const storable = (cell: string) => (cell.includes("\0") ? cell.replaceAll("\0", "") : cell);

function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (/[\r\n]/.test(cell)) breaks += cell.split(/\r\n|\n|\r/).length - 1;
  return breaks;
}

function sentenceOf({ code }: CsvError, line: number): string {
  if (code === "CSV_MAX_RECORD_SIZE")
    return `The row of line ${line} is larger than ${MOST_BYTES_OF_A_ROW / 1_024} KB: a cell is too long, or a quotation mark in it is never closed. Correct the line and upload the file again.`;
  return code === "CSV_QUOTE_NOT_CLOSED"
    ? `A quotation mark is opened in the row of line ${line} and never closed. Correct the line and upload the file again.`
    : `The file can't be read from line ${line} on. Correct the line and upload the file again.`;
}

/**
 * The text as UTF-8 without its mark, from a byte of it on. What lies before is read and left out: that happens once after
 * a restart, and takes less than a second for a file of many megabytes.
 */
async function* textFrom(open: OpenBytes, encoding: ImportEncoding, from: number): AsyncGenerator<Buffer> {
  const decoder = encoding === "utf-8" ? null : new TextDecoder(encoding);
  let skip = from;
  let mark: Buffer | null = Buffer.alloc(0);
  for await (const chunk of await open()) {
    let text = decoder ? Buffer.from(decoder.decode(chunk as Buffer, { stream: true })) : (chunk as Buffer);
    if (mark !== null && !decoder) {
      // The mark may come in pieces.
      text = Buffer.concat([mark, text]);
      if (text.length < UTF8_MARK.length) {
        mark = text;
        continue;
      }
      if (UTF8_MARK.equals(text.subarray(0, UTF8_MARK.length))) text = text.subarray(UTF8_MARK.length);
    }
    mark = null;
    if (skip < text.length) yield text.subarray(skip);
    skip = Math.max(0, skip - text.length);
  }
  const rest = decoder ? Buffer.from(decoder.decode()) : (mark ?? Buffer.alloc(0));
  if (skip < rest.length) yield rest.subarray(skip);
}

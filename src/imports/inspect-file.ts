import type { ImportDelimiter, ImportEncoding } from "../contract/imports.ts";
import { detectDelimiter, detectEncoding, headOf } from "./detect-format.ts";
import { looksLikeHeader } from "./guess-columns.ts";
import { BEGINNING, FileError, readRows, type Format, type OpenBytes } from "./read-rows.ts";

/** What a file holds, read from its beginning to its end once. */
export interface Inspected extends Format {
  has_header: boolean;
  columns: { name: string; samples: string[] }[];
  rows_total: number;
}

const MOST_COLUMNS = 200;
const SAMPLES = 3;
const SAMPLED_ROWS = 100;
const MOST_SAMPLE = 100;
const MOST_NAME = 100;

/** What is not given is found out. Throws a FileError with what to correct. */
export async function inspectFile(
  open: OpenBytes,
  given: {
    encoding?: ImportEncoding | undefined;
    delimiter?: ImportDelimiter | undefined;
    has_header?: boolean | undefined;
  },
): Promise<Inspected> {
  const encoding = given.encoding ?? (await detectEncoding(open));
  const delimiter = given.delimiter ?? detectDelimiter(await headOf(open, encoding));
  const samples: string[][] = [];
  let first: string[] | null = null;
  let rows = 0;
  for await (const { cells } of readRows(
    open,
    { encoding, delimiter },
    { from: BEGINNING, has_header: false },
  )) {
    rows++;
    first ??= cells;
    if (cells.length > MOST_COLUMNS)
      throw new FileError(
        `The file has more than ${MOST_COLUMNS} columns. Remove those that are not needed.`,
      );
    if (rows > SAMPLED_ROWS) continue;
    for (const [i, cell] of cells.entries()) (samples[i] ??= []).push(cell.trim());
  }
  if (first === null) throw new FileError("The file is empty. Upload a CSV file with a row for each person.");
  const has_header = given.has_header ?? looksLikeHeader(first);
  if (has_header && rows === 1)
    throw new FileError(
      "The file has a header and no rows below it. Upload a file with a row for each person.",
    );
  const named = first;
  return {
    encoding,
    delimiter,
    has_header,
    // A row that is longer than the header has a delimiter too many: it is refused, not shifted.
    columns: (has_header ? samples.slice(0, named.length) : samples).map((cells, i) => ({
      name: ((has_header && (named[i] ?? "").trim()) || `Column ${i + 1}`).slice(0, MOST_NAME),
      samples: [...new Set((has_header ? cells.slice(1) : cells).filter((cell) => cell !== ""))]
        .slice(0, SAMPLES)
        .map((cell) => (cell.length > MOST_SAMPLE ? `${cell.slice(0, MOST_SAMPLE)}…` : cell)),
    })),
    rows_total: has_header ? rows - 1 : rows,
  };
}

import type { ImportDelimiter, ImportEncoding } from "../contract/imports.ts";
import { detectDelimiter, detectEncoding, headOf, wideEncoding } from "./detect-format.ts";
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
  await refuseOtherKinds(open);
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

const HEAD_BYTES = 4_096;
const SPREADSHEET = "This is a spreadsheet, not a CSV file. Save it as CSV and upload that.";

/** A file is what its bytes are, whatever its name says. Throws a FileError. */
async function refuseOtherKinds(open: OpenBytes): Promise<void> {
  const head = await bytesOf(open);
  const starts = (text: string) => head.subarray(0, text.length).toString("latin1") === text;
  if (starts("PK\u0003\u0004") || starts("\u00d0\u00cf\u0011\u00e0")) throw new FileError(SPREADSHEET);
  const is_wide = starts("\u00ff\u00fe") || starts("\u00fe\u00ff") || wideEncoding(head) !== null;
  const is_binary = starts("%PDF-") || starts("\u00ff\u00d8\u00ff") || starts("\u0089PNG");
  if (is_binary || (!is_wide && head.includes(0)))
    throw new FileError("This is no CSV file. Upload a text file with a row for each person.");
}

async function bytesOf(open: OpenBytes): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of await open()) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

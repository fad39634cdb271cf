/**
 * One range of bytes, both ends included (RFC 9110, 14.2). null: serve it whole, as for what can't be understood or asks
 * for several ranges, which a server may ignore. "outside": there is nothing of it.
 */
export function readRange(
  header: string,
  size_bytes: number,
): { start: number; end: number } | "outside" | null {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header);
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const last = size_bytes - 1;
  if (match[1] === "") {
    const length = Number(match[2]);
    return length === 0 || size_bytes === 0
      ? "outside"
      : { start: Math.max(0, size_bytes - length), end: last };
  }
  const start = Number(match[1]);
  const end = match[2] === "" ? last : Math.min(last, Number(match[2]));
  if (match[2] !== "" && Number(match[2]) < start) return null;
  return start > last ? "outside" : { start, end };
}

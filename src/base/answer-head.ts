/**
 * Heads of HTTP answers that the standard lets a client read, and that undici's parser refuses (RFC 9112): folded header
 * lines (5.2), one Content-Length told several times (6.3; RFC 9110, 8.6), and one beside Transfer-Encoding (6.3).
 * An ordinary head costs one search and leaves as the bytes that came.
 */

const END = "\r\n\r\n";
/** undici reads no head of more. */
const MAX_HEAD_BYTES = 16 * 1024;
const ODD =
  /\r\n[ \t]|\r\ncontent-length[^]*\r\n(?:content-length|transfer-encoding):|\r\ntransfer-encoding:[^]*\r\ncontent-length:|\r\ncontent-length:[^\r]*,/i;
const INTERIM = /^HTTP\/1\.[01] 1\d\d[ \r]/;

/** What stands between a connection and its parser, from one final head to the next. */
export interface HeadReader {
  /** What the parser is to be given now; a head that is not complete yet is held back. */
  read(chunk: Buffer): Buffer;
  /** The final head has been read: what follows is a body. Whether its framing had to be repaired. */
  endHead(): boolean;
  /** The body has ended. */
  endBody(): void;
}

export function createHeadReader(): HeadReader {
  let in_head = true;
  let held: Buffer | null = null;
  let reframed = false;
  return {
    read(chunk) {
      if (!in_head) return chunk;
      const bytes = held === null ? chunk : Buffer.concat([held, chunk]);
      held = null;
      const parts: Buffer[] = [];
      let from = 0;
      for (;;) {
        const end = bytes.indexOf(END, from, "latin1");
        if (end < 0) break;
        const head = bytes.toString("latin1", from, end + END.length);
        const repaired = ODD.test(head) ? repair(head) : head;
        if (repaired !== head) {
          parts.push(Buffer.from(repaired, "latin1"));
          reframed ||= framing(repaired) !== framing(head);
        } else parts.push(bytes.subarray(from, end + END.length));
        from = end + END.length;
        // Behind a final head stands its body.
        if (!INTERIM.test(head)) return joined(parts, bytes, from);
      }
      const begun = bytes.subarray(from);
      if (!mayBecomeHead(begun)) return joined(parts, bytes, from);
      held = Buffer.from(begun);
      return Buffer.concat(parts);
    },
    endHead() {
      in_head = false;
      return reframed;
    },
    endBody() {
      in_head = true;
      reframed = false;
    },
  };
}

/** The very bytes that came, where all of them stayed as they are. */
function joined(parts: readonly Buffer[], bytes: Buffer, from: number): Buffer {
  const rest = bytes.subarray(from);
  const first = parts[0];
  if (first === undefined || (parts.length === 1 && first.buffer === bytes.buffer && first.length === from))
    return bytes;
  return Buffer.concat([...parts, rest]);
}

/** The beginning of a head that can still be one: what can't is for the parser to refuse at once. */
function mayBecomeHead(begun: Buffer): boolean {
  if (begun.length === 0 || begun.length > MAX_HEAD_BYTES) return false;
  const text = begun.toString("latin1");
  const start = text.slice(0, 7);
  return "HTTP/1.".startsWith(start) && !/(?:^|[^\r])\n/.test(text);
}

const LENGTH = /\r\ncontent-length:([^\r]*)/gi;

function repair(head: string): string {
  const first = head.indexOf("\r\n");
  // White space behind the status line belongs to no header: that stays refused.
  if (/^\r\n[ \t]/.test(head.slice(first, first + 3))) return head;
  const unfolded = head.replace(/[ \t]*\r\n[ \t]+/g, " ");
  if (/\r\ntransfer-encoding:/i.test(unfolded)) return unfolded.replace(LENGTH, "");
  const values = [...unfolded.matchAll(LENGTH)].flatMap(([, value = ""]) =>
    value.split(",").map((one) => one.trim()),
  );
  const [length] = values;
  if (length === undefined || values.length < 2 || !/^\d+$/.test(length)) return unfolded;
  if (values.some((value) => value !== length)) return unfolded;
  return unfolded.replace(LENGTH, "").replace(/\r\n\r\n$/, `\r\ncontent-length: ${length}\r\n\r\n`);
}

const framing = (head: string): number => [...head.matchAll(LENGTH)].length;

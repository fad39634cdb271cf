import { crc32, deflateSync } from "node:zlib";

/** A picture in shades of grey, 0 to 255, each point drawn `scale` times as large. */
export function greyPng(points: readonly (readonly number[])[], scale: number): Buffer {
  const width = (points[0]?.length ?? 0) * scale;
  const height = points.length * scale;
  const rows = points.flatMap((row) => {
    const line = Buffer.from([0, ...row.flatMap((grey) => Array.from({ length: scale }, () => grey))]);
    return Array.from({ length: scale }, () => line);
  });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a point, grey.
  head[8] = 8;
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}

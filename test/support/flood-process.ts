/**
 * A server that wants its client's memory, in a process of its own. Sends its address when it listens.
 *
 *   /large    1 GiB, announced
 *   /endless  a body without end
 *   /gzip     8 MiB that become 8 GiB
 *   /brotli   some hundred bytes that become 256 MiB
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, constants, deflateRawSync } from "node:zlib";

const MiB = 1024 ** 2;
const CHUNK = Buffer.alloc(MiB / 4, "x");
// Blocks of deflate that end on a byte can be strung together; no reader gets as far as the missing checksum.
const BLOCK = deflateRawSync(Buffer.alloc(64 * MiB, "b"), { finishFlush: constants.Z_FULL_FLUSH });
const GZIP = Buffer.concat([
  Buffer.from("1f8b0800000000000003", "hex"),
  ...Array.from({ length: 128 }, () => BLOCK),
]);
const BROTLI = brotliCompressSync(Buffer.alloc(256 * MiB, "b"), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
});

function pour(res: ServerResponse, left_bytes: number) {
  while (left_bytes > 0 && !res.destroyed) {
    left_bytes -= CHUNK.length;
    if (!res.write(CHUNK)) return void res.once("drain", () => pour(res, left_bytes));
  }
  res.end();
}

const server = createServer((req, res) => {
  req.resume().on("end", () => {
    if (req.url === "/large") pour(res.writeHead(200, { "content-length": 1024 * MiB }), 1024 * MiB);
    if (req.url === "/endless") pour(res, Infinity);
    if (req.url === "/gzip") res.writeHead(200, { "content-encoding": "gzip" }).end(GZIP);
    if (req.url === "/brotli") res.writeHead(200, { "content-encoding": "br" }).end(BROTLI);
  });
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () =>
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);

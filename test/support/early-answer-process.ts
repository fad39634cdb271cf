/**
 * A server that answers as soon as it has seen a request's head, and closes with the rest unread. The path names its
 * answer: /413/close/200-bytes and so on. Sends its address when it listens, and `request` for each one that it gets.
 */
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { projectDir } from "../../src/base/base.ts";

const tls = process.argv.includes("tls");
const pem = (name: string) => readFileSync(join(projectDir, "test/fixtures/tls", name));

function answer(socket: Socket) {
  socket.on("error", () => undefined);
  socket.once("data", (data: Buffer) => {
    process.send!("request");
    socket.pause();
    const [, status, how, end] = /^POST \/(\d+)\/([a-z-]+)\/([a-z]+) /.exec(data.toString("latin1")) ?? [];
    const frame =
      how === "until-end"
        ? "connection: close"
        : `content-length: 5${how === "close" ? "\r\nconnection: close" : ""}`;
    socket.write(`HTTP/1.1 ${status} As asked\r\n${frame}\r\n\r\nearly`, () => {
      if (end === "reset" && !tls) socket.resetAndDestroy();
      else socket.destroy();
    });
  });
}

const server = tls
  ? createTlsServer({ key: pem("key.pem"), cert: pem("good.pem") }, answer)
  : createServer(answer);
server.listen(0, "127.0.0.1", () => {
  process.send!(`${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("disconnect", () => process.exit(0));

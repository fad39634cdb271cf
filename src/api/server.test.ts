import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import type { IncomingMessage, ServerResponse } from "node:http";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { registry } from "../base/base.ts";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { createHttpServer } from "./http/http.ts";

let api: TestApi;
let port: number;
let problem: string | null = null;
/** How often it was found out what /metrics and /readyz say. */
let measured = 0;
let looked = 0;
/** What intake was handed; it answers nothing by itself. */
let handed: { request: IncomingMessage; response: ServerResponse }[];

beforeAll(async () => {
  api = await createTestApi({
    intake: {
      handle: (request, response) => void handed.push({ request, response }),
      problem() {
        looked++;
        return problem;
      },
    },
    async metrics() {
      measured++;
      return registry.metrics();
    },
    server_limits: { linger_ms: 500, connections: 40 },
  });
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
});
beforeEach(() => {
  handed = [];
});

interface Peer {
  socket: Socket;
  text: () => string;
  closed: Promise<void>;
}
async function peer(...pieces: string[]): Promise<Peer> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  for (const piece of pieces) socket.write(piece);
  return { socket, text: () => text, closed };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: wharf\r\n\r\n`;

test("of requests that one connection sends without waiting, 16 are begun, and it is cut (H1)", async () => {
  const { closed } = await peer(get("/webhooks/x").repeat(2_000));
  await closed;
  expect(handed).toHaveLength(16);
});

test.each(["sign-in/email", "sign-out", "set-password", "change-password"])(
  "of a stranger's body for %s no more than 16 KB is taken, however it comes (H2)",
  async (path) => {
    const head = `POST /api/auth/${path} HTTP/1.1\r\nhost: wharf\r\ncontent-type: application/json\r\n`;
    const whole = await peer(`${head}content-length: 16385\r\n\r\n`);
    const pieces = await peer(`${head}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n".repeat(16_385));
    for (const { text, closed } of [whole, pieces]) {
      await closed;
      expect(text()).toMatch(/^HTTP\/1.1 413 [^]*The limit is 16384 bytes/);
    }
  },
);

test("a connection that waits for its answers may ask as often as it likes (H1)", async () => {
  const { socket, text } = await peer();
  for (let i = 1; i <= 40; i++) {
    socket.write(get("/healthz"));
    await expect.poll(() => text().split("HTTP/1.1 200").length - 1, { interval: 1 }).toBe(i);
  }
  socket.destroy();
});

test.each(["/api/openapi.json", "/api/docs/json", "/api/docs/yaml", "/api/errors"])(
  "%s is the same bytes for everyone, compressed where it is wished, and not sent again unchanged (H1)",
  async (url) => {
    const plain = await api.app.inject({ url });
    expect([plain.statusCode, plain.headers["content-encoding"]]).toEqual([200, undefined]);
    expect(plain.rawPayload.length).toBeGreaterThan(1_000);
    const zipped = await api.app.inject({ url, headers: { "accept-encoding": "br, gzip" } });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    const refused = await api.app.inject({ url, headers: { "accept-encoding": "gzip;q=0" } });
    expect(refused.headers["content-encoding"]).toBeUndefined();
    const again = await api.app.inject({ url, headers: { "if-none-match": String(plain.headers.etag) } });
    expect([again.statusCode, again.payload]).toEqual([304, ""]);
  },
);

test("a body that is not read any more closes its connection soon after the answer (L5)", async () => {
  const unread = "host: wharf\r\ncontent-length: 1000\r\n\r\nx";
  const upload = await peer(`POST /api/v1/media HTTP/1.1\r\ncontent-type: image/png\r\n${unread}`);
  await upload.closed;
  expect(upload.text()).toMatch(/^HTTP\/1.1 401 /);
  const handshake = await peer(`GET /webhooks/meta HTTP/1.1\r\n${unread}`);
  await expect.poll(() => handed.length).toBe(1);
  handed[0]!.response.writeHead(403, { "content-length": "0" }).end();
  await handshake.closed;
  expect(handshake.text()).toMatch(/^HTTP\/1.1 403 /);
});

test("what is answered before its body came leaves nothing on its connection (H1)", async () => {
  let socket: Socket | undefined;
  api.app.server.once("connection", (each: Socket) => (socket = each));
  const early = `POST /api/v1/messages HTTP/1.1\r\nhost: wharf\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n`;
  const asking = await peer();
  const ask = async () => {
    asking.socket.write(early);
    await once(asking.socket, "data");
    asking.socket.write('{"email":1}');
  };
  await ask();
  const before = socket!.listenerCount("close");
  for (let nth = 2; nth <= 20; nth++) await ask();
  expect(asking.text().split("HTTP/1.1 401 ")).toHaveLength(21);
  expect(socket!.listenerCount("close")).toBeLessThanOrEqual(before);
  asking.socket.destroy();
});

test("beyond the limit of connections the one that is idle the longest makes room; one that is served stays (L5)", async () => {
  const served = await peer(get("/webhooks/x"));
  await expect.poll(() => handed.length).toBe(1);
  const idle: Peer[] = [];
  for (let i = 0; i < 39; i++) idle.push(await peer());
  const late = await peer(get("/healthz"));
  await idle[0]!.closed;
  await expect.poll(() => late.text()).toMatch(/^HTTP\/1.1 200 /);
  expect(idle.slice(1).every(({ socket }) => !socket.destroyed)).toBe(true);
  handed[0]!.response.end("served");
  await expect.poll(() => served.text()).toMatch(/served/);
  for (const { socket } of [served, late, ...idle]) socket.destroy();
});

test("a connection that sends nothing, or half a head, goes as soon as the time for a head is over (L5)", async () => {
  const server = createHttpServer((_request, response) => void response.end(), { headers_ms: 200 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  const ends = ["", "GET / HTTP/1.1\r\nhost: wh"].map(async (begun) => {
    const socket = connect(own, "127.0.0.1");
    socket.resume();
    if (begun !== "") socket.write(begun);
    await once(socket, "close");
    return socket.destroyed;
  });
  expect(await Promise.all(ends)).toEqual([true, true]);
  server.close();
}, 10_000);

test("/readyz and /metrics are found out once for all who ask at the same time (L9)", async () => {
  const ask = (url: string) => Promise.all(Array.from({ length: 50 }, () => api.app.inject({ url })));
  const before = { measured, looked };
  for (const url of ["/metrics", "/readyz"])
    expect(new Set((await ask(url)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect({ measured: measured - before.measured, looked: looked - before.looked }).toEqual({
    measured: 1,
    looked: 1,
  });
});

test("/readyz says what intake says (L7)", async () => {
  expect((await api.app.inject({ url: "/readyz" })).statusCode).toBe(200);
  problem = "the disk is full";
  const answer = await api.app.inject({ url: "/readyz" });
  problem = null;
  expect([answer.statusCode, answer.json()]).toEqual([503, { ok: false, reason: "the disk is full" }]);
});

import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import * as fc from "fast-check";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_INTERIM, readingConnector } from "./http-connector.ts";

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const INTERIM = [
  CONTINUE,
  "HTTP/1.1 100 Continue\r\nDate: Mon, 30 Nov 2026 00:00:00 GMT\r\nConnection: keep-alive\r\n\r\n",
  "HTTP/1.1 100\r\n\r\n",
  "HTTP/1.0 100 \r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 102 Processing\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n",
  "HTTP/1.1 199 Odd\r\nx: y\r\n\r\n",
  "HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n",
];

interface Final {
  status: number;
  body: string;
  chunked: boolean;
}
function spell({ status, body, chunked }: Final): string {
  if (status === 204) return "HTTP/1.1 204 No Content\r\n\r\n";
  const frame = chunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`;
  const bytes = chunked
    ? `${body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`
    : body;
  return `HTTP/1.1 ${status} As said\r\n${frame}\r\n\r\n${bytes}`;
}

describe("an answer", () => {
  let server: Server;
  let origin: string;
  let agent: Agent;
  let connections = 0;
  let onRequest: (socket: Socket) => void = () => undefined;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections++;
      socket.setNoDelay(true);
      socket.on("error", () => undefined).on("data", () => onRequest(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    agent = new Agent({ connect: readingConnector(buildConnector({})), pipelining: 1, connections: 1 });
  });
  afterAll(async () => {
    await agent.destroy();
    server.close();
  });

  /** Each part in a packet of its own. */
  const say = (parts: string[]) => {
    onRequest = (socket) => {
      const next = ([part, ...rest]: string[]) => {
        if (part !== undefined) socket.write(part, () => setImmediate(next, rest));
      };
      next(parts);
    };
  };
  const ask = async (over: Partial<Dispatcher.RequestOptions> = {}) => {
    const { statusCode, body } = await agent.request({
      origin,
      path: "/",
      method: "POST",
      body: "{}",
      ...over,
    } as Dispatcher.RequestOptions);
    return { status: statusCode, body: await body.text() };
  };

  const finals = [
    { status: 200, body: "ok", chunked: false },
    { status: 204, body: "", chunked: false },
    { status: 500, body: CONTINUE, chunked: true },
  ];

  test("after an interim one that was not asked for is read, wherever the packets are cut (F40)", async () => {
    const text = CONTINUE + INTERIM[5]! + CONTINUE + spell(finals[0]!);
    for (let at = 0; at <= text.length; at++) {
      say([text.slice(0, at), text.slice(at)]);
      expect(await ask()).toEqual({ status: 200, body: "ok" });
    }
    expect(connections).toBe(1);
  });

  test("is the final one, whatever interim ones come before it and whatever its body says, time after time on one connection (F40)", async () => {
    const before = connections;
    const final = fc.record({
      status: fc.constantFrom(200, 204, 413, 500),
      // A body that looks like what is passed over.
      body: fc.constantFrom("", "ok", CONTINUE, `\r\n${CONTINUE}`, spell(finals[0]!)),
      chunked: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...INTERIM), { maxLength: 5 }),
        final,
        fc.array(fc.nat(), { maxLength: 4 }),
        async (interim, answer, cuts) => {
          const text = interim.join("") + spell(answer);
          const places = [0, ...cuts.map((cut) => cut % text.length), text.length].sort((a, b) => a - b);
          say(places.slice(1).map((end, i) => text.slice(places[i], end)));
          expect(await ask()).toEqual({
            status: answer.status,
            body: answer.status === 204 ? "" : answer.body,
          });
        },
      ),
      { numRuns: 300 },
    );
    expect(connections).toBe(Math.max(before, 1));
  });

  test("is read behind a thousand interim ones; with more of them the request fails and says so (F40)", async () => {
    say([CONTINUE.repeat(MAX_INTERIM), spell(finals[0]!)]);
    expect(await ask()).toEqual({ status: 200, body: "ok" });
    expect(await ask()).toEqual({ status: 200, body: "ok" });
    say([CONTINUE.repeat(MAX_INTERIM + 1), spell(finals[0]!)]);
    await expect(ask()).rejects.toThrow(/more than 1000 interim answers/);
  });
});

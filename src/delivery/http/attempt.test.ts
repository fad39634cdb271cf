import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReceiver, type Receiver } from "../../../test/support/delivery.ts";
import { pemPath, startAttempts, startProcess } from "../../../test/support/process.ts";
import { systemClock } from "../../base/base.ts";
import { createAttempter, type Attempt, type Attempter } from "./attempt.ts";
import { createGuard } from "./ssrf-guard.ts";

describe("one try", () => {
  let attempter: Attempter;
  beforeAll(() => {
    attempter = createAttempter({ guard: createGuard({ allowed: ["127.0.0.0/8"] }), clock: systemClock });
  });
  afterAll(() => attempter.stop());

  const to = async (url: string, timeout_ms = 5_000): Promise<Attempt> => {
    const attempt = await attempter.attempt({
      url: new URL(url),
      headers: { "content-type": "application/json", "accept-encoding": "identity" },
      body: Buffer.from("{}"),
      timeout_ms,
    });
    return attempt!;
  };

  const listening = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterAll(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  /** A server below HTTP: what each connection, by its number, hears once it has spoken. */
  const speak = (answer: (socket: Socket, nth: number) => void): Promise<string> => {
    let connections = 0;
    return listening(
      createServer((socket) => {
        const nth = ++connections;
        socket.on("error", () => {}).once("data", () => answer(socket, nth));
      }),
    );
  };

  test("succeeds with 2xx and with nothing else", async () => {
    const receiver = await createReceiver((request, res) => {
      res.statusCode = Number(request.path.slice(1));
      res.end();
    });
    const statuses = [
      200, 201, 202, 204, 206, 299, 300, 301, 302, 304, 307, 308, 399, 400, 401, 404, 410, 429, 500, 503, 599,
    ];
    const outcomes: [number, string][] = [];
    for (const status of statuses) {
      const attempt = await to(new URL(`/${status}`, receiver.url).href);
      expect(attempt.status).toBe(status);
      outcomes.push([status, attempt.error_code ?? "received"]);
    }
    expect(outcomes).toEqual(
      statuses.map((status) => {
        if (status < 300) return [status, "received"];
        if (status < 400) return [status, "redirect"];
        return [status, status === 410 ? "gone" : "http_status"];
      }),
    );
    expect(receiver.received).toHaveLength(statuses.length);
  });

  test("an interim answer decides nothing: what follows it does, and without that nothing was received", async () => {
    const url = await speak((socket, nth) => {
      const interim = ["HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", "HTTP/1.1 199 Odd\r\n\r\n"][
        nth % 2
      ]!;
      if (nth <= 2) socket.end(`${interim}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`);
      else if (nth <= 4) socket.end(`${interim}HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n`);
      else socket.end(interim);
    });
    for (const status of [200, 200, 500, 500]) expect(await to(url)).toMatchObject({ status });
    expect(await to(url)).toMatchObject({ status: null, error_code: "connection_closed" });
  });

  test("100 Continue that was not asked for is read over: delivered once, with the final status (F40)", async () => {
    const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n";
    const finals: [number, string][] = [
      [200, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"],
      [204, "HTTP/1.1 204 No Content\r\n\r\n"],
      [500, "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"],
    ];
    for (const interim of [
      [CONTINUE],
      [HINTS, CONTINUE, CONTINUE],
      [CONTINUE, HINTS],
      Array<string>(50).fill(CONTINUE),
    ])
      for (const [status, final] of finals)
        for (const together of [true, false]) {
          let requests = 0;
          const parts = [...interim, final];
          const url = await speak((socket) => {
            requests++;
            const next = ([part, ...rest]: string[]) => {
              if (part !== undefined) socket.write(part, () => globalThis.setImmediate(next, rest));
            };
            next(together ? [parts.join("")] : parts);
          });
          expect(await to(url)).toMatchObject({ status, error_code: status === 500 ? "http_status" : null });
          expect(requests).toBe(1);
        }
  });

  test.each([
    [
      "interim answers without end",
      "HTTP/1.1 100 Continue\r\n\r\n".repeat(2_000),
      /more than 1000 interim answers/,
    ],
    ["101 to another protocol", "HTTP/1.1 101 Over\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n", /101/],
  ])("%s: no answer, it is said why, and the request is not repeated (F40)", async (_name, answer, words) => {
    let requests = 0;
    const url = await speak((socket) => {
      requests++;
      socket.end(answer);
    });
    expect(await to(url)).toMatchObject({
      status: null,
      error_code: expect.stringMatching(/^(interim_answers|protocol_switched)$/) as string,
      error: expect.stringMatching(words) as string,
    });
    expect(requests).toBe(1);
  });

  /** Answers its first connection's first request; what it does to the next one there is up to the test. */
  const leaving = async (again: (socket: Socket) => void) => {
    const requests: number[] = [];
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      const connection = sockets.push(socket);
      let on_this = 0;
      socket.on("error", () => {});
      socket.on("data", () => {
        requests.push(connection);
        if (connection === 1 && ++on_this > 1) again(socket);
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    return { url: await listening(server), requests, sockets };
  };

  test("a kept connection that its server left costs no try, as nothing was sent there (F42)", async () => {
    for (const leave of ["end", "destroy", "resetAndDestroy"] as const)
      for (const late of leave === "resetAndDestroy" ? [false, true] : [false]) {
        const { url, requests, sockets } = await leaving(() => {});
        expect(await to(url)).toMatchObject({ status: 200 });
        // The connection is free again.
        await setImmediate();
        // Late: behind all looks at the connection, and before the request is written.
        const left = late ? setImmediate().then(() => sockets[0]![leave]()) : sockets[0]![leave]();
        expect(await to(url)).toMatchObject({ status: 200, error_code: null, response_excerpt: "ok" });
        await left;
        expect(requests).toEqual([1, 2]);
      }
  });

  test("a request that left is not sent again in one try, on a kept connection either (F42)", async () => {
    for (const leave of ["end", "destroy", "resetAndDestroy"] as const) {
      const { url, requests } = await leaving((socket) => socket[leave]());
      expect(await to(url)).toMatchObject({ status: 200 });
      await setImmediate();
      expect(await to(url)).toMatchObject({ status: null, error_code: "connection_closed" });
      expect(requests).toEqual([1, 1]);
    }
  });

  describe("an answer that came before the whole request had left is read, and the request not repeated (F42)", () => {
    const TRIES = 12;
    test.each(["http", "https"])("over %s", { timeout: 120_000 }, async (scheme) => {
      const sender = await startAttempts({ NODE_EXTRA_CA_CERTS: pemPath("root.pem") });
      const receiver = await startProcess("early-answer", scheme === "https" ? { args: ["tls"] } : {});
      let requests = 0;
      receiver.child.on("message", () => requests++);
      for (const status of [200, 204, 413])
        for (const how of ["close", "kept", "until-end"])
          for (const end of ["close", "reset"]) {
            if (status === 204 && how === "until-end") continue;
            const before = requests;
            const url = `${receiver.ready as string}/${status}/${how}/${end}`;
            const { attempts } = await sender.ask({ url, tries: TRIES, at_once: 1, body_bytes: 2_900_000 });
            expect({ url, attempts }).toMatchObject({
              url,
              attempts: [{ status, error_code: status < 300 ? null : "http_status" }],
            });
            expect(requests - before).toBe(TRIES);
          }
    });
  });

  test("a server that hangs up within an answer that says no has said no", async () => {
    const url = await speak((socket) => {
      socket.end("HTTP/1.1 410 Gone\r\nconnection: close\r\ncontent-length: 100\r\n\r\nhalf");
    });
    expect(await to(url)).toMatchObject({ status: 410, error_code: "gone", response_excerpt: "half" });
    const ok = await speak((socket) => {
      socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\nhalf");
    });
    expect(await to(ok)).toMatchObject({ status: 200, error_code: null, response_excerpt: "half" });
  });

  test.each([
    ["is cut short", "content-length: 20\r\n\r\nok", true],
    ["has a broken chunk", "transfer-encoding: chunked\r\n\r\nZZ\r\nok", true],
    ["lacks its last chunk", "transfer-encoding: chunked\r\n\r\n2\r\nok\r\n", true],
    ["never ends", "content-length: 20\r\n\r\nok", false],
  ])(
    "a 2xx is delivered once its header is complete, also when its body %s (F42)",
    async (_how, rest, ends) => {
      let requests = 0;
      const url = await speak((socket) => {
        requests++;
        socket[ends ? "end" : "write"](`HTTP/1.1 200 OK\r\n${rest}`);
      });
      expect(await to(url, ends ? 5_000 : 300)).toMatchObject({ status: 200, error_code: null, error: null });
      expect(requests).toBe(1);
    },
  );

  test.each([
    ["a folded header line", "X: a\r\n b\r\n\tc\r\nContent-Length: 2\r\n\r\nok"],
    ["one Content-Length told twice", "Content-Length: 2\r\nX: y\r\ncontent-length: 2\r\n\r\nok"],
    ["one Content-Length told twice in one line", "Content-Length: 2, 2\r\n\r\nok"],
    [
      "chunks beside a Content-Length",
      "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ],
    [
      "a Content-Length beside chunks",
      "Transfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ],
  ])(
    "an answer with %s is read, in one packet or byte by byte, also behind a 100 (F40)",
    async (_name, rest) => {
      for (const status of [200, 500])
        for (const interim of ["", "HTTP/1.1 100 Continue\r\nX: a\r\n b\r\n\r\n"])
          for (const together of [true, false]) {
            const answer = `${interim}HTTP/1.1 ${status} As said\r\n${rest}`;
            const url = await speak((socket) => {
              socket.setNoDelay(true);
              const next = ([part, ...others]: string[]) => {
                if (part !== undefined) socket.write(part, () => globalThis.setImmediate(next, others));
              };
              next(together ? [answer] : answer.split(""));
            });
            expect(await to(url)).toMatchObject({
              status,
              error_code: status === 200 ? null : "http_status",
              response_excerpt: "ok",
            });
          }
    },
  );

  test.each([
    [
      "two different lengths",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
      /Content-Length/,
    ],
    ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok", /Content-Length/],
    ["the status 000", "HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n", /the status is 000/],
    ["lines that end with LF alone", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", /CR LF/],
    ["a line folded behind the status", "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 2\r\n\r\nok", /answer/],
    ["another protocol's version", "HTTP/2 200\r\ncontent-length: 0\r\n\r\n", /answer/],
  ])("an answer with %s is no HTTP answer, and it is said why (F40)", async (_name, answer, words) => {
    const url = await speak((socket) => socket.write(answer));
    expect(await to(url)).toMatchObject({
      status: null,
      error_code: "invalid_response",
      error: expect.stringMatching(words) as string,
    });
  });

  test("an encoding named like a property of every object is unknown, and harms no other endpoint's answer", async () => {
    let encoding = "constructor";
    const odd = await createReceiver((_request, res) => {
      res.setHeader("content-encoding", encoding);
      res.end("plain");
    });
    const compressed = await createReceiver((_request, res) => {
      res.setHeader("content-encoding", "gzip");
      res.end(gzipSync("packed"));
    });
    for (encoding of ["constructor", "toString", "__proto__", "hasOwnProperty", "gzip, br"]) {
      expect(await to(odd.url)).toMatchObject({
        status: 200,
        error_code: null,
        response_excerpt: "[compressed with an unknown method]",
      });
      expect(await to(compressed.url)).toMatchObject({ error_code: null, response_excerpt: "packed" });
    }
  });

  test("an attempt that can't be made is a failed attempt, and never an exception", async () => {
    const attempt = await attempter.attempt({
      url: new URL("http://127.0.0.1:9/"),
      headers: {},
      get body(): Buffer {
        throw new TypeError("of ours");
      },
      timeout_ms: 1_000,
    });
    expect(attempt).toMatchObject({ status: null, error_code: "internal_error", response_excerpt: null });
  });

  test("an answer that has begun is never asked for again", async () => {
    let requests = 0;
    const url = await speak((socket) => {
      requests++;
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    });
    expect(await to(url)).toMatchObject({ status: 200, error_code: null });
    expect(requests).toBe(1);
  });

  test("every byte arrives as it was given, whatever it is", async () => {
    const receiver = await createReceiver();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31) % 256));
    await attempter.attempt({
      url: new URL(receiver.url),
      headers: { "content-type": "application/json" },
      body: bytes,
      timeout_ms: 5_000,
    });
    expect(receiver.received[0]!.body.equals(bytes)).toBe(true);
    expect(receiver.received[0]!.headers["content-length"]).toBe("100000");
  });

  test("headers of any bytes do no harm", async () => {
    const url = await speak((socket) => {
      const head = Buffer.from(
        "HTTP/1.1 503 Gr\xfcezi\r\nx-odd: \xff\xfe\x80\r\nretry-after: \xe9\r\nretry-after: 7\r\ncontent-encoding: gzip, br\r\n",
        "latin1",
      );
      socket.end(Buffer.concat([head, Buffer.from("content-length: 4\r\n\r\n\0\xff\xfeb", "latin1")]));
    });
    expect(await to(url)).toMatchObject({ status: 503, error_code: "http_status", retry_after_ms: null });
  });

  test("never follows a redirect", async () => {
    const second = await createReceiver();
    for (const status of [301, 302, 303, 307, 308]) {
      const first = await createReceiver((_request, res) => {
        res.writeHead(status, { location: second.url }).end();
      });
      expect(await to(first.url)).toMatchObject({ status, error_code: "redirect" });
    }
    expect(second.received).toEqual([]);
  });

  test("ends at its deadline, whether the server is silent, or its body never ends", async () => {
    const silent = await createReceiver(() => {});
    const trickling = await createReceiver((_request, res) => {
      res.write("and so on");
    });
    const attempt = await to(silent.url, 60);
    expect(attempt).toMatchObject({ status: null, error_code: "timeout", response_excerpt: null });
    expect(attempt.duration_ms).toBeGreaterThanOrEqual(50);
    expect(await to(trickling.url, 400)).toMatchObject({
      status: 200,
      error_code: null,
      response_excerpt: "and so on",
      response_truncated: true,
    });
  });

  test("reads no more of an answer than it keeps: 1 GB and an endless body leave memory flat", async () => {
    const chunk = Buffer.alloc(256 * 1024, "x");
    let sent_bytes = 0;
    const endless = await createReceiver((request, res) => {
      if (request.path === "/large") res.setHeader("content-length", 1024 ** 3);
      const write = () => {
        while (!res.destroyed) {
          sent_bytes += chunk.length;
          if (!res.write(chunk)) return void res.once("drain", write);
        }
      };
      write();
    });
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) {
      const attempt = await to(new URL(i % 2 ? "/large" : "/endless", endless.url).href);
      expect(attempt).toMatchObject({ status: 200, error_code: null, response_truncated: true });
      expect(attempt.response_excerpt).toBe("x".repeat(8192));
    }
    expect(sent_bytes).toBeLessThan(200 * 1024 ** 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 ** 2);
  });

  test("asks for no compression, and reads a bomb only as far as the excerpt goes", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 ** 2, "b"));
    const receiver = await createReceiver((request, res) => {
      const small = request.path === "/small";
      res.setHeader("content-encoding", request.path === "/odd" ? "rot13" : "gzip");
      res.end(small ? gzipSync("grüezi") : bomb);
    });
    expect(await to(new URL("/small", receiver.url).href)).toMatchObject({
      response_excerpt: "grüezi",
      response_truncated: false,
    });
    const before = process.memoryUsage().rss;
    expect(await to(new URL("/bomb", receiver.url).href)).toMatchObject({
      status: 200,
      response_excerpt: "b".repeat(8192),
      response_truncated: true,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 ** 2);
    expect(await to(new URL("/odd", receiver.url).href)).toMatchObject({ response_truncated: true });
    expect(receiver.received[0]!.headers["accept-encoding"]).toBe("identity");
  });

  test("keeps what came as text that PostgreSQL can hold, cut between characters", async () => {
    const receiver = await createReceiver((request, res) => {
      res.end(request.path === "/binary" ? Buffer.from([0x61, 0, 0xff, 0xfe, 0x62]) : "€".repeat(4_000));
    });
    expect(await to(new URL("/binary", receiver.url).href)).toMatchObject({
      response_excerpt: "a\ufffd\ufffd\ufffdb",
      response_truncated: false,
    });
    const { response_excerpt, response_truncated } = await to(receiver.url);
    expect(response_excerpt).toBe("€".repeat(Math.floor(8192 / 3)));
    expect(response_truncated).toBe(true);
  });

  describe("that reaches no answer says why in words, without our inside", () => {
    const listen = async (
      onLine: (line: string) => string | null,
    ): Promise<{ url: string; server: Server; count: () => number }> => {
      let requests = 0;
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", (data) => {
          requests++;
          const answer = onLine(data.toString());
          if (answer === null) socket.destroy();
          else socket.end(answer);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      afterAll(() => server.close());
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      return { url: `http://127.0.0.1:${port}/`, server, count: () => requests };
    };

    test("when nothing listens, when the name is unknown, when the address is forbidden", async () => {
      const closed = await listen(() => null);
      await new Promise((resolve) => closed.server.close(resolve));
      const refused = await to(closed.url);
      expect(refused).toMatchObject({ status: null, error_code: "connection_refused" });
      expect(refused.error).not.toMatch(/127|\d{4}/);
      expect(await to("http://unknown.invalid/")).toMatchObject({
        error_code: expect.stringMatching(/^name_/) as string,
      });
      const forbidden = await to("http://[::1]:9/");
      expect(forbidden).toMatchObject({ error_code: "address_not_allowed" });
      expect(forbidden.error).not.toMatch(/::1/);
    });

    test("when the server hangs up before its answer: asked once (F42)", async () => {
      const server = await listen(() => null);
      expect(await to(server.url)).toMatchObject({ status: null, error_code: "connection_closed" });
      expect(server.count()).toBe(1);
    });

    test("when the server hangs up within its answer, speaks no HTTP, or has headers without end", async () => {
      const half = await listen(() => "HTTP/1.1 200 OK\r\ncontent-le");
      expect(await to(half.url)).toMatchObject({ status: null, error_code: "connection_closed" });
      const smtp = await listen(() => "220 mail.example ESMTP\r\n");
      expect(await to(smtp.url)).toMatchObject({ status: null, error_code: "invalid_response" });
      const headers = await listen(() => `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`);
      expect(await to(headers.url)).toMatchObject({ error_code: "invalid_response" });
    });

    test("when the certificate is not for a secure connection", async () => {
      const plain: Receiver = await createReceiver();
      expect(await to(plain.url.replace("http:", "https:"))).toMatchObject({
        status: null,
        error_code: "tls_not_spoken",
      });
    });
  });
});

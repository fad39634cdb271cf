import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReceiver } from "../../../test/support/delivery.ts";
import { startAttempts, startProcess } from "../../../test/support/process.ts";
import { systemClock } from "../../base/base.ts";
import { createAttempter, type Attempter } from "./attempt.ts";
import { createGuard } from "./ssrf-guard.ts";

const MiB = 1024 ** 2;

describe("memory stays flat, however much an answer holds", () => {
  let sender: Awaited<ReturnType<typeof startAttempts>>;
  let flood_url: string;
  beforeAll(async () => {
    const flood = await startProcess("flood");
    flood_url = flood.ready as string;
    sender = await startAttempts();
    // Code that is only just loaded and compiled is not the answers' fault.
    const { url } = await createReceiver((_request, res) => void res.end("x".repeat(100_000)));
    await sender.ask({ url, tries: 200, at_once: 16 });
  });

  test.each([
    ["1 GiB that it announces", "/large", "x"],
    ["a body without end", "/endless", "x"],
    ["8 MiB of gzip that would become 8 GiB", "/gzip", "b"],
    ["some bytes of brotli that would become 256 MiB", "/brotli", "b"],
  ])("%s", async (_name, path, letter) => {
    const { attempts, rss_growth_bytes } = await sender.ask({
      url: flood_url + path,
      tries: 64,
      at_once: 16,
    });
    expect(attempts).toEqual([
      { status: 200, error_code: null, error: null, excerpt: letter.repeat(8192), truncated: true },
    ]);
    expect(rss_growth_bytes).toBeLessThan(64 * MiB);
  });
});

describe("time is bounded by one deadline, whatever trickles", () => {
  const TIMEOUT_MS = 400;
  let attempter: Attempter;
  const timers = new Set<NodeJS.Timeout>();
  beforeAll(() => {
    attempter = createAttempter({ guard: createGuard({ allowed: ["127.0.0.0/8"] }), clock: systemClock });
  });
  afterAll(() => attempter.stop());

  /** Sends `begin` at once, and then one `drop` after the other for ever. */
  const drip = async (begin: string, drop: string): Promise<string> => {
    const server = createServer((socket: Socket) => {
      socket
        .on("error", () => {})
        .once("data", () => {
          socket.write(begin);
          const timer = setInterval(() => socket.write(drop), 20);
          timers.add(timer);
          socket.on("close", () => clearInterval(timer));
        });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    afterAll(() => {
      for (const timer of timers) clearInterval(timer);
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  test.each([
    ["the status line", "H", "", null],
    ["headers, letter by letter", "HTTP/1.1 200 OK\r\nx: ", "y", null],
    ["headers, line by line", "HTTP/1.1 200 OK\r\n", "x: y\r\n", null],
    ["interim answers", "", "HTTP/1.1 103 Early Hints\r\n\r\n", null],
    ["a body that is announced", "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "z", 200],
    ["a body in chunks", "HTTP/1.1 500 Oh\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\nz\r\n", 500],
  ])("%s", async (_name, begin, drop, status) => {
    const url = new URL(await drip(begin, drop));
    const attempt = await attempter.attempt({
      url,
      headers: {},
      body: Buffer.from("{}"),
      timeout_ms: TIMEOUT_MS,
    });
    // A status that was said counts, however long its body takes.
    const error_code = status === null ? "timeout" : status < 300 ? null : "http_status";
    expect(attempt).toMatchObject({ status, error_code });
    expect(attempt!.duration_ms).toBeGreaterThanOrEqual(TIMEOUT_MS - 1);
    expect(attempt!.duration_ms).toBeLessThan(3 * TIMEOUT_MS);
    expect(attempt!.response_excerpt ?? "").toMatch(status === null ? /^$/ : /^z+$/);
    expect(attempt!.response_truncated).toBe(status !== null);
  });
});

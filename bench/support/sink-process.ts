/**
 * Users' servers: plain node:http, each on a port of its own, which answer 200 as soon as a request is whole and
 * remember which webhook came when. The last `silent` of them take everything and never answer.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "./child.ts";
import type { SinkAnswer, SinkQuestion } from "./sink.ts";

const [count, silent] = process.argv.slice(2).map(Number) as [number, number];
let came = 0;
let repeated = 0;
let expected: { count: number; resolve(): void } | null = null;
/** Of each server: when each webhook came, by its number. */
const came_ms = Array.from({ length: count }, () => new Map<number, number>());

const listen = async (place: number): Promise<number> => {
  const mine = came_ms[place]!;
  const answers = place < count - silent;
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("latin1");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const number = Number(/bench-\d+-(\d+)/.exec(text)![1]);
      if (mine.has(number)) repeated++;
      else mine.set(number, performance.timeOrigin + performance.now());
      if (!answers) return;
      came++;
      response.end();
      if (expected && came >= expected.count) expected.resolve();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", 1_024);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};
const ports = await Promise.all(came_ms.map((_, place) => listen(place)));

serveParent({ ports }, async (question) => {
  const { reset, until, list } = question as SinkQuestion;
  if (reset) {
    came = repeated = 0;
    for (const mine of came_ms) mine.clear();
  }
  if (until !== undefined && came < until)
    await new Promise<void>((resolve) => {
      expected = { count: until, resolve };
    });
  const arrivals = list ? came_ms.slice(0, count - silent).flatMap((mine) => [...mine]) : [];
  const { user, system } = process.cpuUsage();
  return { came, repeated, arrivals, cpu_s: (user + system) / 1e6 } satisfies SinkAnswer;
});

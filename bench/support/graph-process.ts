/** The simulator's Graph API, which remembers which message it took when. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGraphStandIn, createSimulator } from "../../src/simulator/simulator.ts";
import { serveParent } from "./child.ts";
import type { GraphAnswer, GraphProcessOptions, GraphQuestion, TakenMessage } from "./graph.ts";
import { now_ms } from "./sink.ts";

const { token, numbers, throughput, way_ms } = JSON.parse(process.argv[2]!) as GraphProcessOptions;
let taken: TakenMessage[] = [];
let refused = 0;
let expected: { count: number; resolve(): void } | null = null;

const graph = createGraphStandIn({
  simulator: createSimulator({ target_url: "http://127.0.0.1:9", app_secret: "bench", numbers }),
  token,
  throughput,
  // No status is ever due.
  pause: () => new Promise(() => {}),
  onMessage({ callback_data, phone_number_id }) {
    taken.push([callback_data ?? "", phone_number_id, now_ms()]);
    if (expected && taken.length >= expected.count) expected.resolve();
  },
});
const [least, most] = way_ms;
const server = createServer((request, response) => {
  response.on("finish", () => {
    if (response.statusCode === 400) refused++;
  });
  if (most === 0) graph.handle(request, response);
  else setTimeout(() => graph.handle(request, response), least + Math.random() * (most - least));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 1_024);
await once(server, "listening");

serveParent({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, async (question) => {
  const { reset, until, list } = question as GraphQuestion;
  if (reset) {
    taken = [];
    refused = 0;
  }
  if (until !== undefined && taken.length < until)
    await new Promise<void>((resolve) => {
      expected = { count: until, resolve };
    });
  const { user, system } = process.cpuUsage();
  return {
    count: taken.length,
    refused,
    taken: list ? taken : [],
    cpu_s: (user + system) / 1e6,
  } satisfies GraphAnswer;
});

/**
 * The load, over bare sockets: requests are made beforehand and answers are only counted, so that it takes as little
 * of the machine as it can. One request at a time on each connection.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { makeBody, makeChainBody, makeRequest } from "./bodies.ts";
import { serveParent } from "./child.ts";
import type { LoadOptions, LoadResult } from "./load.ts";

const options = JSON.parse(process.argv[2]!) as LoadOptions;
const url = new URL(options.url);
const { chain } = options;
const run_name = randomBytes(4).toString("hex");
const requests = Array.from({ length: options.prepared }, (_, i) => {
  const due_us = Math.round(((chain?.start_at_ms ?? 0) + (i / (options.rate ?? 1)) * 1_000) * 1_000);
  const body = chain ? makeChainBody(chain.first + i, chain.run, due_us) : makeBody(i, run_name);
  return makeRequest(url, options.secret, body);
});

/** How long answers are waited for after the last request. */
const PATIENCE_MS = 10_000;

serveParent({ ready: true }, run);

async function run(): Promise<LoadResult> {
  if (chain) {
    const early_ms = chain.start_at_ms - Date.now();
    if (early_ms < 0) throw new Error(`the requests were ready ${-early_ms} ms too late`);
    await sleep(early_ms);
  }
  const refused: number[] = [];
  const latencies_ms: number[] = [];
  const answers: Record<string, number> = {};
  let next = 0;
  let lost = 0;
  const cpu = process.cpuUsage();
  const started_ms = performance.now();
  const end_ms = started_ms + options.seconds * 1_000;
  const { rate } = options;
  const total =
    rate === null ? requests.length : Math.min(requests.length, Math.floor(rate * options.seconds));
  let last_ms = started_ms;

  const free: ((due_ms: number) => void)[] = [];
  let open = 0;
  const sockets: Socket[] = [];

  await new Promise<void>((resolve) => {
    const isOver = () => (rate === null ? performance.now() >= end_ms || next >= total : next >= total);
    const finish = () => {
      clearInterval(timer);
      resolve();
    };
    /** What is due goes out on the connections that are free; the rest waits, and its waiting counts. */
    const dispatch = () => {
      const due = rate === null ? total : Math.min(total, ((performance.now() - started_ms) / 1_000) * rate);
      while (free.length > 0 && next < due && !(rate === null && isOver())) {
        const due_ms = rate === null ? performance.now() : started_ms + (next / rate) * 1_000;
        free.pop()!(due_ms);
      }
      if (isOver() && open === 0) finish();
      else if (performance.now() > end_ms + PATIENCE_MS) finish();
    };
    const timer = setInterval(dispatch, 1);

    const openConnection = () => {
      let due_ms: number | null = null;
      let number = 0;
      let text = "";
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      sockets.push(socket);
      const send = (at_ms: number) => {
        due_ms = at_ms;
        open++;
        number = next++;
        socket.write(requests[number]!);
      };
      socket.on("connect", () => {
        free.push(send);
        dispatch();
      });
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        const head = text.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (text.length < head + 4 + length || due_ms === null) return;
        const status = text.slice(9, 12);
        answers[status] = (answers[status] ?? 0) + 1;
        last_ms = performance.now();
        if (status === "200") latencies_ms.push(last_ms - due_ms);
        else refused.push(number);
        due_ms = null;
        text = "";
        open--;
        if (socket.destroyed || socket.readableEnded) return;
        free.push(send);
        dispatch();
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        const at = free.indexOf(send);
        if (at >= 0) free.splice(at, 1);
        if (due_ms !== null) {
          lost++;
          refused.push(number);
          open--;
        }
        if (!isOver()) setTimeout(openConnection, 10);
      });
    };
    for (let i = 0; i < options.connections; i++) openConnection();
  });
  for (const socket of sockets) socket.destroy();

  const used = process.cpuUsage(cpu);
  const sorted = Float64Array.from(latencies_ms).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const within = (ms: number) =>
    latencies_ms.filter((latency_ms) => latency_ms <= ms).length / Math.max(1, total_sent());
  const elapsed_s = (last_ms - started_ms) / 1_000;
  return {
    answers,
    lost: lost + open,
    elapsed_s,
    ok_per_s: sorted.length / elapsed_s,
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    max_ms: at(1),
    within_250ms: within(250),
    within_1s: within(1_000),
    cpu_s: (used.user + used.system) / 1_000_000,
    refused: [...refused, ...Array.from({ length: total_sent() - next }, (_, i) => next + i)],
  };

  function total_sent(): number {
    return rate === null ? next : total;
  }
}

/**
 * How soon a webhook is at its endpoints, in two parts:
 *
 * - *From the commit of its deliveries until its servers have all of it*, one by one on an idle system and at a steady
 *   rate: Wharf's fan-out and dispatcher in one process, as Wharf runs them, in turn with graphile-worker, one job a
 *   delivery, added by the process that works on it.
 * - *From the signed POST*: a whole Wharf (compiled, two processes, its own PostgreSQL with fsync) with load and endpoint
 *   as processes beside it, at 10/s, at 100/s, and at four fifths of what it keeps up with, which is found first
 *   (or given by `--sustained`).
 */
import { parseArgs } from "node:util";
import { Logger as GraphileLogger, makeWorkerUtils } from "graphile-worker";
import type { ArrivalsAnswer, ArrivalsQuestion } from "./support/arrivals.ts";
import { startChild } from "./support/child.ts";
import { startDelivery } from "./support/delivery.ts";
import { runLoad, startOf } from "./support/load.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable, spread } from "./support/print.ts";
import { createProducer } from "./support/producer.ts";
import { percentile, startSink } from "./support/sink.ts";
import { startWharf } from "./support/wharf.ts";

const NAMES = { wharf: "Wharf", graphile: "graphile-worker, one job a delivery" } as const;
type Contender = keyof typeof NAMES;
const CONTENDERS = Object.keys(NAMES) as Contender[];
/** Webhooks a second. */
const RATES = { idle: 10, steady: 100 } as const;
type Pace = keyof typeof RATES;
const PACES = Object.keys(RATES) as Pace[];
const SHARE_OF_SUSTAINED = 0.8;
/** Kept up: so many seconds' webhooks may be under way at the end. */
const KEEP_UP_S = 1;
const STEP = { per_s: 500, seconds: 5 };
const DRAIN_MS = 15_000;

interface Quantiles {
  p50_ms: number;
  p99_ms: number;
}

export default async function latency(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      endpoints: { type: "string", default: "8" },
      sustained: { type: "string" },
      part: { type: "string", default: "both" },
    },
  });
  const seconds = Number(values.seconds);
  if (values.part !== "post") await sinceCommit(Number(values.rounds), seconds, Number(values.endpoints));
  if (values.part !== "commit")
    await sincePost(seconds, values.sustained === undefined ? null : Number(values.sustained));
}

async function sinceCommit(rounds: number, seconds: number, endpoints: number): Promise<void> {
  const postgres = await startBenchDatabase();
  const sink = await startSink(endpoints);
  const parts: { stop(): Promise<void> }[] = [sink];
  try {
    const { db } = postgres;
    const producer = await createProducer(db, sink.urls);
    const utils = await makeWorkerUtils({
      connectionString: db.url,
      logger: new GraphileLogger(() => () => {}),
    });
    await utils.migrate();
    await utils.release();
    const contenders = {} as Record<Contender, Awaited<ReturnType<typeof startDelivery>>>;
    for (const contender of CONTENDERS) {
      contenders[contender] = await startDelivery({
        contender,
        database_url: db.url,
        master_key: producer.master_key,
        endpoints: producer.endpoints,
        place: producer.place,
        connections: 64,
      });
      parts.push(contenders[contender]);
    }

    let next = 0;
    const round = async (contender: Contender, per_s: number): Promise<Quantiles> => {
      const from = next;
      next += per_s * seconds;
      const { order } = contenders[contender];
      await sink.ask({ reset: true });
      await order({ do: "prepare", from, to: next, per_s });
      await order({ do: "go" });
      const { committed } = await order({ do: "write", from, to: next, per_s });
      const { arrivals, repeated } = await sink.ask({ until: (next - from) * endpoints, list: true });
      await order({ do: "drain" });
      await order({ do: "end" });
      if (repeated > 0) throw new Error(`${NAMES[contender]}: ${repeated} came again`);
      const at_ms = new Map(committed);
      const lags = arrivals.map(([number, came_ms]) => came_ms - at_ms.get(number)!);
      return { p50_ms: percentile(lags, 0.5), p99_ms: percentile(lags, 0.99) };
    };

    for (const contender of CONTENDERS) await round(contender, RATES.steady);
    const came: Record<Pace, Record<Contender, Quantiles[]>> = {
      idle: { wharf: [], graphile: [] },
      steady: { wharf: [], graphile: [] },
    };
    for (let i = 0; i < rounds; i++)
      for (const pace of PACES)
        for (const contender of CONTENDERS) came[pace][contender].push(await round(contender, RATES[pace]));
    printCommits(came, rounds, endpoints);
  } finally {
    for (const part of parts.toReversed()) await part.stop();
    await postgres.stop();
  }
}

function printCommits(
  came: Record<Pace, Record<Contender, Quantiles[]>>,
  rounds: number,
  endpoints: number,
): void {
  console.log(
    `\nFrom the commit until each of ${endpoints} servers has a webhook, ms; medians of ${rounds} rounds (least–most)\n`,
  );
  const shown = (of: Quantiles[], name: keyof Quantiles) =>
    spread(
      of.map((each) => each[name]),
      1,
    );
  printTable(
    CONTENDERS.map((contender) => ({
      "": NAMES[contender],
      ...Object.fromEntries(
        PACES.flatMap((pace) => [
          [`${RATES[pace]}/s: p50`, shown(came[pace][contender], "p50_ms")],
          [`${RATES[pace]}/s: p99`, shown(came[pace][contender], "p99_ms")],
        ]),
      ),
    })),
  );
  for (const pace of PACES) {
    const { wharf, graphile } = came[pace];
    const ratio = (name: keyof Quantiles) =>
      median(wharf.map((each, i) => each[name] / graphile[i]![name])).toFixed(2);
    console.log(
      `at ${RATES[pace]}/s beside graphile-worker: p50 ${ratio("p50_ms")} ×, p99 ${ratio("p99_ms")} ×`,
    );
  }
  console.log(
    "(wanted: idle p50 ≤ 3 and p99 ≤ 10 ms, at 100/s p99 ≤ 15 ms, and sooner than graphile-worker)\n",
  );
}

async function sincePost(seconds: number, sustained: number | null): Promise<void> {
  const wharf = await startWharf();
  const receiver = await startChild("receiver-process", []);
  try {
    const { product } = wharf;
    const { port } = receiver.ready as { port: number };
    const endpoint = await product.api("POST", "/api/v1/endpoints", {
      url: `http://127.0.0.1:${port}/hook`,
      enabled: true,
      events: ["messages", "statuses"],
    });
    if (endpoint.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(endpoint.body)}`);

    let next = 0;
    const stage = async (per_s: number, for_s: number): Promise<Quantiles & { keeps_up: boolean }> => {
      const posted = Math.floor(per_s * for_s);
      const range = { from: next, to: next + posted };
      next += posted;
      const load = await runLoad({
        url: wharf.webhooks_url,
        secret: product.app_secret,
        connections: 128,
        seconds: for_s,
        rate: per_s,
        prepared: posted,
        chain: { run: "latency", first: range.from, start_at_ms: startOf(posted) },
      });
      const ask = (question: ArrivalsQuestion) => receiver.ask<ArrivalsAnswer>(question);
      const undelivered = posted - (await ask(range)).came;
      const deadline_ms = Date.now() + DRAIN_MS;
      let came = await ask(range);
      while (came.came < posted - load.refused.length && Date.now() < deadline_ms) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        came = await ask(range);
      }
      await wharf.drain(DRAIN_MS);
      const keeps_up = load.refused.length === 0 && undelivered <= per_s * KEEP_UP_S;
      return { p50_ms: came.p50_ms, p99_ms: came.p99_ms, keeps_up };
    };

    // What has just started is still being compiled.
    await stage(STEP.per_s, STEP.seconds);
    let most = sustained;
    if (most === null) {
      most = STEP.per_s;
      while ((await stage(most + STEP.per_s, STEP.seconds)).keeps_up) most += STEP.per_s;
    }
    const rates = [10, 100, Math.round(most * SHARE_OF_SUSTAINED)];
    const rows: Record<string, string | number>[] = [];
    for (const per_s of rates) {
      const { p50_ms, p99_ms } = await stage(per_s, per_s === 10 ? 2 * seconds : seconds);
      rows.push({ "posted/s": per_s, "p50 ms": p50_ms.toFixed(1), "p99 ms": p99_ms.toFixed(1) });
    }
    console.log(`\nFrom the signed POST until the endpoint has it; ${most}/s are sustained\n`);
    printTable(rows);
    console.log(
      "(wanted: at 10/s p50 ≤ 5 and p99 ≤ 12 ms, at 100/s p50 ≤ 8 ms, at 80 % of what is sustained p50 ≤ 100 ms)\n",
    );
  } finally {
    await receiver.stop();
    await wharf.stop();
  }
}

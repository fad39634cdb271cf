/**
 * The whole chain at a steady rate: POST → stored → applied → in the live feed → delivered and answered by an
 * endpoint. A whole Wharf (compiled, two processes, its own PostgreSQL with fsync) with the load, the endpoint and a
 * listener of the live feed as processes beside it, on the same machine. Three statuses to a message.
 *
 * Without --rate it climbs in steps until something falls behind, and then holds the last rate that was kept up with.
 * At the end nothing that was acknowledged may be missing, neither in the database nor at the endpoint.
 */
import { parseArgs } from "node:util";
import { sql } from "../src/db/db.ts";
import type { ArrivalsAnswer, ArrivalsQuestion } from "./support/arrivals.ts";
import { CHAIN_PEOPLE } from "./support/bodies.ts";
import { startChild } from "./support/child.ts";
import { cpuOf } from "./support/cpu.ts";
import { runLoad, startOf, type LoadResult } from "./support/load.ts";
import { printTable } from "./support/print.ts";
import { startWharf, type BenchWharf } from "./support/wharf.ts";

/** Kept up: at the end of a stage no more is under way than arrives in this time. */
const KEEP_UP_S = 1;
/** How long a stage's rest is waited for. */
const DRAIN_MS = 15_000;
const CLIMB_SECONDS = 5;
const TOTAL_MS = 85_000;

interface Stage {
  rate: number;
  posted: number;
  load: LoadResult;
  applied: { count: number; p50_ms: number; p99_ms: number };
  live: ArrivalsAnswer;
  delivered: ArrivalsAnswer;
  /** At the moment at which the last one was posted. */
  undelivered: number;
  drained_ms: number;
  cpu_s: Record<string, number>;
  elapsed_s: number;
  keeps_up: boolean;
}

export default async function chain(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rate: { type: "string" },
      seconds: { type: "string", default: "20" },
      step: { type: "string", default: "1000" },
    },
  });
  const began_ms = Date.now();
  const seconds = Number(values.seconds);
  const wharf = await startWharf();
  const children: { stop(): Promise<void> }[] = [];
  try {
    const { product } = wharf;
    const receiver = await startChild("receiver-process", []);
    children.push(receiver);
    const live = await startChild("live-process", [product.url, product.api_key]);
    children.push(live);
    const { port } = receiver.ready as { port: number };
    const endpoint = await product.api("POST", "/api/v1/endpoints", {
      url: `http://127.0.0.1:${port}/hook`,
      enabled: true,
      events: ["messages", "statuses"],
    });
    if (endpoint.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(endpoint.body)}`);

    let next = 0;
    const stage = async (rate: number, stage_seconds: number): Promise<Stage> => {
      const posted = Math.floor(rate * stage_seconds);
      const first = next;
      next += posted;
      const range = { from: first, to: next };
      const start_at_ms = startOf(posted);
      const end_at_ms = start_at_ms + stage_seconds * 1_000;
      const cpu = async () => ({
        ...(await wharf.cpu_s()),
        receiver: (await cpuOf(receiver.pid)) ?? Number.NaN,
        listener: (await cpuOf(live.pid)) ?? Number.NaN,
      });
      let before: Promise<Record<string, number>> | undefined;
      const loading = runLoad(
        {
          url: wharf.webhooks_url,
          secret: product.app_secret,
          connections: 128,
          seconds: stage_seconds,
          rate,
          prepared: posted,
          chain: { run: "chain", first, start_at_ms },
        },
        () => {
          before = cpu();
        },
      );
      const load = await loading;
      const ask = (question: ArrivalsQuestion) => receiver.ask<ArrivalsAnswer>(question);
      const undelivered = posted - load.refused.length - (await ask(range)).came;
      const deadline_ms = Date.now() + DRAIN_MS;
      let delivered = await ask(range);
      while (delivered.came < posted - load.refused.length && Date.now() < deadline_ms) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        delivered = await ask(range);
      }
      const now_ms = Date.now();
      const after = await cpu();
      const cpu_s: Record<string, number> = {};
      for (const [name, value] of Object.entries(after)) cpu_s[name] = value - (await before!)[name]!;
      cpu_s["load"] = load.cpu_s;
      await wharf.drain(DRAIN_MS);
      return {
        rate,
        posted,
        load,
        applied: await wharf.applied(start_at_ms, now_ms),
        live: await live.ask<ArrivalsAnswer>(range),
        delivered,
        undelivered,
        drained_ms: Math.max(0, now_ms - end_at_ms),
        cpu_s,
        elapsed_s: (now_ms - start_at_ms) / 1_000,
        keeps_up: load.refused.length === 0 && load.within_1s >= 0.99 && undelivered <= rate * KEEP_UP_S,
      };
    };

    console.log(`Making ${CHAIN_PEOPLE.toLocaleString("en")} people known …`);
    await stage(1_000, (CHAIN_PEOPLE * 4) / 1_000 / 4);
    const stages: Stage[] = [];
    const show = (done: Stage) => {
      stages.push(done);
      console.log(
        `${done.rate}/s for ${(done.posted / done.rate).toFixed(0)} s: ${done.keeps_up ? "kept up" : "fell behind"}, ` +
          `${done.undelivered} under way at its end, all delivered ${(done.drained_ms / 1_000).toFixed(1)} s later`,
      );
    };
    if (values.rate !== undefined) show(await stage(Number(values.rate), seconds));
    else {
      const step = Number(values.step);
      let held = 0;
      for (let rate = step; ; rate += step) {
        const needed_ms = (seconds + 2 * CLIMB_SECONDS + 10) * 1_000;
        if (Date.now() - began_ms + needed_ms > TOTAL_MS) break;
        show(await stage(rate, CLIMB_SECONDS));
        // What has just started is still being compiled: a rate that it fell behind at is tried once more.
        if (!stages.at(-1)!.keeps_up) show(await stage(rate, CLIMB_SECONDS));
        if (!stages.at(-1)!.keeps_up) break;
        held = rate;
      }
      if (held > 0) show(await stage(held, seconds));
    }
    print(stages);
    await verify(wharf, receiver, stages, next);
    const best = stages.findLast((done) => done.keeps_up);
    console.log(
      `sustained: ${best ? `${best.rate} webhooks/s` : "none of these"}   (wanted: 2000 and more)\n`,
    );
  } finally {
    for (const child of children.toReversed()) await child.stop();
    await wharf.stop();
  }
}

/** Everything acknowledged is at the endpoint and in the database; nothing waits, nothing is dead. */
async function verify(
  wharf: BenchWharf,
  receiver: { ask<T>(question: ArrivalsQuestion): Promise<T> },
  stages: Stage[],
  total: number,
): Promise<void> {
  const refused = stages.reduce((sum, stage) => sum + stage.load.refused.length, 0);
  const got = await receiver.ask<ArrivalsAnswer & { ids: number }>({
    from: 0,
    to: total,
    list_missing: true,
  });
  const missing = got.missing.length - refused;
  const row = await wharf.db.first<{
    journal: number;
    open: number;
    events: number;
    pending: number;
    given_up: number;
  }>(sql`
    select (select count(*) from journal) as journal,
           (select count(*) from journal_queue) + (select count(*) from journal_outcomes where state = 'dead') as open,
           (select count(*) from events where outcome = 'applied') as events,
           (select count(*) from deliveries where state = 'pending') as pending,
           (select count(*) from deliveries where state not in ('delivered', 'pending')) as given_up`);
  const acknowledged = total - refused;
  console.log(
    `${acknowledged} acknowledged; ${row!.journal} in the journal, ${row!.open} of them not done; ${row!.events} items applied; ` +
      `${got.came} at the endpoint under ${got.ids} webhook-ids (${got.repeated} repeated), ${row!.pending} still pending\n`,
  );
  if (missing > row!.pending || row!.events < acknowledged || row!.open > 0 || row!.given_up > 0)
    throw new Error("something that was acknowledged is missing");
}

function print(stages: Stage[]): void {
  const lag = (of: { p50_ms: number; p99_ms: number }) => `${of.p50_ms.toFixed(0)} / ${of.p99_ms.toFixed(0)}`;
  console.log("\nFrom when each was due, p50 / p99 ms\n");
  printTable(
    stages.map((stage) => ({
      "posted/s": stage.rate,
      acknowledged: lag(stage.load),
      "within 250 ms": `${(stage.load.within_250ms * 100).toFixed(2)} %`,
      "within 1 s": `${(stage.load.within_1s * 100).toFixed(2)} %`,
      "applied*": lag(stage.applied),
      live: lag(stage.live),
      delivered: lag(stage.delivered),
      "not 200": stage.load.refused.length,
    })),
  );
  console.log("* from when it came in; live: messages only\n");
  console.log("CPU µs a webhook (% of a core)\n");
  const used = (stage: Stage, name: string) => {
    const cpu_s = stage.cpu_s[name]!;
    return `${((cpu_s * 1e6) / stage.posted).toFixed(0)} (${((cpu_s / stage.elapsed_s) * 100).toFixed(0)} %)`;
  };
  printTable(
    stages.map((stage) => ({
      "posted/s": stage.rate,
      "intake, api": used(stage, "front"),
      "pipeline, delivery": used(stage, "back"),
      postgres: used(stage, "postgres"),
      load: used(stage, "load"),
      endpoint: used(stage, "receiver"),
      "live listener": used(stage, "listener"),
    })),
  );
}

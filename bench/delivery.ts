/**
 * Deliveries a second to users' servers on the same machine (plain node:http, one process, eight ports), every
 * webhook to each of them, in turn in one run:
 *
 * - *Wharf*: the dispatcher in its own process, over PostgreSQL with fsync. What is pending was written as the pipeline
 *   writes it; the time ends when every delivery, its try and its endpoint's health are in the database.
 * - *the ceiling*: a loop of undici's `request` for each connection, from bodies in memory, with the same headers and
 *   signatures; nothing is stored, and nothing would be tried again.
 * - *graphile-worker*: one job a delivery, added beforehand, whose task is that same post; its time ends when every
 *   job is completed. It keeps no log of tries, and knows no endpoint that must not starve another.
 *
 * Then how late a webhook is: from the moment at which it is to be written until the server has all of it, on an idle
 * system and at a steady rate. The ceiling has nothing to write: what Wharf adds is the difference.
 */
import { parseArgs } from "node:util";
import { makeWorkerUtils, Logger as GraphileLogger } from "graphile-worker";
import { newId } from "../src/base/base.ts";
import { sql } from "../src/db/db.ts";
import { makeChainBody } from "./support/bodies.ts";
import { atRate, createProducer, timed, type Written } from "./support/producer.ts";
import { startDelivery, type Contender, type DeliveryRange, type PostJob } from "./support/delivery.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable, spread } from "./support/print.ts";
import { percentile, startSink } from "./support/sink.ts";

const NAMES: Record<Contender, string> = {
  wharf: "Wharf",
  plain: "undici posts without a store",
  graphile: "graphile-worker, one job a delivery",
};
const CONTENDERS = Object.keys(NAMES) as Contender[];
/** Webhooks a second: one by one on an idle system, and steadily. */
const RATES = { idle: 10, steady: 100 };
const PREPARED_AT_ONCE = 250;

const LATENESS_ROUNDS = 3;

interface Lateness {
  since_begin: number[];
  since_commit: number[];
}

interface Round {
  per_s: number;
  node_us: number;
  postgres_us: number;
  sink_us: number;
}

export default async function delivery(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      webhooks: { type: "string", default: "2000" },
      endpoints: { type: "string", default: "8" },
      connections: { type: "string", default: "64" },
      seconds: { type: "string", default: "4" },
    },
  });
  const connections = Number(values.connections);
  const postgres = await startBenchDatabase();
  const sink = await startSink(Number(values.endpoints));
  const parts: { stop(): Promise<void> }[] = [sink];
  try {
    const { db } = postgres;
    const producer = await createProducer(db, sink.urls);
    const { endpoints, master_key } = producer;
    const graphile = await makeWorkerUtils({
      connectionString: db.url,
      logger: new GraphileLogger(() => () => {}),
    });
    parts.push({ stop: async () => graphile.release() });
    await graphile.migrate();
    const contenders = {} as Record<Contender, Awaited<ReturnType<typeof startDelivery>>>;
    for (const contender of CONTENDERS) {
      contenders[contender] = await startDelivery({
        contender,
        database_url: db.url,
        master_key,
        endpoints,
        place: producer.place,
        connections,
      });
      parts.push(contenders[contender]);
    }
    /** Writes down what is to be posted. */
    const write: Record<Contender, (bodies: Buffer[]) => Promise<Written>> = {
      wharf: (bodies) => producer.enqueue(bodies),
      plain: () => timed(async () => {}),
      graphile: async (bodies) => {
        const jobs = bodies.flatMap((body) =>
          endpoints.map((_, endpoint) => ({
            identifier: "post",
            payload: { endpoint, id: newId(), body: body.toString() } satisfies PostJob,
          })),
        );
        return timed(() => graphile.addJobs(jobs));
      },
    };
    let next = 0;
    const range = (webhooks: number, per_s: number | null): DeliveryRange => {
      next += webhooks;
      return { from: next - webhooks, to: next, per_s };
    };

    const drain = async (contender: Contender, webhooks: number): Promise<Round> => {
      const which = range(webhooks, null);
      const { order } = contenders[contender];
      await sink.ask({ reset: true });
      for (let at = which.from; at < which.to; at += PREPARED_AT_ONCE)
        await write[contender](
          Array.from({ length: Math.min(PREPARED_AT_ONCE, which.to - at) }, (_, i) =>
            makeChainBody(at + i, "bench", 0),
          ),
        );
      await db.run(sql`checkpoint`);
      const node_before = await order({ do: "prepare", ...which });
      const sink_before = await sink.ask({});
      const postgres_before = (await postgres.cpu_s()) ?? Number.NaN;
      const began_ms = performance.now();
      await order({ do: "go" });
      const expected = webhooks * endpoints.length;
      const came = await sink.ask({ until: expected });
      const completed = await order({ do: "drain" });
      const elapsed_s = (performance.now() - began_ms) / 1_000;
      const postgres_after = (await postgres.cpu_s()) ?? Number.NaN;
      await order({ do: "end" });
      if (came.came !== expected || came.repeated > 0)
        throw new Error(`${NAMES[contender]}: ${came.came} came for ${expected}, ${came.repeated} again`);
      const each_us = (cpu_s: number) => (cpu_s * 1e6) / expected;
      return {
        per_s: expected / elapsed_s,
        node_us: each_us(completed.cpu_s - node_before.cpu_s),
        postgres_us: each_us(postgres_after - postgres_before),
        sink_us: each_us(came.cpu_s - sink_before.cpu_s),
      };
    };

    const lateness = async (contender: Contender, per_s: number): Promise<Lateness> => {
      const which = range(per_s * Number(values.seconds), per_s);
      const { order } = contenders[contender];
      await sink.ask({ reset: true });
      await order({ do: "prepare", ...which });
      await order({ do: "go" });
      const written = new Map<number, Written>();
      if (contender !== "plain")
        await atRate(per_s, which, async (number) => {
          written.set(number, await write[contender]([makeChainBody(number, "bench", 0)]));
        });
      const { arrivals } = await sink.ask({ until: (which.to - which.from) * endpoints.length, list: true });
      for (const [number, began_ms] of (await order({ do: "drain" })).begun)
        written.set(number, { began_ms, committed_ms: Number.NaN });
      await order({ do: "end" });
      return {
        since_begin: arrivals.map(([number, at_ms]) => at_ms - written.get(number)!.began_ms),
        since_commit: arrivals.map(([number, at_ms]) => at_ms - written.get(number)!.committed_ms),
      };
    };

    const webhooks = Number(values.webhooks);
    for (const contender of CONTENDERS) await drain(contender, webhooks / 2);
    const rounds: Record<Contender, Round[]> = { wharf: [], plain: [], graphile: [] };
    for (let round = 0; round < Number(values.rounds); round++)
      for (const contender of CONTENDERS) rounds[contender].push(await drain(contender, webhooks));
    printRounds(rounds, endpoints.length, connections);

    const late: Record<Contender, Record<keyof typeof RATES, Lateness[]>> = {
      wharf: { idle: [], steady: [] },
      plain: { idle: [], steady: [] },
      graphile: { idle: [], steady: [] },
    };
    for (let round = 0; round < LATENESS_ROUNDS; round++)
      for (const how of ["idle", "steady"] as const)
        for (const contender of CONTENDERS) late[contender][how].push(await lateness(contender, RATES[how]));
    printLateness(late, endpoints.length);
  } finally {
    for (const part of parts.toReversed()) await part.stop();
    await postgres.stop();
  }
}

function printRounds(rounds: Record<Contender, Round[]>, endpoints: number, connections: number): void {
  const per_s = (contender: Contender) => rounds[contender].map((round) => round.per_s);
  console.log(
    `\nAs fast as ${endpoints} servers answer, ${connections} connections to each; medians of ${rounds.wharf.length} rounds (least–most)\n`,
  );
  const us = (contender: Contender, name: "node_us" | "postgres_us" | "sink_us") =>
    median(rounds[contender].map((round) => round[name])).toFixed(0);
  printTable(
    CONTENDERS.map((contender) => ({
      "": NAMES[contender],
      "deliveries/s": spread(per_s(contender)),
      "node µs": us(contender, "node_us"),
      "postgres µs": us(contender, "postgres_us"),
      "servers µs": us(contender, "sink_us"),
    })),
  );
  // Rounds next to each other share the machine's mood: ratios are taken round by round.
  const beside = (other: Contender) =>
    spread(
      per_s("wharf").map((value, i) => value / per_s(other)[i]!),
      2,
    );
  console.log(`beside undici posts without a store:  ${beside("plain")} ×   (wanted: 0.6 ×)`);
  console.log(`beside graphile-worker:               ${beside("graphile")} ×\n`);
}

function printLateness(
  late: Record<Contender, Record<keyof typeof RATES, Lateness[]>>,
  endpoints: number,
): void {
  console.log(
    `Until its ${endpoints} servers have a webhook, p50 / p99 ms: from when its writing begins, or is committed\n`,
  );
  // Of each round its own, as one round may have met a moment at which the machine was elsewhere.
  const shown = (rounds: number[][]) =>
    [0.5, 0.99].map((share) => median(rounds.map((lags) => percentile(lags, share))).toFixed(1)).join(" / ");
  printTable(
    CONTENDERS.map((contender) => {
      const { idle, steady } = late[contender];
      const committed = (rounds: Lateness[]) =>
        contender === "plain" ? "" : shown(rounds.map((round) => round.since_commit));
      return {
        "": NAMES[contender],
        [`idle, ${RATES.idle}/s: begins`]: shown(idle.map((round) => round.since_begin)),
        "is committed": committed(idle),
        [`steady, ${RATES.steady}/s: begins`]: shown(steady.map((round) => round.since_begin)),
        "is committed ": committed(steady),
      };
    }),
  );
}

/**
 * What a dead endpoint costs the others. Nine servers are fed 100 webhooks a second each, in turn with and without a
 * tenth beside them that takes everything and never answers, and is fed the same. From when a webhook is to be written
 * as pending until a server has all of it; the ninety-ninth of a hundred at the nine may take at most twice as long.
 *
 * The dead one is switched on for its rounds, with what was held for it since the last; each of its tries takes the
 * whole ten seconds that an endpoint has by default. All are in one workspace, where least keeps them apart.
 */
import { parseArgs } from "node:util";
import { sql } from "../src/db/db.ts";
import { makeChainBody } from "./support/bodies.ts";
import { atRate, createProducer, type Written } from "./support/producer.ts";
import { startDelivery } from "./support/delivery.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable, spread } from "./support/print.ts";
import { percentile, startSink } from "./support/sink.ts";

/** Of a round, not counted: what has just been switched on or off gets its place. */
const WARM_S = 3;

interface Round {
  p50_ms: number;
  p99_ms: number;
  /** Of the dead one: attempts that ended, and what is pending for it, at the end of the round. */
  dead_tries: number;
  dead_pending: number;
}

export default async function isolation(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "12" },
      rate: { type: "string", default: "100" },
      healthy: { type: "string", default: "9" },
    },
  });
  const per_s = Number(values.rate);
  const healthy = Number(values.healthy);
  const postgres = await startBenchDatabase();
  const sink = await startSink(healthy + 1, 1);
  const parts: { stop(): Promise<void> }[] = [sink];
  try {
    const { db } = postgres;
    const producer = await createProducer(db, sink.urls);
    const dead = producer.endpoints.at(-1)!;
    const sender = await startDelivery({
      contender: "wharf",
      database_url: db.url,
      master_key: producer.master_key,
      endpoints: producer.endpoints,
      place: producer.place,
      connections: 64,
    });
    parts.push(sender);
    await sender.order({ do: "prepare", from: 0, to: 0, per_s: null });
    await sender.order({ do: "go" });

    let next = 0;
    const round = async (with_dead: boolean): Promise<Round> => {
      await producer.switch(dead.id, with_dead);
      await sink.ask({ reset: true });
      const count = (WARM_S + Number(values.seconds)) * per_s;
      const from = next;
      next += count;
      const written = new Map<number, Written>();
      await atRate(per_s, { from, to: next }, async (number) => {
        written.set(number, await producer.enqueue([makeChainBody(number, "isolation", 0)]));
      });
      const { came, repeated, arrivals } = await sink.ask({ until: count * healthy, list: true });
      if (came !== count * healthy || repeated > 0)
        throw new Error(`${came} came for ${count * healthy}, ${repeated} again`);
      const lags = arrivals.flatMap(([number, at_ms]) =>
        number < from + WARM_S * per_s ? [] : at_ms - written.get(number)!.began_ms,
      );
      const row = await db.first<{ tries: number; pending: number }>(sql`
        select coalesce(sum(attempts), 0)::int as tries, count(*) filter (where state <> 'delivered')::int as pending
          from deliveries where workspace_id = ${producer.workspace_id} and endpoint_id = ${dead.id}`);
      return {
        p50_ms: percentile(lags, 0.5),
        p99_ms: percentile(lags, 0.99),
        dead_tries: row!.tries,
        dead_pending: row!.pending,
      };
    };

    // Both ways, before it counts.
    await round(true);
    await round(false);
    const rounds = { without: [] as Round[], beside: [] as Round[] };
    for (let i = 0; i < Number(values.rounds); i++) {
      rounds.without.push(await round(false));
      rounds.beside.push(await round(true));
    }
    print(rounds, healthy, per_s);
  } finally {
    for (const part of parts.toReversed()) await part.stop();
    await postgres.stop();
  }
}

function print(rounds: { without: Round[]; beside: Round[] }, healthy: number, per_s: number): void {
  const last = rounds.beside.at(-1)!;
  console.log(
    `\n${healthy} servers, each fed ${per_s} webhooks/s; medians of ${rounds.beside.length} rounds (least–most)\n`,
  );
  const line = (name: string, of: Round[]) => ({
    "": name,
    "p50 ms": spread(
      of.map((round) => round.p50_ms),
      1,
    ),
    "p99 ms": spread(
      of.map((round) => round.p99_ms),
      1,
    ),
  });
  printTable([
    line("alone", rounds.without),
    line("beside one that never answers, fed the same", rounds.beside),
  ]);
  console.log(
    `the dead one: ${last.dead_tries} tries that ended, ${last.dead_pending} deliveries pending for it\n`,
  );
  const ratios = rounds.beside.map((round, i) => round.p99_ms / rounds.without[i]!.p99_ms);
  console.log(
    `p99 beside it: ${median(rounds.beside.map((round) => round.p99_ms)).toFixed(1)} ms, alone: ` +
      `${median(rounds.without.map((round) => round.p99_ms)).toFixed(1)} ms, ${spread(ratios, 2)} ×   (wanted: at most 2 ×)\n`,
  );
}

/**
 * Messages out to Meta: the sending room in a process of its own, over PostgreSQL with fsync, to the simulator's Graph
 * API in another, which refuses what is above a number's throughput and counts what it takes. In turn in one run:
 *
 * - *80 a second*: a campaign of 1,000 is queued, and an agent answers a customer now and then in its midst. How much of
 *   the allowed rate is used, what the busiest second had (any second, not those of a clock), and how long an answer
 *   waits from its commit until the simulator has it. Once with a simulator that is near, and once with one as far away
 *   as Meta is: a request takes 100 to 200 ms to get there.
 * - *1,000 a second*, a number of the level HIGH, beside two that do less. *Plain*: undici posts the same bodies at the
 *   same rate from memory; nothing is stored. *Loop*: what one writes first, a loop that locks a row with `for update skip
 *   locked`, sends it, and marks it as sent.
 * - *Several numbers*, each at 80 a second, by one process.
 *
 * The simulator's own ceiling is measured too: plain posts without a rate.
 */
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "../src/db/db.ts";
import { createBacklog } from "./support/backlog.ts";
import { startGraph, type GraphAnswer, type TakenMessage } from "./support/graph.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable, spread } from "./support/print.ts";
import { startSender, type SendingContender } from "./support/sending.ts";
import { percentile } from "./support/sink.ts";

const STANDARD = 80;
const HIGH = 1_000;
const NEAR: [number, number] = [0, 0];
const FAR: [number, number] = [100, 200];
const CAMPAIGN = 1_000;
const ANSWER_EVERY_MS = 150;
const ANSWERS = 60;

/** What the simulator saw of one number in one round. */
interface Seen {
  per_s: number;
  busiest: number;
}

interface Round extends Seen {
  refused: number;
  sender_us: number;
  postgres_us: number;
  graph_us: number;
}

export default async function sending(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "8" },
      numbers: { type: "string", default: "10" },
      only: { type: "string", default: "standard,high,several" },
    },
  });
  const rounds = Number(values.rounds);
  const only = new Set(values.only.split(","));
  const fast = HIGH * Number(values.seconds);
  const postgres = await startBenchDatabase();
  const parts: { stop(): Promise<void> }[] = [];
  try {
    const { db } = postgres;
    const numbers = Array.from({ length: Number(values.numbers) }, (_, i) => ({
      phone_number_id: String(106_540_352_242_922 + i),
      waba_id: "102290129340398",
      display_phone_number: `1555078${3_880 + i}`,
    }));
    const backlog = await createBacklog(db, Math.max(fast, CAMPAIGN + ANSWERS));
    const ours = [];
    for (const number of numbers) ours.push(await backlog.addNumber(number));
    const [first] = ours as [(typeof ours)[number]];
    await db.run(sql`analyze`);
    const { token, master_key } = backlog;
    const contenders = {} as Record<SendingContender, Awaited<ReturnType<typeof startSender>>>;
    for (const contender of ["wharf", "plain", "loop"] as const) {
      contenders[contender] = await startSender({ contender, database_url: db.url, master_key, token });
      parts.push(contenders[contender]);
    }
    const graphTo = async (throughput: number, way_ms: [number, number]) => {
      const graph = await startGraph({ token, numbers, throughput, way_ms });
      parts.push(graph);
      return graph;
    };
    type GraphProcess = Awaited<ReturnType<typeof graphTo>>;

    /** From the first request until everything is written; `meanwhile` adds to it and says how many it added. */
    const run = async (
      contender: SendingContender,
      graph: GraphProcess,
      { count, per_s, meanwhile }: { count: number; per_s: number; meanwhile?: () => Promise<number> },
    ): Promise<GraphAnswer & { round: Round }> => {
      const { order } = contenders[contender];
      await backlog.connect(graph.url);
      await db.run(sql`checkpoint`);
      await graph.ask({ reset: true });
      const people = backlog.wa_ids.slice(0, count);
      const { phone_number_id } = first;
      const before = await order({ do: "prepare", graph_url: graph.url, phone_number_id, people, per_s });
      const graph_before = await graph.ask({});
      const postgres_before = (await postgres.cpu_s()) ?? Number.NaN;
      await order({ do: "go" });
      const more = meanwhile ? await meanwhile() : 0;
      const expected = count + more;
      // What was refused waits a while before it is sent again.
      if (contender === "wharf") await graph.ask({ until: expected });
      const after = await order({ do: "drain" });
      const seen = await graph.ask({ list: true });
      const postgres_after = (await postgres.cpu_s()) ?? Number.NaN;
      await order({ do: "end" });
      if (new Set(seen.taken.map(([id]) => id)).size !== seen.taken.length)
        throw new Error(`${contender}: something was sent twice`);
      if (seen.count + (contender === "wharf" ? 0 : seen.refused) !== expected)
        throw new Error(`${contender}: ${seen.count} were taken and ${seen.refused} refused of ${expected}`);
      const left = await backlog.left();
      if (left > 0) throw new Error(`${contender}: ${left} were not sent`);
      const each_us = (cpu_s: number) => (cpu_s * 1e6) / expected;
      return {
        ...seen,
        round: {
          ...seenOf(seen.taken),
          refused: seen.refused,
          sender_us: each_us(after.cpu_s - before.cpu_s),
          postgres_us: each_us(postgres_after - postgres_before),
          graph_us: each_us(seen.cpu_s - graph_before.cpu_s),
        },
      };
    };

    /** Agents answer in the midst of a campaign; how long each answer waited. */
    const campaign = async (graph: GraphProcess): Promise<Round & { waits_ms: number[] }> => {
      await backlog.queue(first, CAMPAIGN);
      const asked = new Map<string, number>();
      const meanwhile = async () => {
        await graph.ask({ until: 2 * STANDARD });
        for (let i = 0; i < ANSWERS; i++) {
          const { id, committed_ms } = await backlog.answer(first, i);
          asked.set(id, committed_ms);
          await sleep(ANSWER_EVERY_MS);
        }
        return ANSWERS;
      };
      const { taken, round } = await run("wharf", graph, { count: CAMPAIGN, per_s: STANDARD, meanwhile });
      const waits_ms = taken.flatMap(([id, , at_ms]) => (asked.has(id) ? [at_ms - asked.get(id)!] : []));
      return { ...round, waits_ms };
    };

    if (only.has("standard")) {
      const results: Record<string, (Round & { waits_ms: number[] })[]> = { near: [], far: [] };
      const graphs = { near: await graphTo(STANDARD, NEAR), far: await graphTo(STANDARD, FAR) };
      for (let round = 0; round < rounds; round++)
        for (const where of ["near", "far"] as const) results[where]!.push(await campaign(graphs[where]));
      printStandard(results);
    }

    if (only.has("high")) {
      const results: Record<string, Round[]> = {};
      const graphs = { near: await graphTo(HIGH, NEAR), far: await graphTo(HIGH, FAR) };
      const ceiling = await graphTo(1e9, NEAR);
      const add = async (name: string, work: () => Promise<{ round: Round }>) =>
        (results[name] ??= []).push((await work()).round);
      // The first round warms up and does not count.
      for (let round = 0; round <= rounds; round++) {
        if (round === 1) for (const name of Object.keys(results)) results[name] = [];
        for (const where of ["near", "far"] as const) {
          await add(`Wharf, ${where}`, async () => {
            await backlog.queue(first, fast);
            return run("wharf", graphs[where], { count: fast, per_s: HIGH });
          });
          await add(`undici posts without a store, ${where}`, () =>
            run("plain", graphs[where], { count: fast, per_s: HIGH }),
          );
        }
        await add("a loop over rows, near", async () => {
          await backlog.queueForLoop(fast / 8);
          return run("loop", graphs.near, { count: fast / 8, per_s: HIGH });
        });
        await add("the simulator's ceiling", () => run("plain", ceiling, { count: fast, per_s: 1e6 }));
      }
      printHigh(results);
    }

    if (only.has("several")) {
      const results: (Seen & { least: number; sender_us: number; postgres_us: number })[] = [];
      const each = CAMPAIGN / 2;
      const graph = await graphTo(STANDARD, NEAR);
      for (let round = 0; round < rounds; round++) {
        for (const number of ours) await backlog.queue(number, each);
        const { taken, round: all } = await run("wharf", graph, {
          count: each * ours.length,
          per_s: STANDARD,
        });
        const seen = ours.map(({ phone_number_id }) =>
          seenOf(taken.filter(([, from]) => from === phone_number_id)),
        );
        results.push({
          per_s: median(seen.map(({ per_s }) => per_s)),
          least: Math.min(...seen.map(({ per_s }) => per_s)),
          busiest: Math.max(...seen.map(({ busiest }) => busiest)),
          sender_us: all.sender_us,
          postgres_us: all.postgres_us,
        });
      }
      console.log(`\n${ours.length} numbers at ${STANDARD}/s each, ${each} messages queued for each\n`);
      printTable([
        {
          "share of the rate": spread(
            results.map(({ per_s }) => per_s / STANDARD),
            3,
          ),
          "of the slowest number": spread(
            results.map(({ least }) => least / STANDARD),
            3,
          ),
          "busiest second": spread(results.map(({ busiest }) => busiest)),
          "node µs": median(results.map(({ sender_us }) => sender_us)).toFixed(0),
          "postgres µs": median(results.map(({ postgres_us }) => postgres_us)).toFixed(0),
        },
      ]);
    }
  } finally {
    for (const part of parts.toReversed()) await part.stop();
    await postgres.stop();
  }
}

function seenOf(taken: readonly TakenMessage[]): Seen {
  const times = taken.map(([, , at_ms]) => at_ms).toSorted((a, b) => a - b);
  let first = 0;
  let busiest = 0;
  for (const [i, at_ms] of times.entries()) {
    while (times[first]! <= at_ms - 1_000) first++;
    busiest = Math.max(busiest, i - first + 1);
  }
  return { per_s: (times.length - 1) / ((times.at(-1)! - times[0]!) / 1_000), busiest };
}

function printStandard(results: Record<string, (Round & { waits_ms: number[] })[]>): void {
  console.log(
    `\n${CAMPAIGN} queued at ${STANDARD}/s, and ${ANSWERS} answers in their midst; medians of rounds (least–most)\n`,
  );
  const wait = (of: readonly { waits_ms: number[] }[], share: number) =>
    spread(of.map(({ waits_ms }) => percentile(waits_ms, share)));
  printTable(
    Object.entries(results).map(([where, of]) => ({
      "": where === "near" ? "a simulator that is near" : `one that is ${FAR.join("–")} ms away`,
      "share of the rate": spread(
        of.map(({ per_s }) => per_s / STANDARD),
        3,
      ),
      "busiest second": spread(of.map(({ busiest }) => busiest)),
      refused: of.reduce((sum, { refused }) => sum + refused, 0),
      "an answer waits, p50 ms": wait(of, 0.5),
      "p99 ms": wait(of, 0.99),
      "node µs": median(of.map(({ sender_us }) => sender_us)).toFixed(0),
      "postgres µs": median(of.map(({ postgres_us }) => postgres_us)).toFixed(0),
    })),
  );
  console.log("wanted: 0.97 of the rate, and never more than it in any second\n");
}

function printHigh(results: Record<string, Round[]>): void {
  console.log(`\nOne number that may send ${HIGH}/s; medians of rounds (least–most)\n`);
  printTable(
    Object.entries(results).map(([name, of]) => ({
      "": name,
      "messages/s": spread(of.map(({ per_s }) => per_s)),
      "busiest second": spread(of.map(({ busiest }) => busiest)),
      refused: of.reduce((sum, { refused }) => sum + refused, 0),
      "node µs": median(of.map(({ sender_us }) => sender_us)).toFixed(0),
      "postgres µs": median(of.map(({ postgres_us }) => postgres_us)).toFixed(0),
      "simulator µs": median(of.map(({ graph_us }) => graph_us)).toFixed(0),
    })),
  );
  for (const where of ["near", "far"]) {
    // Rounds next to each other share the machine's mood: ratios are taken round by round.
    const plain = results[`undici posts without a store, ${where}`]!;
    const ratios = results[`Wharf, ${where}`]!.map(({ per_s }, i) => per_s / plain[i]!.per_s);
    console.log(`beside undici posts without a store, ${where}:  ${spread(ratios, 2)} ×   (wanted: 0.6 ×)`);
  }
  console.log();
}

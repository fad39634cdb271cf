/**
 * Durable webhooks a second, in turn in one run beside
 * - what one would write first: Express 5, `express.json` that keeps the raw bytes for the check of the signature, one
 *   INSERT of the parsed payload as jsonb over a pool of ten, 200 after it;
 * - the ceiling: the same handler as Wharf's, storing nothing.
 * Then how soon a steady 3,300/s is answered by a whole Wharf, its pipeline at work on the same machine. With --url the
 * steady load goes to a Wharf that is running.
 */
import { parseArgs } from "node:util";
import { newId, silentLog, systemClock } from "../src/base/base.ts";
import { sql, type Database } from "../src/db/db.ts";
import { createJournal } from "../src/journal/journal.ts";
import { startChild } from "./support/child.ts";
import { runLoad, startOf, type LoadResult } from "./support/load.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable, spread } from "./support/print.ts";
import { startWharf, type BenchWharf } from "./support/wharf.ts";

type Contender = "wharf" | "express" | "nothing";
const names: Record<Contender, string> = {
  wharf: "Wharf's intake, durable",
  express: "Express 5, one INSERT a request",
  nothing: "the same intake, storing nothing",
};
/** More than each can answer, so that the time ends the round. */
const prepared_per_s: Record<Contender, number> = { wharf: 20_000, express: 5_000, nothing: 25_000 };

interface Round extends LoadResult {
  server_cpu_s: number;
  postgres_cpu_s: number | null;
}

export default async function intake(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "3" },
      connections: { type: "string", default: "256" },
      rate: { type: "string", default: "3300" },
      "steady-seconds": { type: "string", default: "8" },
      url: { type: "string" },
      secret: { type: "string", default: "bench app secret" },
    },
  });
  const { secret } = values;
  const steady = { rate: Number(values.rate), seconds: Number(values["steady-seconds"]), secret };
  if (values.url !== undefined) {
    printSteady(await runSteady({ ...steady, url: values.url }), values.url, steady.rate);
    return;
  }

  const postgres = await startBenchDatabase();
  const children: { stop(): Promise<void> }[] = [];
  try {
    const { db } = postgres;
    await createJournal({ db, clock: systemClock, log: silentLog }).ensurePartitions();
    await db.run(sql`
      create table naive_webhooks
        (id bigserial primary key, received_at timestamptz not null default now(), payload jsonb not null)`);
    const start = async (contender: Contender) => {
      const child = await startChild("intake-server", [contender, db.url, secret, newId()]);
      children.push(child);
      const { port } = child.ready as { port: number };
      return { url: `http://127.0.0.1:${port}/webhooks/meta`, ask: <T>() => child.ask<T>() };
    };
    const servers = {
      wharf: await start("wharf"),
      express: await start("express"),
      nothing: await start("nothing"),
    };
    const contenders = Object.keys(servers) as Contender[];

    const run = async (contender: Contender, seconds: number): Promise<Round> => {
      const before = await servers[contender].ask<{ cpu_s: number }>();
      const postgres_before_s = await postgres.cpu_s();
      const stored_before = await countStored(db);
      const result = await runLoad({
        url: servers[contender].url,
        secret,
        connections: Number(values.connections),
        seconds,
        rate: null,
        prepared: Math.ceil(prepared_per_s[contender] * seconds),
      });
      const after = await servers[contender].ask<{ cpu_s: number }>();
      const postgres_after_s = await postgres.cpu_s();
      const missing = (result.answers["200"] ?? 0) - ((await countStored(db)) - stored_before);
      if (contender !== "nothing" && missing > 0)
        throw new Error(`${missing} acknowledged webhooks were not stored`);
      return {
        ...result,
        server_cpu_s: after.cpu_s - before.cpu_s,
        postgres_cpu_s:
          postgres_before_s === null || postgres_after_s === null
            ? null
            : postgres_after_s - postgres_before_s,
      };
    };

    for (const contender of contenders) await run(contender, 1);
    const rounds: Record<Contender, Round[]> = { wharf: [], express: [], nothing: [] };
    for (let round = 0; round < Number(values.rounds); round++)
      for (const contender of contenders)
        rounds[contender].push(await run(contender, Number(values.seconds)));

    printClosed(rounds, contenders, Number(values.connections));
  } finally {
    for (const child of children) await child.stop();
    await postgres.stop();
  }
  await steadyWhole(steady.rate, steady.seconds);
}

async function steadyWhole(rate: number, seconds: number): Promise<void> {
  const wharf = await startWharf();
  try {
    // The first second of a new process and a new database is not what one asks about.
    const warm = await runChain(wharf, { rate: 1_000, seconds: 2, first: 0 });
    await wharf.drain(30_000);
    const posted = await runChain(wharf, { rate, seconds, first: warm.next });
    const ended_ms = Date.now();
    await wharf.drain(60_000);
    const caught_up_ms = Date.now() - ended_ms;
    printSteady(posted.load, "a whole Wharf, its pipeline running", rate);
    const { count, p50_ms, p99_ms } = await wharf.applied(posted.start_at_ms, Date.now());
    console.log(
      `applied ${count}: half within ${(p50_ms / 1_000).toFixed(2)} s of their coming, 99 of 100 within ` +
        `${(p99_ms / 1_000).toFixed(2)} s; the last ${(caught_up_ms / 1_000).toFixed(1)} s after the load ended\n`,
    );
  } finally {
    await wharf.stop();
  }
}

async function runChain(wharf: BenchWharf, stage: { rate: number; seconds: number; first: number }) {
  const { rate, seconds, first } = stage;
  const prepared = Math.ceil(rate * seconds);
  const start_at_ms = startOf(prepared);
  const load = await runLoad({
    url: wharf.webhooks_url,
    secret: wharf.product.app_secret,
    connections: 128,
    seconds,
    rate,
    prepared,
    chain: { run: "steady", first, start_at_ms },
  });
  return { load, start_at_ms, next: first + prepared };
}

async function countStored(db: Database): Promise<number> {
  const counted = await db.first<{ count: number }>(
    sql`select (select count(*) from journal) + (select count(*) from naive_webhooks) as count`,
  );
  return counted!.count;
}

function runSteady(options: {
  url: string;
  secret: string;
  rate: number;
  seconds: number;
}): Promise<LoadResult> {
  return runLoad({ ...options, connections: 128, prepared: Math.ceil(options.rate * options.seconds) });
}

function printClosed(rounds: Record<Contender, Round[]>, contenders: Contender[], connections: number): void {
  const per_s = (contender: Contender) => rounds[contender].map((round) => round.ok_per_s);
  const per_webhook_us = (round: Round, cpu_s: number | null) =>
    cpu_s === null ? Number.NaN : (cpu_s / (round.ok_per_s * round.elapsed_s)) * 1_000_000;
  console.log(
    `\nAs fast as ${connections} connections are answered; medians of ${rounds.wharf.length} rounds (least–most)\n`,
  );
  printTable(
    contenders.map((contender) => ({
      "": names[contender],
      "webhooks/s": spread(per_s(contender)),
      "p50 ms": median(rounds[contender].map((round) => round.p50_ms)).toFixed(1),
      "p99 ms": median(rounds[contender].map((round) => round.p99_ms)).toFixed(1),
      "node µs": median(rounds[contender].map((round) => per_webhook_us(round, round.server_cpu_s))).toFixed(
        0,
      ),
      "postgres µs": median(
        rounds[contender].map((round) => per_webhook_us(round, round.postgres_cpu_s)),
      ).toFixed(0),
      "load µs": median(rounds[contender].map((round) => per_webhook_us(round, round.cpu_s))).toFixed(0),
      "not 200": rounds[contender].reduce((sum, round) => sum + othersOf(round), 0),
    })),
  );
  // Rounds next to each other share the machine's mood: the ratio is taken round by round.
  const ratios = (other: Contender) => per_s("wharf").map((value, i) => value / per_s(other)[i]!);
  console.log(`beside Express:  ${spread(ratios("express"), 2)} ×   (wanted: 5 ×)`);
  console.log(`beside nothing:  ${spread(ratios("nothing"), 2)} ×   (wanted: 0.7 ×)\n`);
}

function printSteady(result: LoadResult, where: string, rate: number): void {
  console.log(`A steady ${rate}/s, timed from when each was due (${where})\n`);
  printTable([
    {
      "answered 200": result.answers["200"] ?? 0,
      "within 250 ms": `${(result.within_250ms * 100).toFixed(2)} %`,
      "within 1 s": `${(result.within_1s * 100).toFixed(2)} %`,
      "p50 ms": result.p50_ms.toFixed(1),
      "p99 ms": result.p99_ms.toFixed(1),
      "max ms": result.max_ms.toFixed(1),
      "not 200": othersOf(result),
    },
  ]);
}

/** Answers other than 200, and those that never came. */
function othersOf(result: LoadResult): number {
  const answered = Object.entries(result.answers).reduce(
    (sum, [status, n]) => sum + (status === "200" ? 0 : n),
    0,
  );
  return answered + result.lost;
}

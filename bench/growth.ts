/**
 * What years of data cost: the same work on a small and on a large store, each with the partitions of 94 days of webhooks
 * and of a year of events, in one run. The large store is as large as is wanted, or as fits into `--minutes`; it says how
 * large that was. Nothing should be more than 15 % slower.
 *
 * - *intake*: CPU of PostgreSQL and of Node to store webhooks in groups of 50.
 * - *pipeline*: the same for statuses of messages of the whole year, and for messages of known customers.
 * - *claim*: a batch of 200 of 2,000 that wait, in a transaction that is rolled back.
 * - *list*, *journal*, *thread*: the Inbox's first page, the Journal's, and a conversation's.
 */
import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";
import { silentLog, systemClock } from "../src/base/base.ts";
import type { Database } from "../src/db/db.ts";
import { fanOut } from "../src/delivery/delivery.ts";
import { applyInbox, listConversations, listMessages } from "../src/inbox/inbox.ts";
import { createJournal, type Journal } from "../src/journal/journal.ts";
import { createPipeline } from "../src/pipeline/pipeline.ts";
import { applyTemplates } from "../src/templates/templates.ts";
import { conversationOf, fillYear, JOURNAL_DAYS, type FilledYear } from "./support/fill-year.ts";
import { createBodies, KINDS } from "./support/inbox-bodies.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable } from "./support/print.ts";

/** What more data may cost. */
const ALLOWED = 1.15;
const GROUP = 50;

type Measures = Record<string, number>;

export default async function growth(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      small: { type: "string", default: "1000000" },
      large: { type: "string", default: "50000000" },
      minutes: { type: "string", default: "20" },
      items: { type: "string", default: "10000" },
      rounds: { type: "string", default: "5" },
    },
  });
  const until_ms = Date.now() + Number(values.minutes) * 60_000;
  const postgres = await startBenchDatabase();
  try {
    const { db } = postgres;
    console.log(`Making the partitions of ${JOURNAL_DAYS} days and a year of events …`);
    const year = await fillYear(db);
    const measure = async (wanted: string): Promise<[number, Measures]> => {
      console.log(`Filling up to ${Number(wanted).toLocaleString("en")} messages …`);
      const messages = await year.grow(db, Number(wanted), until_ms);
      console.log(`Measuring with ${messages.toLocaleString("en")} messages …`);
      return [
        messages,
        await measureAll(db, () => postgres.cpu_s(), year, Number(values.items), Number(values.rounds)),
      ];
    };
    const [small, before] = await measure(values.small);
    const [large, after] = await measure(values.large);
    if (large < Number(values.large))
      console.log(`\n${large.toLocaleString("en")} messages are what fitted into ${values.minutes} minutes.`);
    const named = (count: number) => `${count.toLocaleString("en")} messages`;
    console.log("");
    printTable(
      Object.keys(before).map((name) => ({
        "": name,
        [named(small)]: before[name]!.toFixed(2),
        [named(large)]: after[name]!.toFixed(2),
        ratio: (after[name]! / before[name]!).toFixed(2),
        [`≤ ${ALLOWED}`]: after[name]! / before[name]! <= ALLOWED ? "yes" : "NO",
      })),
    );
  } finally {
    await postgres.stop();
  }
}

async function measureAll(
  db: Database,
  cpu_s: () => Promise<number | null>,
  year: FilledYear,
  items: number,
  rounds: number,
): Promise<Measures> {
  const journal = createJournal({ db, clock: systemClock, log: silentLog });
  const pipeline = createPipeline({
    db,
    journal,
    apply: { inbox: applyInbox, templates: applyTemplates },
    delivery: { fanOut },
    log: silentLog,
    clock: systemClock,
  });
  const bodies = createBodies(year);
  const results: Record<string, number[]> = {};
  const add = (name: string, value: number) => (results[name] ??= []).push(value);
  /** CPU µs an item, of Node and PostgreSQL together where that can be read. */
  const perItem = async (name: string, count: number, work: () => Promise<unknown>) => {
    const [server_s, node] = [await cpu_s(), cpuUsage()];
    await work();
    const { user, system } = cpuUsage(node);
    add(name, (user + system + ((await cpu_s()) ?? 0) * 1e6 - (server_s ?? 0) * 1e6) / count);
  };
  for (let round = 0; round <= rounds; round++) {
    // The first is not counted: caches and plans of a new store.
    if (round === 1) for (const name of Object.keys(results)) delete results[name];
    for (const kind of KINDS) {
      const some = Array.from({ length: Math.ceil(items / rounds) }, () => bodies[kind]());
      await perItem("intake, µs CPU a webhook", some.length, () => append(journal, year, some));
      if (kind === "statuses") await timeClaims(db, journal, (ms) => add("claim of 200, ms", ms));
      await perItem(`pipeline, µs CPU a ${kind === "statuses" ? "status" : "message"}`, some.length, () =>
        pipeline.drain(),
      );
    }
    await timePages(db, journal, year, add);
  }
  return Object.fromEntries(Object.entries(results).map(([name, all]) => [name, median(all)]));
}

async function append(
  journal: Journal,
  { connection_id }: FilledYear,
  bodies: readonly Buffer[],
): Promise<void> {
  for (let at = 0; at < bodies.length; at += GROUP) {
    const received_at_ms = Date.now();
    await journal.append(
      bodies.slice(at, at + GROUP).map((body) => ({ connection_id, body, received_at_ms })),
    );
  }
}

class RolledBack extends Error {}

async function timeClaims(db: Database, journal: Journal, add: (ms: number) => void): Promise<void> {
  for (let times = 0; times < 10; times++) {
    await db
      .transaction(async (tx) => {
        const start_ms = performance.now();
        await journal.claim(tx, 200);
        add(performance.now() - start_ms);
        throw new RolledBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
  }
}

/** Conversations all over the year, others in each round. */
async function timePages(
  db: Database,
  journal: Journal,
  { workspace_id, contacts }: FilledYear,
  add: (name: string, ms: number) => void,
): Promise<void> {
  const timed = async (name: string, work: () => Promise<unknown>) => {
    const start_ms = performance.now();
    await work();
    add(name, performance.now() - start_ms);
  };
  for (let times = 0; times < 10; times++) {
    const id = conversationOf(1 + Math.floor(Math.random() * contacts));
    await timed("thread, ms", () => listMessages(db, workspace_id, id, { limit: 50 }));
  }
  for (let times = 0; times < 5; times++) {
    await timed("list of conversations, ms", () => listConversations(db, workspace_id, { limit: 50 }));
    await timed("journal's page, ms", () => journal.list(workspace_id, { limit: 50 }));
  }
}

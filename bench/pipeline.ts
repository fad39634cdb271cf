/**
 * Statuses/s and messages/s through the real pipeline (the journal filled beforehand, one item a webhook as Meta says
 * to expect), on a table of a million messages, beside two ways of taking one transaction an item; in turn in one run.
 *
 * - *The same work, one transaction an item*: Wharf's own pipeline with a batch of one. What is left is what working on
 *   sets is worth.
 * - *What one writes first* (support/naive-pipeline.ts), and correctly: it parses the body and in one transaction, on one
 *   connection, locks the message and raises its status and its campaign's count (5 round trips); or upserts the contact
 *   and the conversation, inserts the message unless its wamid is known, and counts it as unread (6). Its tables have
 *   the same million rows and the indexes that it needs. It does much less: no queue to claim from and to record in, no stored
 *   event, no price, no identities beyond the number, no consent, no window, no live feed, and no look at endpoints.
 *
 * `npm run bench` gives it the young generation that Wharf's workers have (cli/supervisor.ts says why).
 */
import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";
import { silentLog, systemClock } from "../src/base/base.ts";
import type { Database } from "../src/db/db.ts";
import { fanOut } from "../src/delivery/delivery.ts";
import { applyInbox } from "../src/inbox/inbox.ts";
import { createJournal } from "../src/journal/journal.ts";
import { createPipeline } from "../src/pipeline/pipeline.ts";
import { applyTemplates } from "../src/templates/templates.ts";
import { fillInbox, type FilledInbox } from "./support/fill-inbox.ts";
import { createBodies, KINDS, type Kind } from "./support/inbox-bodies.ts";
import { applyNaively } from "./support/naive-pipeline.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable, spread } from "./support/print.ts";

const CONTENDERS = [
  "the pipeline",
  "the same work, one transaction an item",
  "what one writes first",
] as const;
type Contender = (typeof CONTENDERS)[number];

interface Round {
  per_s: number;
  node_us: number;
  postgres_us: number;
}

export default async function pipeline(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: "string", default: "1000000" },
      rounds: { type: "string", default: "3" },
      items: { type: "string", default: "15000" },
      "single-items": { type: "string", default: "800" },
    },
  });
  const messages = Number(values.messages);
  const items: Record<Contender, number> = {
    "the pipeline": Number(values.items),
    "the same work, one transaction an item": Number(values["single-items"]),
    "what one writes first": Number(values["single-items"]),
  };
  const postgres = await startBenchDatabase();
  try {
    const { db } = postgres;
    console.log(`Filling ${messages.toLocaleString("en")} messages …`);
    const filled = await fillInbox(db, messages);
    const contenders = {
      "the pipeline": await throughWharf(db, filled),
      "the same work, one transaction an item": await throughWharf(db, filled, { webhooks: 1, bytes: 1 }),
      "what one writes first": naively(db),
    };
    const bodies = createBodies(filled);
    const rounds: Record<Kind, Record<Contender, Round[]>> = {
      statuses: noRounds(),
      messages: noRounds(),
    };
    const run = async (kind: Kind, contender: Contender, count: number): Promise<Round> => {
      const work = await contenders[contender](Array.from({ length: count }, () => bodies[kind]()));
      const postgres_before_s = await postgres.cpu_s();
      const cpu_before = cpuUsage();
      const began_ms = performance.now();
      await work();
      const elapsed_s = (performance.now() - began_ms) / 1_000;
      const { user, system } = cpuUsage(cpu_before);
      const postgres_after_s = await postgres.cpu_s();
      const postgres_s =
        postgres_before_s === null || postgres_after_s === null
          ? Number.NaN
          : postgres_after_s - postgres_before_s;
      return {
        per_s: count / elapsed_s,
        node_us: (user + system) / count,
        postgres_us: (postgres_s * 1e6) / count,
      };
    };
    for (const kind of KINDS) {
      for (const contender of CONTENDERS) await run(kind, contender, Math.ceil(items[contender] / 10));
      for (let round = 0; round < Number(values.rounds); round++)
        for (const contender of CONTENDERS)
          rounds[kind][contender].push(await run(kind, contender, items[contender]));
    }
    for (const kind of KINDS) print(kind, rounds[kind], messages);
  } finally {
    await postgres.stop();
  }
}

const noRounds = (): Record<Contender, Round[]> => ({
  "the pipeline": [],
  "the same work, one transaction an item": [],
  "what one writes first": [],
});

/** Fills the journal, and gives what is timed: all of it through the pipeline. Checks that nothing was left or ignored. */
async function throughWharf(
  db: Database,
  { connection_id }: FilledInbox,
  batch?: { webhooks: number; bytes: number },
) {
  const journal = createJournal({ db, clock: systemClock, log: silentLog });
  await journal.ensurePartitions();
  const wharf = createPipeline({
    db,
    journal,
    apply: { inbox: applyInbox, templates: applyTemplates },
    delivery: { fanOut },
    log: silentLog,
    clock: systemClock,
    ...(batch ? { batch, workers: 1 } : {}),
  });
  return async (bodies: Buffer[]) => {
    for (let at = 0; at < bodies.length; at += 500) {
      const received_at_ms = Date.now();
      await journal.append(
        bodies.slice(at, at + 500).map((body) => ({ connection_id, body, received_at_ms })),
      );
    }
    return async () => {
      await wharf.drain();
      const { pending, dead } = await journal.measure();
      if (pending + dead > 0) throw new Error(`${pending} webhooks wait and ${dead} are dead`);
    };
  };
}

function naively(db: Database) {
  return async (bodies: Buffer[]) => async () => {
    for (const body of bodies) await applyNaively(db, body);
  };
}

function print(kind: Kind, rounds: Record<Contender, Round[]>, messages: number): void {
  console.log(`\n${kind}/s on ${messages.toLocaleString("en")} messages; medians (least–most)\n`);
  printTable(
    CONTENDERS.map((contender) => ({
      "": contender,
      [`${kind}/s`]: spread(rounds[contender].map((round) => round.per_s)),
      "node µs": median(rounds[contender].map((round) => round.node_us)).toFixed(0),
      "postgres µs": median(rounds[contender].map((round) => round.postgres_us)).toFixed(0),
    })),
  );
  // Rounds next to each other share the machine's mood: ratios are taken round by round.
  const beside = (other: Contender) =>
    spread(
      rounds["the pipeline"].map((round, i) => round.per_s / rounds[other][i]!.per_s),
      1,
    );
  console.log(
    `beside the same work, one transaction an item:  ${beside("the same work, one transaction an item")} ×   (wanted: 15 ×)`,
  );
  console.log(`beside what one writes first, which does less:  ${beside("what one writes first")} ×\n`);
}

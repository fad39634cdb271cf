import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createSecretBox, newId, silentLog, systemClock } from "../../src/base/base.ts";
import { sql, type Database } from "../../src/db/db.ts";
import { createEndpoints, createGuard, fanOut } from "../../src/delivery/delivery.ts";
import { createJournal } from "../../src/journal/journal.ts";
import { readWebhook } from "../../src/meta/meta.ts";
import { now_ms } from "./sink.ts";

export interface BenchEndpoint {
  id: string;
  url: string;
  secret: string;
}

/** A workspace with endpoints that want everything, and the deliveries for them, written as the pipeline writes them. */
export async function createProducer(db: Database, urls: readonly string[]) {
  const workspace_id = newId();
  const connection_id = newId();
  const master_key = randomBytes(32);
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Bench', ${workspace_id})`,
  );
  await db.run(sql`
    insert into connections (id, workspace_id, name, graph_url)
    values (${connection_id}, ${workspace_id}, 'Bench', 'http://127.0.0.1:1')`);
  const journal = createJournal({ db, clock: systemClock, log: silentLog });
  await journal.ensurePartitions();
  const made = createEndpoints({
    db,
    box: createSecretBox([master_key]),
    guard: createGuard({ allowed: ["127.0.0.0/8"] }),
  });
  const endpoints: BenchEndpoint[] = [];
  const place = { workspace_id, connection_id };
  for (const url of urls)
    endpoints.push(await made.create(workspace_id, { url, enabled: true, events: ["messages", "statuses"] }));

  return {
    place,
    workspace_id,
    endpoints,
    master_key: master_key.toString("hex"),
    switch: (id: string, enabled: boolean) => made.update(workspace_id, id, { enabled }),
    enqueue: createEnqueue(db, place, fanOut),
  };
}

/** Where webhooks come in. */
export interface BenchPlace {
  workspace_id: string;
  connection_id: string;
}

/**
 * Into the journal, and then fanned out in one transaction: each webhook to each endpoint, due at once. When that
 * transaction began, and when it was committed.
 */
export function createEnqueue(
  db: Database,
  { workspace_id, connection_id }: BenchPlace,
  fan_out: typeof fanOut,
): (bodies: readonly Buffer[]) => Promise<Written> {
  const journal = createJournal({ db, clock: systemClock, log: silentLog });
  return async (bodies) => {
    const received_at = new Date();
    const ids = await journal.append(
      bodies.map((body) => ({ connection_id, body, received_at_ms: received_at.getTime() })),
    );
    const webhooks = bodies.map((body, i) => {
      const read = readWebhook(body);
      if (!read.ok) throw new Error(read.reason);
      const journal_id = ids[i]!;
      const events = read.events.map((event) => ({
        workspace_id,
        id: newId(),
        phone_number: null,
        journal_id,
        received_at,
        occurred_at: received_at,
        event,
      }));
      return { journal_id, body, whole: true, workspace_id, events };
    });
    return timed(() => db.transaction((tx) => fan_out(tx, webhooks)));
  };
}

/** When the writing of the deliveries began and was committed: Unix time in milliseconds. */
export interface Written {
  began_ms: number;
  committed_ms: number;
}

export async function timed(write: () => Promise<unknown>): Promise<Written> {
  const began_ms = now_ms();
  await write();
  return { began_ms, committed_ms: now_ms() };
}

/** What was just started gets so long to connect. */
const LEAD_MS = 300;

/** Calls `write` with the number of each webhook when it is due, whatever became of those before. */
export async function atRate(
  per_s: number,
  range: { from: number; to: number },
  write: (number: number) => Promise<void>,
): Promise<void> {
  const start_ms = now_ms() + LEAD_MS;
  const writing: Promise<void>[] = [];
  for (let next = range.from; next < range.to; next++) {
    while (now_ms() < start_ms + ((next - range.from) * 1_000) / per_s) await sleep(1);
    writing.push(write(next));
  }
  await Promise.all(writing);
}

/**
 * People in automations, over PostgreSQL with fsync:
 *
 * - *step*: `--due` runs whose delay is over go on by a condition to their end. Node's and PostgreSQL's CPU for each visit of a
 *   node; beside it a loop as one writes it first: a transaction for each run that reads it, decides, and writes it.
 * - *lag*: how long after they were due they had gone on, as all of them are due at once.
 * - *wake*: one run is woken by an API event of its person, among 100 that wait and among `--waiting`: the ratio of the two.
 */
import { parseArgs } from "node:util";
import { createAutomationEngine, createHappened } from "../src/automations/automations.ts";
import { newId, silentLog, systemClock } from "../src/base/base.ts";
import { sql, type Database } from "../src/db/db.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable } from "./support/print.ts";
import { percentile } from "./support/sink.ts";

const FEW = 100;
const WAKES = 60;

const flow = {
  nodes: [
    { id: "t", name: "", x: 0, y: 0, type: "trigger", trigger: { kind: "api_event", name: "go" } },
    {
      id: "d",
      name: "",
      x: 0,
      y: 0,
      type: "delay",
      until: { kind: "duration", minutes: 1 },
      jitter_min: 0,
      hours: null,
    },
    {
      id: "c",
      name: "",
      x: 0,
      y: 0,
      type: "condition",
      test: { join: "all", items: [{ is: "event", not: false, name: "paid" }] },
      wait_min: null,
    },
    { id: "e", name: "", x: 0, y: 0, type: "end" },
    {
      id: "w",
      name: "",
      x: 0,
      y: 0,
      type: "wait",
      of: null,
      outcomes: [{ id: "paid", what: "event", after_min: null, payloads: [], texts: [], name: "paid" }],
      deadline_min: 100_000,
    },
  ],
  edges: [
    { id: "1", from: "t", port: "next", to: "d" },
    { id: "2", from: "d", port: "next", to: "c" },
    { id: "3", from: "c", port: "no", to: "e" },
    { id: "4", from: "w", port: "paid", to: "e" },
  ],
  notes: [],
  settings: {
    phone_number_id: null,
    frequency_cap: null,
    reentry: "every_event",
    key_path: null,
    exclude: [],
    exit_rules: [],
    pause_when_answered: false,
    include_existing: false,
    existing_per_min: 60,
  },
};

/** Nodes that a run passes from its delay on: delay, condition, end. */
const VISITS = 3;

export default async function automations(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { due: { type: "string", default: "10000" }, waiting: { type: "string", default: "100000" } },
  });
  const [due, waiting] = [Number(values.due), Number(values.waiting)];
  const postgres = await startBenchDatabase();
  try {
    const { db } = postgres;
    const used = async () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6 + ((await postgres.cpu_s()) ?? 0);
    };
    const engine = createAutomationEngine({
      db,
      clock: systemClock,
      log: silentLog,
      happened: createHappened({ clock: systemClock }),
    });
    const workspace = await fill(db);

    await restAt(db, workspace, "d", due);
    await db.run(sql`analyze`);
    const before = await used();
    const started = performance.now();
    const lags: number[] = [];
    for (let n = await engine.step(); n > 0; n = await engine.step())
      for (let i = 0; i < n; i++) lags.push(performance.now() - started);
    const engine_us = ((await used()) - before) * (1e6 / (due * VISITS));

    const few = Math.min(due, 1_000);
    const ids = await restAt(db, workspace, "d", few);
    const naive_before = await used();
    for (const id of ids) await naiveRun(db, workspace.workspace_id, id);
    const naive_us = ((await used()) - naive_before) * (1e6 / (few * VISITS));
    printTable([
      { step: "engine", "CPU µs a visit": Math.round(engine_us), ratio: "1" },
      {
        step: "a loop, run by run",
        "CPU µs a visit": Math.round(naive_us),
        ratio: (naive_us / engine_us).toFixed(1),
      },
    ]);
    printTable([
      {
        lag: `${due} due at once`,
        "p50 ms": Math.round(percentile(lags, 0.5)),
        "p95 ms": Math.round(percentile(lags, 0.95)),
      },
    ]);

    const small = await fill(db);
    await restAt(db, small, "w", FEW);
    const large = await fill(db);
    await restAt(db, large, "w", waiting);
    await db.run(sql`analyze`);
    const [of_few, of_many]: [number[], number[]] = [[], []];
    for (let i = 0; i < WAKES; i++) {
      of_few.push(await wakeOne(db, small, engine));
      of_many.push(await wakeOne(db, large, engine));
    }
    const [a, b] = [median(of_few), median(of_many)];
    printTable([
      { wake: `one of ${FEW}`, ms: a.toFixed(2), ratio: "1" },
      { wake: `one of ${waiting}`, ms: b.toFixed(2), ratio: (b / a).toFixed(2) },
    ]);
  } finally {
    await postgres.stop();
  }
}

interface Workspace {
  workspace_id: string;
  automation_id: string;
}

async function fill(db: Database): Promise<Workspace> {
  const [workspace_id, automation_id] = [newId(), newId()];
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Bench', ${workspace_id})`,
  );
  await db.run(sql`
    insert into automations (workspace_id, id, name, state, draft, version)
    values (${workspace_id}, ${automation_id}, 'Bench', 'ACTIVE', '{}', 1)`);
  await db.run(sql`
    insert into automation_versions (workspace_id, automation_id, version, flow)
    values (${workspace_id}, ${automation_id}, 1, ${JSON.stringify(flow)}::jsonb)`);
  return { workspace_id, automation_id };
}

/** So many people whose runs rest at the node: at the delay, it is over now. */
async function restAt(
  db: Database,
  { workspace_id, automation_id }: Workspace,
  node: "d" | "w",
  count: number,
): Promise<string[]> {
  const rows = await db.rows<{ run_id: string }>(sql`
    with person as materialized (
      select gen_random_uuid() as contact_id, gen_random_uuid() as run_id from generate_series(1, ${count}::integer)),
    contact as (
      insert into contacts (workspace_id, id, name) select ${workspace_id}, contact_id, 'Ana' from person),
    run as (
      insert into automation_runs (workspace_id, id, automation_id, version, contact_id, state, node_id, visit, trigger)
      select ${workspace_id}, run_id, ${automation_id}, 1, contact_id, 'ACTIVE', ${node}, 1,
        json_build_object('kind', 'api_event', 'at', now())::jsonb from person),
    activity as (
      insert into automation_activities (workspace_id, run_id, visit, automation_id, version, contact_id, node_id, node_type, status,
        due_at, started_at)
      select ${workspace_id}, run_id, 1, ${automation_id}, 1, contact_id, ${node}, 'delay', 'SCHEDULED', now(), now() from person)
    insert into automation_waits (workspace_id, run_id, visit, wake_at, contact_id, hears)
    select ${workspace_id}, run_id, 1, ${node === "d" ? sql`now()` : sql`now() + interval '60 days'`}, contact_id, '{event}'
    from person returning run_id`);
  return rows.map(({ run_id }) => run_id);
}

/** As one writes it first: each run in a transaction of its own, each node a row read and a row written. */
async function naiveRun(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const run = (await tx.first<{ contact_id: string; automation_id: string }>(sql`
      select contact_id, automation_id from automation_runs where workspace_id = ${workspace_id} and id = ${id} for update`))!;
    await tx.first(sql`
      select flow from automation_versions
      where workspace_id = ${workspace_id} and automation_id = ${run.automation_id} and version = 1`);
    await tx.run(sql`
      update automation_activities set status = 'COMPLETED', port = 'next', ended_at = now()
      where workspace_id = ${workspace_id} and run_id = ${id} and visit = 1`);
    await tx.rows(sql`
      select id from contact_events where workspace_id = ${workspace_id} and contact_id = ${run.contact_id} and name = 'paid'`);
    for (const [visit, node, port] of [
      [2, "c", "no"],
      [3, "e", null],
    ] as const)
      await tx.run(sql`
        insert into automation_activities (workspace_id, run_id, visit, automation_id, version, contact_id, node_id, node_type,
          status, port, started_at, ended_at)
        values (${workspace_id}, ${id}, ${visit}::integer, ${run.automation_id}, 1, ${run.contact_id}, ${node}, 'x', 'COMPLETED',
          ${port}, now(), now())`);
    await tx.run(sql`
      update automation_runs set state = 'COMPLETED', node_id = 'e', visit = 3, ended_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`);
    await tx.run(sql`delete from automation_waits where workspace_id = ${workspace_id} and run_id = ${id}`);
  });
}

/** An event of a person who waits for it, until their run has gone on; in milliseconds. */
async function wakeOne(
  db: Database,
  { workspace_id }: Workspace,
  engine: ReturnType<typeof createAutomationEngine>,
): Promise<number> {
  const { contact_id } = (await db.first<{ contact_id: string }>(sql`
    select contact_id from automation_waits where workspace_id = ${workspace_id} limit 1`))!;
  const event_id = newId();
  const happened = createHappened({ clock: systemClock });
  const started = performance.now();
  await db.transaction(async (tx) => {
    await tx.run(sql`
      insert into contact_events (workspace_id, id, contact_id, name, payload, occurred_at)
      values (${workspace_id}, ${event_id}, ${contact_id}, 'paid', '{}', clock_timestamp())`);
    const fact = { workspace_id, contact_id, at: new Date(), event_id, name: "paid", payload: {}, key: null };
    await happened(tx, [{ ...fact, kind: "api_event" }]);
  });
  if ((await engine.step()) !== 1) throw new Error("the run was not woken");
  return performance.now() - started;
}

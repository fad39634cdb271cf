import { rowsOf, sql, uuidArray, type Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/live.ts";
import { addCounts, addMessages, countVisits, type CountChange, type SentMessage } from "../counts/counts.ts";
import { aheadOf } from "./test-clock.ts";
import type { Traveller } from "./traveller.ts";

/** A run that nothing wakes by itself: an agent answered, and a person lets it go on. */
export const NEVER = "infinity";

/** Writes what a step has come to: a statement a table, and last what is counted. Answers what pages are to know. */
export async function writeStep(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
  now: Date,
): Promise<LiveChange[]> {
  const counts = [
    ...(await writeActivities(tx, workspace_id, travellers)),
    ...(await addMessages(tx, workspace_id, sentBy(travellers))),
  ];
  await writeRuns(tx, workspace_id, travellers, now);
  await writeWaits(tx, workspace_id, travellers);
  await addCounts(tx, counts);
  // One that looked and rests on told nothing new.
  return travellers
    .filter(
      ({ activities, ends, run }) => ends !== null || activities.some(({ visit }) => isNews(visit, run)),
    )
    .map(({ run }) => ({
      workspace_id,
      name: "AutomationActivityRecorded",
      data: { automation_id: run.automation_id, run_id: run.id },
    }));
}

const isNews = (visit: number, run: Traveller["run"]) => visit !== run.visit || run.started_at === null;

/** What the activity at which a run was says in the table, while it is under way. */
function restedAt({
  run,
  activities,
}: Traveller): { version: number; node_id: string; status: string } | null {
  const { visit_status, visit_version } = run;
  const is_open = visit_status === "PENDING" || visit_status === "SCHEDULED";
  if (!is_open || visit_version === null || !activities.some(({ visit }) => visit === run.visit)) return null;
  return { version: visit_version, node_id: run.node_id, status: visit_status };
}

/** What was queued by this step. */
function sentBy(travellers: readonly Traveller[]): SentMessage[] {
  return travellers.flatMap(({ run, activities }) =>
    activities.flatMap(({ visit, node_id, message_id, started_ms }): SentMessage[] => {
      if (message_id === null || (visit === run.visit && message_id === run.visit_message_id)) return [];
      const { id: run_id, automation_id, version } = run;
      const of_visit = visit === run.visit ? (run.visit_version ?? version) : version;
      return [
        { message_id, run_id, visit, node_id, automation_id, version: of_visit, started_at: started_ms },
      ];
    }),
  );
}

async function writeActivities(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
): Promise<CountChange[]> {
  const rows = travellers.flatMap(({ run, activities }) =>
    [...new Map(activities.map((one) => [one.visit, one])).values()].map((one) => ({
      run_id: run.id,
      visit: one.visit,
      automation_id: run.automation_id,
      version: run.version,
      contact_id: run.contact_id,
      node_id: one.node_id,
      node_type: one.node_type,
      status: one.status,
      port: one.port,
      reason: one.reason,
      inputs: JSON.stringify(one.inputs),
      message_id: one.message_id,
      due_at: one.due_ms,
      started_at: one.started_ms,
      ended_at: one.ended_ms,
    })),
  );
  if (rows.length === 0) return [];
  const written = await tx.rows<Visits>(sql`
    with written as (insert into automation_activities as a (workspace_id, run_id, visit, automation_id, version, contact_id, node_id, node_type,
      status, port, reason, inputs, message_id, due_at, started_at, ended_at)
    select ${workspace_id}, run_id, visit, automation_id, version, contact_id, node_id, node_type, status, port, reason,
      inputs::jsonb, message_id, due_at, started_at, ended_at
    from ${rowsOf(rows, COLUMNS)}
    on conflict (workspace_id, run_id, visit) do update set status = excluded.status, port = excluded.port,
      reason = excluded.reason, inputs = excluded.inputs, message_id = excluded.message_id, due_at = excluded.due_at,
      ended_at = excluded.ended_at
    where a.ended_at is null
    returning a.automation_id, a.version, a.node_id, a.status, a.port)
    select *, count(*)::integer as n from written group by 1, 2, 3, 4, 5`);
  const rested = travellers.flatMap((traveller) => {
    const before = restedAt(traveller);
    return before === null
      ? []
      : [{ ...before, automation_id: traveller.run.automation_id, port: null, n: 1 }];
  });
  return [...countVisits(workspace_id, written), ...countVisits(workspace_id, rested, -1)];
}

type Visits = Parameters<typeof countVisits>[1][number];

const COLUMNS = {
  run_id: "uuid",
  visit: "integer",
  automation_id: "uuid",
  version: "integer",
  contact_id: "uuid",
  node_id: "text",
  node_type: "text",
  status: "text",
  port: "text",
  reason: "text",
  inputs: "text",
  message_id: "uuid",
  due_at: "timestamptz",
  started_at: "timestamptz",
  ended_at: "timestamptz",
} as const;

/** A row that says the same already is left: most of those who were woken rest on. */
async function writeRuns(
  tx: Tx,
  workspace_id: string,
  travellers: readonly Traveller[],
  now: Date,
): Promise<void> {
  const rows = travellers.map(({ run, node, visit, ends }) => ({
    id: run.id,
    state: ends?.state ?? "ACTIVE",
    node_id: node.id,
    visit: visit.number,
    message_id: run.message_id,
    conversation_id: run.conversation_id,
    stopped: ends?.stopped ?? false,
    reason: ends?.reason ?? null,
    ended_at: ends === null || ends.state === "PAUSED" ? null : now,
  }));
  await tx.run(sql`
    update automation_runs r set state = due.state, node_id = due.node_id, visit = due.visit, message_id = due.message_id,
      conversation_id = due.conversation_id, stopped = due.stopped, reason = due.reason, ended_at = due.ended_at
    from ${rowsOf(rows, RUN_COLUMNS)}
    where r.workspace_id = ${workspace_id} and r.id = due.id
      and (r.state, r.node_id, r.visit, r.message_id, r.conversation_id)
        is distinct from (due.state, due.node_id, due.visit, due.message_id, due.conversation_id)`);
}

const RUN_COLUMNS = {
  id: "uuid",
  state: "text",
  node_id: "text",
  visit: "integer",
  message_id: "uuid",
  conversation_id: "uuid",
  stopped: "boolean",
  reason: "text",
  ended_at: "timestamptz",
} as const;

async function writeWaits(tx: Tx, workspace_id: string, travellers: readonly Traveller[]): Promise<void> {
  const ended = travellers.filter(({ ends }) => ends !== null && ends.state !== "PAUSED");
  if (ended.length > 0)
    await tx.run(sql`
      delete from automation_waits
      where workspace_id = ${workspace_id} and run_id = any(${uuidArray(ended.map(({ run }) => run.id))}::uuid[])`);
  const rows = travellers.flatMap(({ run, visit, rests, ends }) =>
    rests === null && ends?.state !== "PAUSED"
      ? []
      : [
          {
            run_id: run.id,
            visit: visit.number,
            contact_id: run.contact_id,
            wake_at: rests === null ? NEVER : new Date(rests.wake_ms - aheadOf(run.test)).toISOString(),
            message_id: rests?.message_id ?? null,
            hears: (rests?.hears ?? []).join(" "),
          },
        ],
  );
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into automation_waits (workspace_id, run_id, visit, wake_at, contact_id, message_id, hears)
    select ${workspace_id}, run_id, visit, wake_at::timestamptz, contact_id, message_id, string_to_array(hears, ' ')
    from ${rowsOf(rows, WAIT_COLUMNS)}
    on conflict (workspace_id, run_id) do update set visit = excluded.visit, wake_at = excluded.wake_at,
      message_id = excluded.message_id, hears = excluded.hears`);
}

const WAIT_COLUMNS = {
  run_id: "uuid",
  visit: "integer",
  contact_id: "uuid",
  wake_at: "text",
  message_id: "uuid",
  hears: "text",
} as const;

import { foldMessages, verifyAutomations } from "../../src/automations/counts/counts.ts";
import { newId } from "../../src/base/base.ts";
import type { Flow, FlowNode } from "../../src/contract/automations.ts";
import { sql, type Database } from "../../src/db/db.ts";

/** A flow that sends by a template, waits until it is read, and ends; nothing of it is missing but the number. */
export function exampleFlow(template_id: string | null, settings: Partial<Flow["settings"]> = {}): Flow {
  const at = (id: string, name = "") => ({ id, name, x: 0, y: 0 });
  const nodes: FlowNode[] = [
    { ...at("trigger"), type: "trigger", trigger: { kind: "api_event", name: "checkout" } },
    {
      ...at("send", "Reminder"),
      type: "action",
      act: { kind: "send_template", template_id, template_group_id: null, variables: {} },
      on_limit: "skip",
    },
    {
      ...at("read", "Read?"),
      type: "wait",
      of: null,
      outcomes: [{ id: "read", what: "read", after_min: null, payloads: [], texts: [], name: "" }],
      deadline_min: 60,
    },
    { ...at("resolve"), type: "action", act: { kind: "resolve" }, on_limit: "skip" },
    { ...at("end"), type: "end" },
  ];
  const edge = (from: string, port: string, to: string) => ({ id: `${from}-${port}`, from, port, to });
  return {
    nodes,
    edges: [
      edge("trigger", "next", "send"),
      edge("send", "next", "read"),
      edge("read", "read", "end"),
      edge("read", "deadline", "resolve"),
      edge("resolve", "next", "end"),
    ],
    notes: [],
    settings: {
      phone_number_id: null,
      frequency_cap: "7_DAYS",
      reentry: "one_at_a_time",
      key_path: null,
      exclude: [],
      exit_rules: [],
      pause_when_answered: false,
      include_existing: false,
      existing_per_min: 60,
      ...settings,
    },
  };
}

/** An automation that is active on its first version. */
export async function insertAutomation(
  db: Database,
  workspace_id: string,
  flow: Flow,
  { name = "Checkout" }: { name?: string } = {},
): Promise<string> {
  const id = newId();
  await db.run(sql`
    insert into automations (workspace_id, id, name, state, draft, version, version_revision, activated_at)
    values (${workspace_id}, ${id}, ${name}, 'ACTIVE', ${JSON.stringify(flow)}::jsonb, 1, 1, now())`);
  await insertVersion(db, workspace_id, id, 1, flow);
  await db.run(sql`
    insert into automation_triggers (workspace_id, automation_id, version, kind, subject)
    values (${workspace_id}, ${id}, 1, 'api_event', 'checkout')`);
  return id;
}

export const insertVersion = (db: Database, workspace_id: string, id: string, version: number, flow: Flow) =>
  db.run(sql`
    insert into automation_versions (workspace_id, automation_id, version, flow)
    values (${workspace_id}, ${id}, ${version}, ${JSON.stringify(flow)}::jsonb)`);

export interface RunRow {
  contact_id: string;
  state?: string;
  version?: number;
  node_id?: string | null;
  reason?: string | null;
  stopped?: boolean;
  entered_at?: Date;
  ended_at?: Date | null;
  conversation_id?: string | null;
}

export async function insertRun(
  db: Database,
  workspace_id: string,
  automation_id: string,
  row: RunRow,
): Promise<string> {
  const id = newId();
  const { contact_id, state = "ACTIVE", version = 1, node_id = "read", reason = null, stopped = false } = row;
  await db.run(sql`
    insert into automation_runs (workspace_id, id, automation_id, version, contact_id, state, node_id, visit, trigger, reason,
      stopped, entered_at, ended_at, conversation_id)
    values (${workspace_id}, ${id}, ${automation_id}, ${version}, ${contact_id}, ${state}, ${node_id}, 2, '{"kind": "api_event"}',
      ${reason}, ${stopped}, coalesce(${row.entered_at ?? null}::timestamptz, now()), ${row.ended_at ?? null},
      ${row.conversation_id ?? null})`);
  return id;
}

export interface ActivityRow {
  visit: number;
  node_id: string;
  node_type: string;
  status: string;
  port?: string | null;
  reason?: string | null;
  inputs?: object;
  message_id?: string | null;
  due_at?: Date | null;
  started_at?: Date;
}

/** What happened to a run at nodes. */
export async function insertActivities(
  db: Database,
  workspace_id: string,
  run_id: string,
  rows: readonly ActivityRow[],
): Promise<void> {
  for (const row of rows)
    await db.run(sql`
      insert into automation_activities (workspace_id, run_id, visit, automation_id, version, contact_id, node_id, node_type,
        status, port, reason, inputs, message_id, due_at, started_at, ended_at)
      select ${workspace_id}, ${run_id}, ${row.visit}, r.automation_id, r.version, r.contact_id, ${row.node_id}, ${row.node_type},
        ${row.status}, ${row.port ?? null}, ${row.reason ?? null}, ${JSON.stringify(row.inputs ?? {})}::jsonb,
        ${row.message_id ?? null}, ${row.due_at ?? null}, coalesce(${row.started_at ?? null}::timestamptz, now()),
        case when ${row.status} not in ('PENDING', 'SCHEDULED') then now() end
      from automation_runs r where r.workspace_id = ${workspace_id} and r.id = ${run_id}`);
}

/** What rows that were written by hand come to: who was sent what, how far that came, and every number. */
export async function countByHand(db: Database): Promise<void> {
  await db.run(sql`
    insert into automation_messages (workspace_id, message_id, automation_id, version, node_id, run_id, visit, started_at)
    select workspace_id, message_id, automation_id, version, node_id, run_id, visit, started_at from automation_activities
    where message_id is not null on conflict do nothing`);
  await db.transaction(async (tx) => {
    const told = await tx.rows<{ workspace_id: string; message_id: string }>(
      sql`select workspace_id, message_id from automation_messages`,
    );
    await foldMessages(tx, { told, heard: [] });
  });
  for await (const _ of verifyAutomations(db, { repair: true }));
}

import type { Flow } from "../../contract/automations.ts";
import { sql, uuidArray, type Tx } from "../../db/db.ts";
import type { Visit } from "../flow/flow.ts";
import type { TestClock } from "./test-clock.ts";

/** What the trigger told, as automation_entries and automation_runs keep it. */
export interface TriggerFacts {
  kind: string;
  /** When it happened, by its own clock. */
  at: string;
  message_id?: string;
  conversation_id?: string;
  event_id?: string;
  /** Of an API event; of a message what it said: {text, payload}. */
  payload?: unknown;
}

/** A run that is gone on with, its row locked, and the visit that it rests at. */
export interface RunRow {
  id: string;
  automation_id: string;
  version: number;
  contact_id: string;
  key: string;
  node_id: string;
  visit: number;
  trigger: TriggerFacts;
  message_id: string | null;
  conversation_id: string | null;
  resumed_at: Date | null;
  /** Of a test's run; null: it is none. */
  test: TestClock | null;
  /** Of the visit; null: it has not begun. */
  started_at: Date | null;
  due_at: Date | null;
  visit_message_id: string | null;
  visit_status: string | null;
  /** It keeps the version on which it began, should the run be moved while it rests. */
  visit_version: number | null;
}

/**
 * Those that are ACTIVE, by their key, and that no other process has: their rows are locked for the rest of the transaction,
 * and nothing else changes them or their waits meanwhile.
 */
export async function lockRuns(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<RunRow[]> {
  const locked = await tx.rows<{ id: string }>(sql`
    select r.id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray([...ids])}::uuid[]) and r.state = 'ACTIVE'
    order by r.id for no key update of r skip locked`);
  if (locked.length === 0) return [];
  // Behind the locks: what the last holder wrote is seen as it is.
  return tx.rows<RunRow>(sql`
    select r.id, r.automation_id, r.version, r.contact_id, r.key, r.node_id, r.visit, r.trigger, r.message_id,
      r.conversation_id, r.resumed_at, r.test, a.started_at, a.due_at, a.message_id as visit_message_id,
      a.status as visit_status, a.version as visit_version
    from automation_runs r
    left join automation_activities a on a.workspace_id = r.workspace_id and a.run_id = r.id and a.visit = r.visit
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray(locked.map(({ id }) => id))}::uuid[])`);
}

export const visitOf = (run: RunRow, started_ms: number): Visit => ({
  run_id: run.id,
  automation_id: run.automation_id,
  contact_id: run.contact_id,
  number: run.visit,
  started_ms: run.started_at?.getTime() ?? started_ms,
  due_ms: run.due_at?.getTime() ?? null,
  message_id: run.visit_message_id,
});

const MOST_KEPT = 500;
/** Versions never change, so that a process reads each once. */
const kept = new Map<string, Flow>();

/** The flows of these versions, by automation and version. */
export async function readFlows(
  tx: Tx,
  workspace_id: string,
  wanted: readonly { automation_id: string; version: number }[],
): Promise<Map<string, Flow>> {
  const missing = wanted.filter((one) => !kept.has(flowKey(one)));
  if (missing.length > 0) {
    const rows = await tx.rows<{ automation_id: string; version: number; flow: Flow }>(sql`
      select automation_id, version, flow from automation_versions
      where workspace_id = ${workspace_id} and automation_id = any(${uuidArray(missing.map((one) => one.automation_id))}::uuid[])`);
    if (kept.size > MOST_KEPT) kept.clear();
    for (const { flow, ...key } of rows) kept.set(flowKey(key), flow);
  }
  return new Map(
    wanted.flatMap((one) => {
      const flow = kept.get(flowKey(one));
      return flow === undefined ? [] : [[flowKey(one), flow]];
    }),
  );
}

export const flowKey = ({ automation_id, version }: { automation_id: string; version: number }): string =>
  `${automation_id} ${version}`;

import type { z } from "zod";
import { isId } from "../../base/base.ts";
import type { ActivityFilter, ListedActivity } from "../../contract/automation-runs.ts";
import type { Activity, Flow } from "../../contract/automations.ts";
import {
  and,
  decodeCursor,
  encodeCursor,
  isMoment,
  iso,
  sql,
  uuidArray,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../../db/db.ts";
import { contactsSearched, messagesByIds } from "../../inbox/inbox.ts";
import { readRow } from "../definition/definition.ts";
import { nodeById } from "../flow/flow.ts";
import { REACHED } from "./reached.ts";
import { readNames } from "./people.ts";
import { sayActivity } from "./sentences.ts";

type Filter = { [Key in keyof typeof ActivityFilter]?: z.output<(typeof ActivityFilter)[Key]> | undefined };
type Row = Omit<Activity, "says" | "message_status"> & { automation_id: string };

const columns = sql`
  a.run_id, a.visit, a.automation_id, a.contact_id, a.version, a.node_id, a.node_type, a.status, a.port, a.reason, a.inputs,
  a.message_id, ${iso(sql`a.due_at`)} as due_at, ${iso(sql`a.started_at`)} as started_at, ${iso(sql`a.ended_at`)} as ended_at`;

/** With the message's ticks, and the sentence by the node as it is in the version. */
async function shown<One extends Row>(
  db: Queryable,
  workspace_id: string,
  rows: readonly One[],
): Promise<(Omit<One, "automation_id"> & Pick<Activity, "says" | "message_status">)[]> {
  const ids = rows.flatMap(({ message_id }) => message_id ?? []);
  const messages = ids.length === 0 ? [] : await messagesByIds(db, workspace_id, ids);
  const statuses = new Map(messages.map(({ id, status }) => [id, status]));
  const flows = await readFlows(db, workspace_id, rows);
  return rows.map((row) => {
    const { automation_id, ...told } = row;
    const flow = flows.get(`${automation_id} ${row.version}`);
    return {
      ...told,
      says: sayActivity(flow && nodeById(flow, row.node_id), row),
      message_status: row.message_id === null ? null : (statuses.get(row.message_id) ?? null),
    };
  });
}

async function readFlows(
  db: Queryable,
  workspace_id: string,
  rows: readonly Row[],
): Promise<Map<string, Flow>> {
  if (rows.length === 0) return new Map();
  const automations = [...new Set(rows.map(({ automation_id }) => automation_id))];
  const versions = [...new Set(rows.map(({ version }) => version))];
  const kept = await db.rows<{ automation_id: string; version: number; flow: Flow }>(sql`
    select automation_id, version, flow from automation_versions
    where workspace_id = ${workspace_id} and automation_id = any(${uuidArray(automations)}::uuid[])
      and version = any(${versions}::integer[])`);
  return new Map(kept.map(({ automation_id, version, flow }) => [`${automation_id} ${version}`, flow]));
}

/** Of one run, in their order: by the primary key. */
export async function readActivities(
  db: Queryable,
  workspace_id: string,
  run_id: string,
): Promise<Activity[]> {
  const rows = await db.rows<Row>(sql`
    select ${columns} from automation_activities a
    where a.workspace_id = ${workspace_id} and a.run_id = ${run_id} order by a.visit limit 2000`);
  return shown(db, workspace_id, rows);
}

/** Those of a filter, among automation_activities `a`. */
function conditionOf(filter: Filter): Sql {
  const { node_id, status, port, message, reason, version, contact_id, from, to } = filter;
  return and(
    ...(node_id === undefined ? [] : [sql`a.node_id = ${node_id}`]),
    ...(status === undefined ? [] : [sql`a.status = ${status}`]),
    ...(port === undefined ? [] : [sql`a.port = ${port}`]),
    ...(message === undefined ? [] : [REACHED[message]]),
    ...(reason === undefined ? [] : [sql`a.reason = ${reason}`]),
    ...(version === undefined ? [] : [sql`a.version = ${version}`]),
    ...(contact_id === undefined ? [] : [sql`a.contact_id = ${contact_id}`]),
    ...(from === undefined ? [] : [sql`a.started_at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`a.started_at < ${to}::timestamptz`]),
  );
}

const isUuid = (value: unknown): value is string => typeof value === "string" && isId(value);
const isVisit = (value: unknown): value is number => Number.isSafeInteger(value);

/**
 * Newest first, by automation_activities__listed, or by automation_activities__node where few are as the filter says; those
 * whose message came so far by automation_messages__listed, or by the index of those that failed or were answered. Throws
 * NOT_FOUND.
 */
export async function listActivities(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  { cursor, limit, ...filter }: Filter & Page,
): Promise<List<ListedActivity>> {
  await readRow(db, workspace_id, automation_id);
  const called = (await contactsSearched(db, workspace_id, filter.search, sql`a.contact_id`)) ?? sql`true`;
  const after = decodeCursor<[string, string, number]>(cursor, [isMoment, isUuid, isVisit]);
  // A message is listed by its own row, which has the order of its visit's.
  const of_messages = filter.message !== undefined;
  const o = of_messages ? sql`w` : sql`a`;
  const rest =
    after === null
      ? sql`true`
      : sql`(${o}.started_at, ${o}.run_id, ${o}.visit) < (${after[0]}::timestamptz, ${after[1]}::uuid, ${after[2]}::integer)`;
  const from = of_messages
    ? sql`automation_messages w join automation_activities a
        on a.workspace_id = w.workspace_id and a.run_id = w.run_id and a.visit = w.visit and a.message_id = w.message_id`
    : sql`automation_activities a`;
  const rows = await db.rows<Row & { conversation_id: string | null; place: string }>(sql`
    select ${columns}, a.started_at::text as place, r.conversation_id from ${from}
    join automation_runs r on r.workspace_id = a.workspace_id and r.id = a.run_id
    where ${o}.workspace_id = ${workspace_id} and ${o}.automation_id = ${automation_id} and ${conditionOf(filter)} and ${called}
      and ${rest}
    order by ${o}.started_at desc, ${o}.run_id desc, ${o}.visit desc limit ${limit + 1}`);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nameOf = await readNames(
    db,
    workspace_id,
    page.map(({ contact_id }) => contact_id),
  );
  const data = await shown(db, workspace_id, page);
  return {
    data: data.map((listed) => {
      const { place: _, ...row } = listed;
      return { ...row, contact: nameOf(row.contact_id) };
    }),
    next_cursor:
      rows.length > limit && last !== undefined ? encodeCursor([last.place, last.run_id, last.visit]) : null,
  };
}

import type { z } from "zod";
import type { RunFilter } from "../../contract/automation-runs.ts";
import type * as shapes from "../../contract/automations.ts";
import {
  and,
  before,
  found,
  iso,
  keyOf,
  sql,
  toList,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../../db/db.ts";
import { contactsSearched } from "../../inbox/inbox.ts";
import { COUNTED, LEFT, readRow } from "../definition/definition.ts";
import { readActivities } from "./activities.ts";
import { readNames } from "./people.ts";
import { sayRun } from "./sentences.ts";

type Filter = { [Key in keyof typeof RunFilter]?: z.output<(typeof RunFilter)[Key]> | undefined };
type Run = shapes.Run;

type RunRow = Omit<Run, "contact" | "says"> & { contact_id: string; said: string | null };

/** With what its last node said, where it failed there. */
const runColumns = sql`
  r.id, r.automation_id, r.version, r.state, r.contact_id, r.conversation_id, r.key, r.node_id, r.reason,
  (select a.inputs ->> 'says' from automation_activities a
    where a.workspace_id = r.workspace_id and a.run_id = r.id and a.visit = r.visit) as said,
  ${iso(sql`r.entered_at`)} as entered_at, ${iso(sql`r.ended_at`)} as ended_at`;

async function shown(db: Queryable, workspace_id: string, rows: readonly RunRow[]): Promise<Run[]> {
  const nameOf = await readNames(
    db,
    workspace_id,
    rows.map(({ contact_id }) => contact_id),
  );
  return rows.map(({ contact_id, said, ...row }) => ({
    ...row,
    contact: nameOf(contact_id),
    says: sayRun(row.state, row.reason, said),
  }));
}

/** Those of a filter, among automation_runs `r`. */
function runCondition(filter: Filter): Sql {
  const { state, counted, node_id, version, reason, stopped, from, to } = filter;
  return and(
    ...(counted === undefined ? [] : [counted === "left" ? LEFT : COUNTED[counted]]),
    ...(state === undefined ? [] : [sql`r.state = ${state}`]),
    ...(node_id === undefined ? [] : [sql`r.node_id = ${node_id}`]),
    ...(version === undefined ? [] : [sql`r.version = ${version}`]),
    ...(reason === undefined ? [] : [sql`r.reason = ${reason}`]),
    ...(stopped === undefined ? [] : [stopped === "true" ? sql`r.stopped` : sql`not r.stopped`]),
    ...(from === undefined ? [] : [sql`r.entered_at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`r.entered_at < ${to}::timestamptz`]),
  );
}

/**
 * Newest first: by automation_runs__listed, of one state by automation_runs__state, of those who stopped by
 * automation_runs__stopped; searched people by automation_runs__contact_id. Throws NOT_FOUND.
 */
export async function listRuns(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  { cursor, limit, ...filter }: Filter & Page,
): Promise<List<Run>> {
  await readRow(db, workspace_id, automation_id);
  const called = (await contactsSearched(db, workspace_id, filter.search, sql`r.contact_id`)) ?? sql`true`;
  const rows = await db.rows<RunRow & { list_key: [string, string] }>(sql`
    select ${runColumns}, ${keyOf(sql`r.entered_at`, sql`r.id`)} as list_key from automation_runs r
    where r.workspace_id = ${workspace_id} and r.automation_id = ${automation_id} and ${runCondition(filter)} and ${called}
      and ${before(sql`r.entered_at`, sql`r.id`, cursor)}
    order by r.entered_at desc, r.id desc limit ${limit + 1}`);
  const { data, next_cursor } = toList(rows, limit);
  return { data: await shown(db, workspace_id, data), next_cursor };
}

/** With each node that it came to, in their order: by the primary keys. Throws NOT_FOUND. */
export async function getRun(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<z.infer<typeof shapes.RunWithActivity>> {
  const row = found(
    await db.first<RunRow>(
      sql`select ${runColumns} from automation_runs r where r.workspace_id = ${workspace_id} and r.id = ${id}`,
    ),
  );
  const [run] = await shown(db, workspace_id, [row]);
  return { ...run!, activity: await readActivities(db, workspace_id, id) };
}

import type { z } from "zod";
import type * as shapes from "../../contract/automations.ts";
import {
  anywhere,
  beforeId,
  decodeCursor,
  encodeCursor,
  found,
  iso,
  sql,
  toListById,
  type List,
  type Page,
  type Queryable,
} from "../../db/db.ts";
import { triggerOf } from "../flow/flow.ts";
import { readRow, type AutomationState } from "./automation-row.ts";
import { checkFlow } from "./checks.ts";
import { NO_COUNTS, readCounts, readHeld, readStopped, stoppedOf, unsendable } from "./counts.ts";
import { readKnown } from "./known.ts";

type Listed = shapes.ListedAutomation;

interface ViewRow
  extends
    Omit<Listed, "trigger" | "counts" | "stopped" | "held">,
    Pick<shapes.Automation, "saved_by" | "saved_at"> {
  draft: shapes.Flow;
  revision: number;
  /** What people enter now; null: none, or it is not active. */
  flow: shapes.Flow | null;
}

const viewColumns = sql`
  a.id, a.name, a.state, a.version, a.draft, a.revision, v.flow,
  a.version is not null and a.revision is distinct from a.version_revision as changed,
  case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as "user",
  ${iso(sql`a.activated_at`)} as activated_at,
  case when s.id is not null then json_build_object('id', s.id, 'name', s.name) end as saved_by, ${iso(sql`a.draft_at`)} as saved_at,
  ${iso(sql`a.created_at`)} as created_at, ${iso(sql`a.updated_at`)} as updated_at`;
const viewTables = sql`automations a
  left join automation_versions v on v.workspace_id = a.workspace_id and v.automation_id = a.id and v.version = a.version
    and a.state = 'ACTIVE'
  left join users u on u.id = a.user_id left join users s on s.id = a.draft_user_id`;

/** Newest first, by the primary key. */
export async function listAutomations(
  db: Queryable,
  workspace_id: string,
  query: Page & { state?: AutomationState | undefined; search?: string | undefined },
): Promise<List<Listed>> {
  const { state, search, cursor, limit } = query;
  const rows = await db.rows<ViewRow>(sql`
    select ${viewColumns} from ${viewTables}
    where a.workspace_id = ${workspace_id} and ${state === undefined ? sql`true` : sql`a.state = ${state}`}
      and ${search === undefined ? sql`true` : sql`a.name ilike ${anywhere(search)}`} and ${beforeId(sql`a.id`, cursor)}
    order by a.id desc limit ${limit + 1}`);
  const { data, next_cursor } = toListById(rows, limit);
  return { data: await listedOf(db, workspace_id, data), next_cursor };
}

async function listedOf(db: Queryable, workspace_id: string, rows: readonly ViewRow[]): Promise<Listed[]> {
  const ids = rows.map(({ id }) => id);
  const counts = await readCounts(db, workspace_id, ids);
  const people = await readStopped(db, workspace_id, ids);
  const held = await readHeld(db, workspace_id, ids);
  const active = rows.flatMap(({ flow }) => flow ?? []);
  const known = await readKnown(db, workspace_id, active);
  return rows.map((listed) => {
    const { draft, revision: _, flow, saved_by: _by, saved_at: _at, ...row } = listed;
    return {
      ...row,
      trigger: triggerOf(draft)?.kind ?? null,
      counts: counts.get(row.id) ?? NO_COUNTS,
      stopped: stoppedOf(
        flow === null ? new Map() : unsendable(flow, known),
        people.filter(({ automation_id }) => automation_id === row.id),
      ),
      held: stoppedOf(
        new Map(),
        held.filter(({ automation_id }) => automation_id === row.id),
      ),
    };
  });
}

/** Throws NOT_FOUND. */
export async function getAutomation(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<shapes.Automation> {
  const row = found(
    await db.first<ViewRow>(sql`
      select ${viewColumns} from ${viewTables} where a.workspace_id = ${workspace_id} and a.id = ${id}`),
  );
  const [listed] = await listedOf(db, workspace_id, [row]);
  const known = await readKnown(db, workspace_id, [row.draft]);
  const { draft: flow, revision, saved_by, saved_at } = row;
  return { ...listed!, flow, checks: checkFlow(flow, known), revision, saved_by, saved_at };
}

type Version = z.infer<typeof shapes.AutomationVersion>;

/** Newest first; people inside are counted by automation_runs__inside. Throws NOT_FOUND. */
export async function listVersions(
  db: Queryable,
  workspace_id: string,
  id: string,
  { cursor, limit }: Page,
): Promise<List<Version>> {
  const { state, version: active } = await readRow(db, workspace_id, id);
  const after = decodeCursor<[number]>(cursor, [Number.isSafeInteger as (value: unknown) => value is number]);
  const rows = await db.rows<Omit<Version, "active">>(sql`
    select v.version, v.flow, ${iso(sql`v.created_at`)} as created_at,
      case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as "user",
      (select count(*)::integer from automation_runs r where r.workspace_id = v.workspace_id
        and r.automation_id = v.automation_id and r.version = v.version and r.state in ('ACTIVE', 'PAUSED')) as people
    from automation_versions v left join users u on u.id = v.user_id
    where v.workspace_id = ${workspace_id} and v.automation_id = ${id}
      and ${after === null ? sql`true` : sql`v.version < ${after[0]}`}
    order by v.version desc limit ${limit + 1}`);
  const page = rows.slice(0, limit);
  return {
    data: page.map((row) => ({ ...row, active: state === "ACTIVE" && row.version === active })),
    next_cursor: rows.length > limit ? encodeCursor([page.at(-1)!.version]) : null,
  };
}

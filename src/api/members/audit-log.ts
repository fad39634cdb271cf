import { firstIdAt } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import {
  and,
  beforeId,
  iso,
  sql,
  toListById,
  type Database,
  type List,
  type Page,
  type Queryable,
} from "../../db/db.ts";

export type AuditEntry = Reply<"GET /api/v1/audit_log">["data"][number];
export interface AuditFilter {
  actor_id?: string | undefined;
  action?: string | undefined;
  subject_id?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

const EXPORT_PAGE = 1_000;

/** Newest first, by audit_log's key, or audit_log__actor_id, audit_log__action, audit_log__subject_id; times are in the ids. */
const entries = (db: Queryable, workspace_id: string, filter: AuditFilter, { cursor, limit }: Page) =>
  db.rows<AuditEntry>(sql`
    select id, ${iso(sql`occurred_at`)} as occurred_at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, address
    from audit_log
    where ${and(
      sql`workspace_id = ${workspace_id}`,
      beforeId(sql`id`, cursor),
      ...(filter.actor_id ? [sql`actor_id = ${filter.actor_id}`] : []),
      ...(filter.action ? [sql`action = ${filter.action}`] : []),
      ...(filter.subject_id ? [sql`subject_id = ${filter.subject_id}`] : []),
      ...(filter.since ? [sql`id >= ${firstIdAt(Date.parse(filter.since))}`] : []),
      ...(filter.until ? [sql`id < ${firstIdAt(Date.parse(filter.until))}`] : []),
    )}
    order by id desc limit ${limit}`);

export async function listAudit(
  db: Queryable,
  workspace_id: string,
  { cursor, limit, ...filter }: Page & AuditFilter,
): Promise<List<AuditEntry>> {
  return toListById(await entries(db, workspace_id, filter, { cursor, limit: limit + 1 }), limit);
}

/** All of a filter, a page at a time. */
export async function* eachAudit(
  db: Queryable,
  workspace_id: string,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry, undefined> {
  for (let cursor: string | undefined; ;) {
    const page = await listAudit(db, workspace_id, { ...filter, cursor, limit: EXPORT_PAGE });
    yield* page.data;
    if (page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}

const PRUNE_AT_ONCE = 10_000;

/** What is older than each workspace keeps it; called again and again. */
export async function pruneAudit(db: Database): Promise<number> {
  return db.run(sql`
    with due as (
      select a.workspace_id, a.id from workspaces w
      cross join lateral (
        select a.workspace_id, a.id from audit_log a
        where a.workspace_id = w.id and a.occurred_at < now() - make_interval(days => w.audit_retention_days)
        order by a.id limit ${PRUNE_AT_ONCE}) a)
    delete from audit_log a using due where a.workspace_id = due.workspace_id and a.id = due.id`);
}

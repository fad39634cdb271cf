import type { Reply } from "../../contract/contract.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";
import { failedConversations } from "./failed-conversations.ts";
import { SEES_ALL, type Viewer, visibleTo } from "./visibility.ts";

type Counts = Reply<"GET /api/v1/conversations/counts">;

/** Nothing is counted farther: a page shows `999+`, and the answer takes some milliseconds. */
const MOST = 1_000;

const upTo = (rows: Sql): Sql => sql`(select count(*)::integer from (${rows} limit ${MOST}) counted)`;

/**
 * How many conversations there are of each status, and how many of the open ones wait to be read, each up to 1,000.
 * By conversations__status__listed_at and conversations__unread.
 */
export async function countConversations(
  db: Queryable,
  workspace_id: string,
  viewer: Viewer = SEES_ALL,
): Promise<Counts> {
  const listed = (condition: Sql) =>
    upTo(sql`select from conversations c
      where c.workspace_id = ${workspace_id} and c.listed_at is not null and ${visibleTo(viewer)} and ${condition}`);
  const counts = await db.first<Counts>(sql`
    with failed as materialized (
      select f.id from (${failedConversations(workspace_id)}) f
      join conversations c on c.workspace_id = ${workspace_id} and c.id = f.id and ${visibleTo(viewer)})
    select ${listed(sql`c.status = 'OPEN'`)} as open, ${listed(sql`c.status = 'PENDING'`)} as pending,
      ${listed(sql`c.status = 'RESOLVED'`)} as resolved,
      ${listed(sql`c.status = 'OPEN' and c.unread_count > 0`)} as unread,
      (select count(*)::integer from failed) as failed,
      (select count(*)::integer from failed join conversations c on c.workspace_id = ${workspace_id} and c.id = failed.id
        where c.status = 'OPEN' and c.unread_count > 0) as failed_unread`);
  return counts!;
}

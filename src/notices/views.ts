import type { Reply } from "../contract/contract.ts";
import {
  and,
  before,
  found,
  iso,
  keyOf,
  sql,
  toList,
  withoutKey,
  type List,
  type Page,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";

type NoticeView = Reply<"GET /api/v1/notices">["data"][number];
type NoticeRow = NoticeView & { list_key: [string, string] };

/** By its own time, or by what ends it (notice_ends' primary key). */
const isOver = sql`(coalesce(n.until <= now(), false) or exists (
  select from notice_ends e
  where e.workspace_id = n.workspace_id and e.name = n.ended_by and e.ended_at >= n.occurred_at))`;
const isOpen = sql`coalesce(n.occurred_at > n.dismissed_through, true)`;

/** To all, or to this one; a program sees those to all. */
const isFor = (user_id: string | undefined): Sql =>
  user_id === undefined ? sql`n.user_id is null` : sql`(n.user_id is null or n.user_id = ${user_id})`;

function notices(db: Queryable, where: Sql, limit: number): Promise<NoticeRow[]> {
  return db.rows<NoticeRow>(sql`
    select n.id, n.kind, n.severity, case when o.over then coalesce(n.ended_title, n.title) else n.title end as title,
      case when o.over then null else n.detail end as detail, n.resolved or o.over as resolved, n.waba_id, n.display_phone_number, n.journal_id, n.contact_id, n.conversation_id,
      not ${isOpen} as dismissed, ${iso(sql`n.occurred_at`)} as occurred_at, ${keyOf(sql`n.occurred_at`, sql`n.id`)} as list_key
    from notices n cross join lateral (select ${isOver} as over) o where ${where}
    order by n.occurred_at desc, n.id desc limit ${limit}`);
}

/** Newest first (notices__occurred_at). */
export async function listNotices(
  db: Queryable,
  workspace_id: string,
  { state, cursor, limit }: Page & { state: "open" | "dismissed" | "all" },
  user_id?: string,
): Promise<List<NoticeView>> {
  const conditions = [
    sql`n.workspace_id = ${workspace_id}`,
    isFor(user_id),
    before(sql`n.occurred_at`, sql`n.id`, cursor),
    state === "all" ? sql`true` : state === "open" ? isOpen : sql`not ${isOpen}`,
  ];
  return toList(await notices(db, and(...conditions), limit + 1), limit);
}

type Counts = Reply<"GET /api/v1/notices">["counts"];

/** How many are open, how many of them are critical and not resolved, and when the next of these is over by itself. */
export async function countOpen(db: Queryable, workspace_id: string, user_id?: string): Promise<Counts> {
  const counts = await db.first<Counts>(sql`
    select count(*)::integer as open, (count(*) filter (where n.severity = 'critical' and not o.resolved))::integer as critical,
      ${iso(sql`min(n.until) filter (where not o.resolved)`)} as next_end_at
    from notices n cross join lateral (select n.resolved or ${isOver} as resolved) o
    where n.workspace_id = ${workspace_id} and ${isFor(user_id)} and ${isOpen}`);
  return counts ?? { open: 0, critical: 0, next_end_at: null };
}

/** Hides it until something happens later than what it tells now. */
export async function dismissNotice(
  tx: Tx,
  workspace_id: string,
  id: string,
  user_id: string | undefined,
): Promise<{ notice: NoticeView; changes: LiveChange[] }> {
  await tx.run(sql`
    update notices set dismissed_through = occurred_at, dismissed_by = ${user_id ?? null}
    where workspace_id = ${workspace_id} and id = ${id} and (user_id is null or user_id = ${user_id ?? null}::uuid)`);
  const [notice] = await notices(
    tx,
    sql`n.workspace_id = ${workspace_id} and n.id = ${id} and ${isFor(user_id)}`,
    1,
  );
  return {
    notice: withoutKey(found(notice)),
    changes: [{ workspace_id, name: "NoticeUpdated", data: { notice_id: id } }],
  };
}

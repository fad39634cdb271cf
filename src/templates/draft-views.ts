import type { Reply } from "../contract/contract.ts";
import { before, iso, keyOf, sql, withoutKey, type Page, type Queryable, type Sql } from "../db/db.ts";
import { checkTemplate } from "../template-rules/template-rules.ts";

export type DraftView = Reply<"GET /api/v1/template_drafts/:id">;
type DraftRow = Omit<DraftView, "faults"> & { list_key: [string, string] };

/** `taken_as` by templates__name. */
const drafts = (db: Queryable, where: Sql, limit: number): Promise<DraftRow[]> =>
  db.rows<DraftRow>(sql`
    select d.id, d.waba_id, d.edits, e.status as edits_status, d.name, d.language, d.category, d.parameter_format, d.components,
      d.allow_category_change, d.message_send_ttl_seconds, d.refusal, d.version,
      -- One whose process was killed while Meta was asked.
      case when d.state = 'submitting' and d.submitting_until <= now() then 'unconfirmed' else d.state end as state,
      case when d.edits is null then (
        select t.id from templates t where t.workspace_id = d.workspace_id and t.name = d.name and t.language = d.language
          and t.waba_id = d.waba_id and t.status <> 'DELETED' limit 1) end as taken_as,
      ${iso(sql`d.updated_at`)} as updated_at, ${keyOf(sql`d.updated_at`, sql`d.id`)} as list_key
    from template_drafts d
    left join templates e on e.workspace_id = d.workspace_id and e.id = d.edits
    where ${where} order by d.updated_at desc, d.id desc limit ${limit}`);

const judged = (row: DraftRow) => ({ ...row, faults: checkTemplate(row) });

/** One more than the page has. */
export async function readDrafts(db: Queryable, workspace_id: string, { cursor, limit }: Page) {
  const where = sql`d.workspace_id = ${workspace_id} and ${before(sql`d.updated_at`, sql`d.id`, cursor)}`;
  return (await drafts(db, where, limit + 1)).map(judged);
}

export async function readDraft(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<DraftView | undefined> {
  const [row] = await drafts(db, sql`d.workspace_id = ${workspace_id} and d.id = ${id}`, 1);
  return row && withoutKey(judged(row));
}

/** How many drafts show each file as their sample, by template_drafts__media_ids. */
export async function countDraftsShowing(
  db: Queryable,
  workspace_id: string,
  media_ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db.rows<{ id: string; count: number }>(sql`
    select shown.id, count(*)::integer as count
    from template_drafts d cross join lateral unnest(d.media_ids) as shown (id)
    where d.workspace_id = ${workspace_id} and d.media_ids && ${media_ids}::uuid[] and shown.id = any(${media_ids}::uuid[])
    group by shown.id`);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

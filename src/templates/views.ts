import type { Reply } from "../contract/contract.ts";
import {
  anywhere,
  decodeCursor,
  encodeCursor,
  found,
  iso,
  sql,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../db/db.ts";
import { tellingRows } from "./fold.ts";
import { readHistory } from "./history.ts";

type TemplateView = Reply<"GET /api/v1/templates">["data"][number];
type TemplateHistory = Reply<"GET /api/v1/templates/:id">["history"];

const columns = sql`t.id, t.template_id, t.waba_id, t.name, t.language, t.category, t.correct_category, t.status,
  ${iso(sql`t.status_at`)} as status_at, t.reason, t.reason_details, t.recommendation, t.pause_title, t.disable_date, t.quality, t.components,
  ${iso(sql`t.updated_at`)} as updated_at`;
// Stubs, of which a webhook told no name, come first.
const order = sql`coalesce(t.name, ''), coalesce(t.language, ''), t.id`;

const isText = (value: unknown): value is string => typeof value === "string";

/** By name and language. A workspace has some thousands at most, so the sort is cheap. */
export async function listTemplates(
  db: Queryable,
  workspace_id: string,
  { cursor, limit }: Page,
): Promise<List<TemplateView>> {
  const after = decodeCursor<[string, string, string]>(cursor, [isText, isText, isText]);
  const rest: Sql =
    after === null
      ? sql`true`
      : sql`(coalesce(t.name, ''), coalesce(t.language, ''), t.id::text) > (${after[0]}, ${after[1]}, ${after[2]})`;
  const rows = await db.rows<TemplateView>(sql`
    select ${columns} from templates t where t.workspace_id = ${workspace_id} and ${rest}
    order by ${order} limit ${limit + 1}`);
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return {
    data,
    next_cursor:
      rows.length > limit && last ? encodeCursor([last.name ?? "", last.language ?? "", last.id]) : null,
  };
}

/** With its history: what webhooks told, and of what the list said that which was new. */
export async function getTemplate(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<TemplateView & { history: TemplateHistory }> {
  const template = found((await templatesByIds(db, workspace_id, [id]))[0]);
  const history = await readHistory(db, [{ workspace_id, template_id: template.template_id }]);
  const telling = tellingRows(history);
  const shown = history
    .filter(({ id }) => telling.has(id))
    .toSorted((a, b) => b.occurred_at.getTime() - a.occurred_at.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, 200)
    .map(({ id, subject, value, detail, occurred_at }) => {
      return { id, subject, value, detail, occurred_at: occurred_at.toISOString() };
    });
  return { ...template, history: shown };
}

/** Meta's ids of the templates whose name holds the text, however its words are joined. A workspace has some thousands at most. */
export async function templatesCalled(db: Queryable, workspace_id: string, text: string): Promise<string[]> {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  if (name === "") return [];
  const rows = await db.rows<{ template_id: string }>(sql`
    select t.template_id from templates t
    where t.workspace_id = ${workspace_id} and lower(t.name) like ${anywhere(name)} limit 500`);
  return rows.map(({ template_id }) => template_id);
}

/** Meta's list has said so of the template in an answer that was asked for after `time`. */
export const listedApproved = (template: Sql, time: Sql): Sql => sql`
  exists (select from template_events e
    where e.workspace_id = ${template}.workspace_id and e.template_id = ${template}.template_id
      and e.subject = 'listed' and e.value = 'APPROVED' and e.last_at > ${time})`;

export function templatesByIds(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<TemplateView[]> {
  return db.rows(sql`
    select ${columns} from templates t where t.workspace_id = ${workspace_id} and t.id = any(${ids}::uuid[])`);
}

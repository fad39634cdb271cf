import type { Reply, Seen } from "../contract/contract.ts";
import {
  and,
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
import { isId, type Clock } from "../base/base.ts";
import { editProblem } from "../template-rules/template-rules.ts";
import { tellingRows } from "./fold.ts";
import { readHistory } from "./history.ts";
import { readSamples } from "./samples.ts";
import { listSyncs } from "./syncs.ts";
import { countUses, type TemplateUse } from "./uses.ts";

type TemplateView = Reply<"GET /api/v1/templates">["data"][number];
type TemplateDetail = Reply<"GET /api/v1/templates/:id">;
type TemplateFilter = Omit<Seen<"GET /api/v1/templates">["query"], "cursor" | "limit">;

/** Meta pauses for three hours, the second time for six, and disables the third time. */
const pauseEnd = sql`
  case when t.status = 'PAUSED' then t.status_at + case t.pause_title
    when 'FIRST_PAUSE' then interval '3 hours' when 'SECOND_PAUSE' then interval '6 hours' end end`;

const columns = sql`t.id, t.template_id, t.waba_id, t.name, t.language, t.category, t.correct_category, t.status,
  ${iso(sql`t.status_at`)} as status_at, t.reason, t.reason_details, t.recommendation, t.pause_title,
  ${iso(pauseEnd)} as pause_ends_at, t.disable_date, t.quality, t.components,
  ${iso(sql`t.updated_at`)} as updated_at`;
// Stubs, of which a webhook told no name, come first.
const order = sql`coalesce(t.name, ''), coalesce(t.language, ''), t.id`;

const isText = (value: unknown): value is string => typeof value === "string";
const isUuid = (value: unknown): value is string => isText(value) && isId(value);

/** Statuses by what a person has to do about them. */
const STATUSES = {
  approved: ["APPROVED"],
  pending: ["PENDING", "IN_APPEAL", "UNKNOWN"],
  attention: ["REJECTED", "PAUSED", "DISABLED", "LIMIT_EXCEEDED", "LOCKED"],
  gone: ["DELETED", "PENDING_DELETION", "ARCHIVED"],
};

const among = (statuses: readonly string[]) => sql`t.status = any(${statuses}::text[])`;
const inState = (state: TemplateFilter["state"]) =>
  state === undefined
    ? sql`true`
    : state === "current"
      ? sql`not ${among(STATUSES.gone)}`
      : among(STATUSES[state]);

function matching(filter: TemplateFilter): Sql {
  const { state, search, status, category, language, quality, waba_id } = filter;
  const is = (column: Sql, value: string | undefined) =>
    value === undefined ? sql`true` : sql`${column} = ${value}`;
  const words = search?.trim().toLowerCase() ?? "";
  return and(
    inState(state),
    is(sql`t.status`, status),
    is(sql`t.category`, category),
    is(sql`t.language`, language),
    is(sql`t.quality`, quality),
    is(sql`t.waba_id`, waba_id),
    words === ""
      ? sql`true`
      : sql`(lower(t.name) like ${anywhere(words.replace(/[\s-]+/g, "_"))}
          or lower(jsonb_path_query_array(t.components, '$.components[*].text')::text) like ${anywhere(words)})`,
  );
}

/**
 * By name and language, off templates__listed; a filter passes over what does not match. Meta lets an account have 6,000;
 * among 100,000 a search that finds nothing takes about a second.
 */
export async function listTemplates(
  db: Queryable,
  workspace_id: string,
  { cursor, limit, ...filter }: Page & TemplateFilter,
): Promise<List<TemplateView>> {
  const after = decodeCursor<[string, string, string]>(cursor, [isText, isText, isUuid]);
  const rest: Sql =
    after === null
      ? sql`true`
      : sql`(coalesce(t.name, ''), coalesce(t.language, ''), t.id) > (${after[0]}, ${after[1]}, ${after[2]}::uuid)`;
  const rows = await db.rows<TemplateView>(sql`
    select ${columns} from templates t where t.workspace_id = ${workspace_id} and ${rest} and ${matching(filter)}
    order by ${order} limit ${limit + 1}`);
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return {
    data,
    next_cursor:
      rows.length > limit && last ? encodeCursor([last.name ?? "", last.language ?? "", last.id]) : null,
  };
}

type Counts = Omit<Reply<"GET /api/v1/templates/counts">, "accounts">;

/** How many there are in each state, and what one can choose among: one pass over the workspace's rows. */
export async function countTemplates(db: Queryable, workspace_id: string): Promise<Counts> {
  const rows = await db.rows<{
    status: string;
    language: string | null;
    category: string | null;
    count: number;
  }>(sql`
    select t.status, t.language, t.category, count(*)::integer as count from templates t
    where t.workspace_id = ${workspace_id} group by 1, 2, 3`);
  const drafts = await db.first<{ count: number }>(
    sql`select count(*)::integer as count from template_drafts where workspace_id = ${workspace_id}`,
  );
  const sum = (of: (status: string) => boolean) =>
    rows.reduce((total, { status, count }) => (of(status) ? total + count : total), 0);
  const named = (column: "language" | "category") =>
    [...new Set(rows.flatMap((row) => row[column] ?? []))].toSorted();
  return {
    current: sum((status) => !STATUSES.gone.includes(status)),
    approved: sum((status) => STATUSES.approved.includes(status)),
    pending: sum((status) => STATUSES.pending.includes(status)),
    attention: sum((status) => STATUSES.attention.includes(status)),
    gone: sum((status) => STATUSES.gone.includes(status)),
    drafts: drafts?.count ?? 0,
    languages: named("language"),
    categories: named("category"),
  };
}

type Told = Pick<TemplateDetail, "history" | "source">;

/** With its history: what webhooks told, and of what the list said that which was new; and what told of it last. */
export async function getTemplate(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<TemplateView & Told> {
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
  return { ...template, history: shown, source: sourceOf(history) };
}

function sourceOf(history: Awaited<ReturnType<typeof readHistory>>): Told["source"] {
  let newest: { kind: "webhook" | "list"; at: Date } | null = null;
  for (const { subject, occurred_at, last_at } of history) {
    const at = last_at ?? occurred_at;
    const kind = subject === "listed" || subject === "unlisted" ? "list" : "webhook";
    if (newest === null || at > newest.at) newest = { kind, at };
  }
  return newest && { kind: newest.kind, at: newest.at.toISOString() };
}

interface InLanguage {
  id: string;
  template_id: string;
  language: string | null;
  status: string;
}

/** All templates of a name in an account, by templates__name. */
export const languagesOf = (
  db: Queryable,
  workspace_id: string,
  { waba_id, name }: { waba_id: string; name: string | null },
): Promise<InLanguage[]> =>
  db.rows(sql`
    select t.id, t.template_id, t.language, t.status from templates t
    where t.workspace_id = ${workspace_id} and t.name = ${name} and t.waba_id = ${waba_id}
    order by t.language, t.id limit 200`);

/** When edits of it were sent that Meta has taken, newest first. */
export async function editTimes(db: Queryable, workspace_id: string, id: string): Promise<Date[]> {
  const rows = await db.rows<{ edited_at: Date }>(sql`
    select edited_at from template_edits where workspace_id = ${workspace_id} and template = ${id}
    order by edited_at desc limit 20`);
  return rows.map(({ edited_at }) => edited_at);
}

type About = Pick<TemplateDetail, "languages" | "draft_id" | "edit_problem" | "uses" | "sync" | "samples">;

/** What stands around a template on its page. */
export async function aboutTemplate(
  deps: { db: Queryable; clock: Clock; uses: readonly TemplateUse[] },
  workspace_id: string,
  { id, waba_id, name, language, status }: TemplateView,
): Promise<About> {
  const { db, clock, uses } = deps;
  const named = name === null || language === null ? [] : [{ waba_id, name, language }];
  const [others, draft, edits, used, syncs, samples] = await Promise.all([
    languagesOf(db, workspace_id, { waba_id, name }),
    db.first<{ id: string }>(
      sql`select id from template_drafts where workspace_id = ${workspace_id} and edits = ${id}`,
    ),
    editTimes(db, workspace_id, id),
    countUses(uses, db, workspace_id, named),
    listSyncs(db, clock, workspace_id),
    readSamples(db, workspace_id, id),
  ]);
  return {
    samples,
    languages: others.map(({ id, language, status }) => ({ id, language, status })),
    draft_id: draft?.id ?? null,
    edit_problem: editProblem(status, edits, clock.now()),
    uses: used,
    sync: syncs.find((each) => each.waba_id === waba_id) ?? null,
  };
}

/** What a change of the template touches, in its language or in all of them. */
export async function impactOf(
  { db, uses }: { db: Queryable; uses: readonly TemplateUse[] },
  workspace_id: string,
  id: string,
  all_languages: boolean,
): Promise<Reply<"GET /api/v1/templates/:id/impact">> {
  const { waba_id, name, ...own } = found((await templatesByIds(db, workspace_id, [id]))[0]);
  const touched = all_languages ? await languagesOf(db, workspace_id, { waba_id, name }) : [own];
  const named = touched.flatMap(({ language, status }) =>
    name === null || language === null || status === "DELETED" ? [] : [{ waba_id, name, language }],
  );
  return { templates: named.length, uses: await countUses(uses, db, workspace_id, named) };
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

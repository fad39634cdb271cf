import { isDeepStrictEqual } from "node:util";
import { newId } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";
import type { GraphTemplate } from "../meta/meta.ts";
import { lasting } from "./components.ts";
import { foldTemplates, lockTemplates, readHistory, type KeyedRow } from "./history.ts";
import { noticeStatuses } from "./status-notices.ts";
import type { TemplateUse } from "./uses.ts";

export interface Account {
  workspace_id: string;
  waba_id: string;
}

/**
 * A page of the account's list, as it was at `at`. What is said again moves the end of the row that said it before,
 * unless a whole list in between was without it (`read_at`). Pages of an account are folded in by one claim at a time,
 * in the order in which they were read.
 */
export async function takePage(
  tx: Tx,
  { workspace_id, waba_id }: Account,
  page: readonly GraphTemplate[],
  { at, read_at, uses = [] }: { at: Date; read_at: Date | null; uses?: readonly TemplateUse[] },
): Promise<LiveChange[]> {
  const said = new Map(page.map((template) => [template.id, template]));
  if (said.size === 0) return [];
  const keys = [...said.keys()].map((template_id) => ({ workspace_id, template_id }));
  const statuses = await lockTemplates(tx, keys);
  const history = await readHistory(tx, keys);
  const newest = newestListed(history);

  const again: KeyedRow[] = [];
  const added: KeyedRow[] = [];
  for (const [template_id, template] of said) {
    const { value, detail } = rowOf(template, waba_id);
    const before = newest.get(template_id);
    // Another machine's clock may be behind the one that read before.
    const said_at = later(at, before?.last_at ?? at);
    const unbroken = read_at === null || (before?.last_at ?? new Date(0)) >= read_at;
    if (before && unbroken && before.value === value && saysSame(before.detail, detail)) {
      before.last_at = said_at;
      again.push(before);
    } else {
      const row = { id: newId(), subject: "listed", value, detail, occurred_at: said_at, last_at: said_at };
      added.push({ workspace_id, template_id, ...row });
    }
  }
  await tx.run(sql`
    update template_events set last_at = greatest(last_at, ${at})
    where workspace_id = ${workspace_id} and id = any(${again.map(({ id }) => id)}::uuid[])`);
  await tx.run(sql`
    insert into template_events (workspace_id, id, template_id, subject, value, detail, occurred_at, last_at)
    select * from jsonb_to_recordset(${JSON.stringify(added)}::jsonb) as new (
      workspace_id uuid, id uuid, template_id text, subject text, value text, detail jsonb, occurred_at timestamptz,
      last_at timestamptz)
    order by workspace_id, id`);
  const { changes, moved } = await foldTemplates(tx, [...history, ...added], statuses);
  // What the first list says of a template is nothing that has happened.
  const told = moved.filter(({ before }) => before !== "UNKNOWN");
  const notices = await noticeStatuses(tx, uses, told, () => ({ at, event_id: newId(), journal_id: null }));
  return [...changes, ...notices];
}

/** The list was read to its end, beginning at `read_at`: those that were not in it may be gone. */
export async function takeEnd(
  tx: Tx,
  { workspace_id, waba_id }: Account,
  { ids, read_at }: { ids: ReadonlySet<string>; read_at: Date },
): Promise<LiveChange[]> {
  await tx.run(sql`
    update template_syncs set read_at = ${read_at}, found = ${ids.size}
    where workspace_id = ${workspace_id} and waba_id = ${waba_id}`);
  const missing = await tx.rows<{ workspace_id: string; template_id: string }>(sql`
    select workspace_id, template_id from templates
    where workspace_id = ${workspace_id} and waba_id = ${waba_id} and status <> 'DELETED'
      and template_id <> all(${[...ids]}::text[])`);
  if (missing.length === 0) return [];
  const statuses = await lockTemplates(tx, missing);
  return (await foldTemplates(tx, await readHistory(tx, missing), statuses)).changes;
}

const later = (a: Date, b: Date) => (a > b ? a : b);

function rowOf(template: GraphTemplate, waba_id: string) {
  const { name, language, status, category, quality_score, rejected_reason, parameter_format } = template;
  const components = template.components && { parameter_format, components: template.components };
  const detail = {
    name,
    language,
    category,
    reason: rejected_reason,
    quality: quality_score,
    components,
    waba_id,
  };
  return { value: status, detail: detail as Record<string, unknown> };
}

const saysSame = (a: KeyedRow["detail"], b: KeyedRow["detail"]) => isDeepStrictEqual(lasting(a), lasting(b));

/** What the list said last, by template; they are said one after the other. */
function newestListed(history: readonly KeyedRow[]): Map<string, KeyedRow> {
  const newest = new Map<string, KeyedRow>();
  for (const row of history) {
    if (row.subject !== "listed") continue;
    const other = newest.get(row.template_id);
    if (!other || isLater(row, other)) newest.set(row.template_id, row);
  }
  return newest;
}

function isLater(a: KeyedRow, b: KeyedRow): boolean {
  const ms = (a.last_at?.getTime() ?? 0) - (b.last_at?.getTime() ?? 0);
  return ms > 0 || (ms === 0 && a.id > b.id);
}

import { idOf } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import type { Applied } from "../live/live.ts";
import type { EventData } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { changesStatus, foldTemplate, type HistoryRow } from "./fold.ts";

type TemplateData = Extract<EventData, { template: unknown }>;
type TemplateNews = RoutedEvent & { template: string; data: TemplateData };

/**
 * Adds template events to their templates' history and sets each template to the fold of it. A template that was
 * never heard of becomes a stub. Its rows are locked in the order of their keys before the history is read, so two
 * transactions can't each miss the other's news.
 */
export async function applyTemplates(tx: Tx, events: readonly RoutedEvent[]): Promise<Applied> {
  const news: TemplateNews[] = [];
  const ignored: Applied["ignored"] = [];
  for (const event of events) {
    const { data } = event.event;
    if (!("template" in data)) continue;
    news.push({ ...event, data, template: templateId(event.workspace_id, data.template.template_id) });
    if (data.kind === "template_status" && !changesStatus(data.event))
      ignored.push({ id: event.id, reason: `The template event ${data.event} changes no status.` });
  }
  if (news.length === 0) return { changes: [], ignored };
  await lockTemplates(tx, news);
  await appendHistory(tx, news);
  const changed = await foldTemplates(tx, news);
  return {
    changes: changed.map(({ workspace_id, id }) => ({
      workspace_id,
      name: "TemplateStatusChanged",
      data: { template_id: id },
    })),
    ignored,
  };
}

/** The id follows from Meta's, so that a template has the same one whichever event was heard first. */
function templateId(workspace_id: string, template_id: string): string {
  return idOf(`${workspace_id}:template:${template_id}`);
}

async function lockTemplates(tx: Tx, news: readonly TemplateNews[]): Promise<void> {
  await tx.run(sql`
    insert into templates (workspace_id, id, template_id, waba_id)
    select distinct workspace_id, id, template_id, '' from unnest(
      ${news.map((one) => one.workspace_id)}::uuid[], ${news.map((one) => one.template)}::uuid[],
      ${news.map((one) => one.data.template.template_id)}::text[]) as new (workspace_id, id, template_id)
    order by workspace_id, id
    on conflict do nothing`);
  await tx.run(sql`
    select from templates
    where (workspace_id, id) in (select * from unnest(
      ${news.map((one) => one.workspace_id)}::uuid[], ${news.map((one) => one.template)}::uuid[]))
    order by workspace_id, id for update`);
}

async function appendHistory(tx: Tx, news: readonly TemplateNews[]): Promise<void> {
  const rows = news.map(({ workspace_id, id, data, event, occurred_at }) => {
    const { template_id, name, language } = data.template;
    const detail = { ...data, kind: undefined, template: undefined, name, language, waba_id: event.waba_id };
    return { workspace_id, id, template_id, ...subjectOf(data), detail, occurred_at };
  });
  await tx.run(sql`
    insert into template_events (workspace_id, id, template_id, subject, value, detail, occurred_at)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as new (
      workspace_id uuid, id uuid, template_id text, subject text, value text, detail jsonb, occurred_at timestamptz)
    order by workspace_id, id
    on conflict do nothing`);
}

function subjectOf(data: TemplateData): { subject: string; value: string | null } {
  switch (data.kind) {
    case "template_status":
      return { subject: "status", value: data.event };
    case "template_quality":
      return { subject: "quality", value: data.quality };
    case "template_category":
      return { subject: "category", value: data.category };
    case "template_components":
      return { subject: "components", value: null };
  }
}

/** By template_events__template_id. Returns the templates that are no longer what they were. */
async function foldTemplates(
  tx: Tx,
  news: readonly TemplateNews[],
): Promise<{ workspace_id: string; id: string }[]> {
  const history = await tx.rows<HistoryRow & { workspace_id: string; template_id: string }>(sql`
    select workspace_id, template_id, id, subject, value, detail, occurred_at from template_events
    where (workspace_id, template_id) in (select * from unnest(
      ${news.map((one) => one.workspace_id)}::uuid[], ${news.map((one) => one.data.template.template_id)}::text[]))`);
  const byTemplate = new Map<string, typeof history>();
  for (const row of history) {
    const id = templateId(row.workspace_id, row.template_id);
    const rows = byTemplate.get(id);
    if (rows) rows.push(row);
    else byTemplate.set(id, [row]);
  }
  const states = [...byTemplate].map(([id, rows]) => {
    return { workspace_id: rows[0]!.workspace_id, id, ...foldTemplate(rows) };
  });
  return tx.rows(sql`
    with state as (
      select * from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as state (
        workspace_id uuid, id uuid, waba_id text, name text, language text, category text, category_at timestamptz,
        correct_category text, status text, status_at timestamptz, reason text, recommendation text, pause_title text,
        pause_description text, disable_date text, quality text, quality_at timestamptz, components jsonb,
        components_at timestamptz)
    )
    update templates as template set
      waba_id = state.waba_id, name = state.name, language = state.language, category = state.category,
      category_at = state.category_at, correct_category = state.correct_category, status = state.status,
      status_at = state.status_at, reason = state.reason, recommendation = state.recommendation,
      pause_title = state.pause_title, pause_description = state.pause_description,
      disable_date = state.disable_date, quality = state.quality, quality_at = state.quality_at,
      components = state.components, components_at = state.components_at, updated_at = now()
    from state
    where template.workspace_id = state.workspace_id and template.id = state.id
      and (template.waba_id, template.name, template.language, template.category, template.category_at,
        template.correct_category, template.status, template.status_at, template.reason, template.recommendation,
        template.pause_title, template.pause_description, template.disable_date, template.quality,
        template.quality_at, template.components, template.components_at)
      is distinct from (state.waba_id, state.name, state.language, state.category, state.category_at,
        state.correct_category, state.status, state.status_at, state.reason, state.recommendation,
        state.pause_title, state.pause_description, state.disable_date, state.quality, state.quality_at,
        state.components, state.components_at)
    returning template.workspace_id, template.id`);
}

import { idOf } from "../base/base.ts";
import { rowsOf, sql, type Queryable, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";
import { isListed } from "./components.ts";
import { foldTemplate, type HistoryRow } from "./fold.ts";

export interface TemplateKey {
  workspace_id: string;
  /** Meta's id. */
  template_id: string;
}
export type KeyedRow = HistoryRow & TemplateKey;

/** The id follows from Meta's, so that a template has the same one whichever event was heard first. */
export function templateId({ workspace_id, template_id }: TemplateKey): string {
  return idOf(`${workspace_id}:template:${template_id}`);
}

/**
 * A template that was never heard of becomes a stub. Its rows are locked in the order of their keys before the history
 * is read, so two transactions can't each miss the other's news. Answers what their statuses are before that.
 */
export async function lockTemplates(tx: Tx, keys: readonly TemplateKey[]): Promise<Statuses> {
  const rows = keys.map((key) => ({ ...key, id: templateId(key) }));
  await tx.run(sql`
    insert into templates (workspace_id, id, template_id, waba_id)
    select distinct workspace_id, id, template_id, ''
    from ${rowsOf(rows, { workspace_id: "uuid", id: "uuid", template_id: "text" })}
    order by workspace_id, id
    on conflict do nothing`);
  const locked = await tx.rows<{ id: string; status: string }>(sql`
    select id, status from templates
    where (workspace_id, id) in (select * from ${rowsOf(rows, { workspace_id: "uuid", id: "uuid" })})
    order by workspace_id, id for update`);
  return new Map(locked.map(({ id, status }) => [id, status]));
}

/** The statuses of templates before they are folded, by our ids. */
type Statuses = ReadonlyMap<string, string>;

/** By template_events__template_id. */
export function readHistory(db: Queryable, keys: readonly TemplateKey[]): Promise<KeyedRow[]> {
  return db.rows<KeyedRow>(sql`
    select workspace_id, template_id, id, subject, value, detail, occurred_at, last_at from template_events
    where (workspace_id, template_id) in (
      select * from ${rowsOf(keys, { workspace_id: "uuid", template_id: "text" })})`);
}

/** What changed of templates, and which workspaces to tell. */
export interface Folded {
  changes: LiveChange[];
  /** Those that Meta's list can tell more of than is known. */
  poor: { workspace_id: string; waba_id: string }[];
  /** Those whose status is another one, with the one before. */
  moved: (State & { before: string })[];
}

/** Sets each template to the fold of its history; of those that are no longer what they were one is told. */
export async function foldTemplates(tx: Tx, history: readonly KeyedRow[], before: Statuses): Promise<Folded> {
  const byTemplate = new Map<string, KeyedRow[]>();
  for (const row of history) {
    const id = templateId(row);
    const rows = byTemplate.get(id);
    if (rows) rows.push(row);
    else byTemplate.set(id, [row]);
  }
  const read_at = await readListTimes(tx, history);
  const states = [...byTemplate].map(([id, rows]) => {
    const { workspace_id, template_id } = rows[0]!;
    const state = foldTemplate(rows, (waba_id) => read_at.get(`${workspace_id} ${waba_id}`) ?? null);
    return { workspace_id, id, template_id, ...state };
  });
  const changed = new Set((await writeStates(tx, states)).map(({ id }) => id));
  await noteUnlisted(
    tx,
    states.filter(({ id }) => changed.has(id)),
  );
  return {
    changes: states.flatMap(({ workspace_id, id }) =>
      changed.has(id) ? [{ workspace_id, name: "TemplateStatusChanged", data: { template_id: id } }] : [],
    ),
    poor: states.filter(
      ({ waba_id, status, name, components }) =>
        waba_id !== "" &&
        status !== "DELETED" &&
        (name === null || components === null || !isListed(components)),
    ),
    moved: states
      .map((state) => ({ ...state, before: before.get(state.id) ?? "UNKNOWN" }))
      .filter(({ id, status, before: old }) => changed.has(id) && status !== old),
  };
}

/** When the lists of these workspaces were last read to their ends, by workspace and account. */
async function readListTimes(tx: Tx, keys: readonly TemplateKey[]): Promise<Map<string, Date>> {
  const workspace_ids = [...new Set(keys.map(({ workspace_id }) => workspace_id))];
  const rows = await tx.rows<{ workspace_id: string; waba_id: string; read_at: Date }>(sql`
    select workspace_id, waba_id, read_at from template_syncs
    where workspace_id = any(${workspace_ids}::uuid[]) and read_at is not null`);
  return new Map(rows.map(({ workspace_id, waba_id, read_at }) => [`${workspace_id} ${waba_id}`, read_at]));
}

type State = ReturnType<typeof foldTemplate> & TemplateKey & { id: string };

/** Returns the templates that are no longer what they were. */
function writeStates(tx: Tx, states: readonly State[]): Promise<{ id: string }[]> {
  return tx.rows(sql`
    with state as (
      select * from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as state (
        workspace_id uuid, id uuid, waba_id text, name text, language text, category text, category_at timestamptz,
        correct_category text, status text, status_at timestamptz, reason text, reason_details text, recommendation text, pause_title text,
        pause_description text, disable_date text, quality text, quality_at timestamptz, components jsonb,
        components_at timestamptz)
    )
    update templates as template set
      waba_id = state.waba_id, name = state.name, language = state.language, category = state.category,
      category_at = state.category_at, correct_category = state.correct_category, status = state.status,
      status_at = state.status_at, reason = state.reason,
      reason_details = state.reason_details, recommendation = state.recommendation,
      pause_title = state.pause_title, pause_description = state.pause_description,
      disable_date = state.disable_date, quality = state.quality, quality_at = state.quality_at,
      components = state.components, components_at = state.components_at, updated_at = now()
    from state
    where template.workspace_id = state.workspace_id and template.id = state.id
      and (template.waba_id, template.name, template.language, template.category, template.category_at,
        template.correct_category, template.status, template.status_at, template.reason, template.reason_details,
        template.recommendation,
        template.pause_title, template.pause_description, template.disable_date, template.quality,
        template.quality_at, template.components, template.components_at)
      is distinct from (state.waba_id, state.name, state.language, state.category, state.category_at,
        state.correct_category, state.status, state.status_at, state.reason, state.reason_details, state.recommendation,
        state.pause_title, state.pause_description, state.disable_date, state.quality, state.quality_at,
        state.components, state.components_at)
    returning template.id`);
}

/** For people to read: once for each time that a template was last heard of. */
async function noteUnlisted(tx: Tx, states: readonly State[]): Promise<void> {
  const rows = states
    .filter(({ unlisted_at }) => unlisted_at !== null)
    .map(({ workspace_id, id, template_id, unlisted_at, status_at }) => ({
      workspace_id,
      id: idOf(`${workspace_id}:${id}:unlisted:${status_at?.getTime()}`),
      template_id,
      occurred_at: unlisted_at,
    }));
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into template_events (workspace_id, id, template_id, subject, detail, occurred_at)
    select workspace_id, id, template_id, 'unlisted', '{}', occurred_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as new (
      workspace_id uuid, id uuid, template_id text, occurred_at timestamptz)
    order by workspace_id, id
    on conflict do nothing`);
}

import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import {
  anywhere,
  beforeId,
  found,
  iso,
  sql,
  toListById,
  type List,
  type Page,
  type Queryable,
} from "../../db/db.ts";
import { type Totals, readCounts, readTotals, retryableIn, sumOf, totalsOf } from "../counts/counts.ts";
import type { CampaignRow, CampaignState } from "./campaign-row.ts";
import { readTemplates, type CampaignTemplates } from "./campaign-templates.ts";
import { canarySoFar } from "./canary-words.ts";
import { listOf, textOf } from "../../template-rules/template-rules.ts";
import { partsOf } from "./template-places.ts";

type Listed = z.infer<typeof shapes.ListedCampaign>;
type Campaign = shapes.Campaign;

/** Of a campaign's row and what it names. */
interface ViewRow {
  id: string;
  name: string;
  state: CampaignState;
  hold: shapes.Hold | null;
  stalled: string | null;
  schedule: Campaign["schedule"];
  limited_retry: Campaign["limited_retry"];
  phone_number: Listed["phone_number"];
  template: Listed["template"];
  components: Record<string, unknown> | null;
  template_group: Listed["template_group"];
  user: Listed["user"];
  archived: boolean;
  starts_at: string | null;
  started_at: string | null;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
}

/** How long a campaign may be due without a process that takes it up. */
const UNATTENDED = sql`interval '60 seconds'`;

/** Each by the keys of what it names; its template by templates__name, in the account of its number. */
const viewColumns = sql`
  c.id, c.name, c.state, c.hold,
  case when c.state = 'RUNNING' then coalesce(c.stalled, case when w.next_step_at < now() - ${UNATTENDED} then
    'No process of Wharf takes it up. Check that Wharf runs with the role “sending”.' end) end as stalled,
  c.schedule, c.limited_retry,
  case when n.id is not null then json_build_object('id', n.id,
    'display', coalesce(n.display_phone_number, n.phone_number_id)) end as phone_number,
  case when c.template_name is not null then json_build_object('id', t.id, 'name', c.template_name,
    'language', c.template_language, 'status', t.status, 'category', t.category) end as template, t.components,
  case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as template_group,
  case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as "user",
  c.archived_at is not null as archived, ${iso(sql`c.starts_at`)} as starts_at, ${iso(sql`c.started_at`)} as started_at,
  ${iso(sql`c.completed_at`)} as completed_at, ${iso(sql`c.created_at`)} as created_at, ${iso(sql`c.updated_at`)} as updated_at`;
const viewTables = sql`campaigns c
  left join campaign_work w on w.workspace_id = c.workspace_id and w.campaign_id = c.id
  left join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
  left join template_groups g on g.workspace_id = c.workspace_id and g.id = c.template_group_id
  left join users u on u.id = c.user_id
  left join lateral (
    select t.id, t.status, t.category, t.components from templates t
    where t.workspace_id = c.workspace_id and t.name = c.template_name and t.language = c.template_language
      and t.status <> 'DELETED' and t.waba_id = coalesce(n.waba_id, t.waba_id)
    order by t.id limit 1) t on true`;

/** Newest first, by campaigns__listed where archived ones are left out. */
export async function listCampaigns(
  db: Queryable,
  workspace_id: string,
  query: Page & {
    state?: CampaignState | undefined;
    search?: string | undefined;
    archived: "true" | "false";
  },
): Promise<List<Listed>> {
  const { state, search, archived, cursor, limit } = query;
  const rows = await db.rows<ViewRow>(sql`
    select ${viewColumns} from ${viewTables}
    where c.workspace_id = ${workspace_id} and ${archived === "true" ? sql`c.archived_at is not null` : sql`c.archived_at is null`}
      and ${state === undefined ? sql`true` : sql`c.state = ${state}`}
      and ${search === undefined ? sql`true` : sql`c.name ilike ${anywhere(search)}`} and ${beforeId(sql`c.id`, cursor)}
    order by c.id desc limit ${limit + 1}`);
  const { data, next_cursor } = toListById(rows, limit);
  const totals = await readTotals(
    db,
    workspace_id,
    data.map(({ id }) => id),
  );
  return { data: data.map((row) => listedOf(row, totals.get(row.id)!)), next_cursor };
}

function listedOf(row: ViewRow, totals: Totals, templates: CampaignTemplates | null = null): Listed {
  const { components, schedule: _s, limited_retry: _l, ...shown } = row;
  return {
    ...shown,
    waits: waitOf(row, totals.now),
    outcome: outcomeOf(row, totals.now),
    type: typeOf(
      row.template?.category ?? templates?.members[0]?.category ?? null,
      components ?? templates?.members[0]?.components ?? null,
    ),
    counts: totals.reached,
  };
}

/** For what a campaign that runs waits by itself; null: it sends, or does not run. */
export function waitOf(
  { state, schedule, limited_retry }: Pick<ViewRow, "state" | "schedule" | "limited_retry">,
  now: shapes.Now,
): Listed["waits"] {
  if (state !== "RUNNING" || now.queued > 0) return null;
  if (now.waiting > 0)
    return schedule.kind === "local"
      ? { for: "local_time", people: now.waiting, until: null, time: schedule.time }
      : null;
  if (limited_retry === null || now.limited === 0) return null;
  return { for: "limited_retry", people: now.limited, until: limited_retry.until, time: null };
}

/** Derived, never kept: what has become of those who were tried. */
export function outcomeOf(
  { state, started_at }: Pick<ViewRow, "state" | "started_at">,
  now: shapes.Now,
): Listed["outcome"] {
  if (started_at === null) return null;
  const ok = now.submitted + now.sent + now.delivered + now.read + now.played;
  const others = now.failed + now.limited + now.unconfirmed + now.cancelled + now.waiting + now.queued;
  if (ok > 0) return others === 0 ? "SENT" : "PARTIALLY_SENT";
  return state === "COMPLETED" || state === "CANCELLED" ? "FAILED" : "PENDING";
}

const PRODUCTS = ["CATALOG", "MPM", "SPM", "VIEW_PRODUCT"];
function typeOf(category: string | null, components: Record<string, unknown> | null): Listed["type"] {
  const parts = partsOf(components);
  const buttons = parts.flatMap((part) => listOf(part["buttons"]));
  if (buttons.some((button) => PRODUCTS.includes(textOf(button["type"]).toUpperCase()))) return "CATALOG";
  if (category === null) return null;
  return category.toUpperCase() === "MARKETING" ? "PROMOTIONAL" : "INFORMATIONAL";
}

interface DetailRow extends ViewRow {
  variables: Campaign["variables"];
  audience: Campaign["audience"];
  rate_per_min: number | null;
  canary: Campaign["canary"];
  breaker: Campaign["breaker"];
  track_clicks: boolean;
  approval: Campaign["approval"];
  added: number;
  excluded_numbers: number;
  columns: string[];
  preparing: { done: number; of: number | null } | null;
}
/** Of how many of those who were added the columns are looked up. */
const COLUMNS_OF = 1_000;

/** Throws NOT_FOUND. */
export async function getCampaign(db: Queryable, workspace_id: string, id: string): Promise<Campaign> {
  const person = (key: string) => sql`(select json_build_object('id', p.id, 'name', p.name) from users p
    where p.id = (c.approval ->> ${key}::text)::uuid)`;
  const row = found(
    await db.first<DetailRow & TemplateKey>(sql`
      select ${viewColumns}, c.workspace_id, c.phone_number_id, c.template_name, c.template_language, c.template_group_id,
        c.variables, c.audience, c.rate_per_min, c.canary, c.breaker, c.track_clicks,
        case when c.approval is not null then json_build_object('requested_by', ${person("requested_by")},
          'requested_at', c.approval -> 'requested_at', 'approved_by', ${person("approved_by")},
          'approved_at', c.approval -> 'approved_at') end as approval,
        (select count(*)::integer from campaign_additions a where a.workspace_id = c.workspace_id and a.campaign_id = c.id) as added,
        (select count(*)::integer from campaign_exclusions x
          where x.workspace_id = c.workspace_id and x.campaign_id = c.id and x.given) as excluded_numbers,
        array(select distinct column_name from (
          select a."values" from campaign_additions a where a.workspace_id = c.workspace_id and a.campaign_id = c.id
          limit ${COLUMNS_OF}) few cross join lateral jsonb_object_keys(few."values") as column_name order by 1) as columns,
        case when c.state = 'RUNNING' and c.prepared_at is null then
          json_build_object('done', coalesce((w.place ->> 'written')::integer, 0), 'of', (w.place ->> 'of')::integer) end as preparing
      from ${viewTables} where c.workspace_id = ${workspace_id} and c.id = ${id}`),
  );
  const {
    workspace_id: _w,
    phone_number_id,
    template_name,
    template_language,
    template_group_id,
    ...shown
  } = row;
  const key = { workspace_id, phone_number_id, template_name, template_language, template_group_id };
  const templates = template_group_id === null ? null : await readTemplates(db, key);
  const counts = (await readCounts(db, workspace_id, [id])).get(id)!;
  const totals = totalsOf(counts);
  const { components: _, ...settings } = shown;
  const listed = listedOf(shown, totals, templates);
  const hold =
    listed.hold?.reason === "canary" && listed.hold.code === null && row.canary !== null
      ? canarySoFar(listed.hold, row.canary.wait_min, totals.now)
      : listed.hold;
  return { ...settings, ...listed, hold, now: totals.now, retryable: sumOf(retryableIn(counts)) };
}

type TemplateKey = Pick<
  CampaignRow,
  "workspace_id" | "phone_number_id" | "template_name" | "template_language" | "template_group_id"
>;

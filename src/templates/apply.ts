import { rowsOf, sql, type Tx } from "../db/db.ts";
import type { Applied } from "../live/live.ts";
import type { EventData } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { changesStatus } from "./fold.ts";
import { foldTemplates, lockTemplates, readHistory, type TemplateKey } from "./history.ts";
import { noticeStatuses, type Told } from "./status-notices.ts";
import type { TemplateUse } from "./uses.ts";

type TemplateData = Extract<EventData, { template: unknown }>;
type TemplateNews = RoutedEvent & { template_id: string; data: TemplateData };

/** How soon the list is read after a webhook left something open: what comes meanwhile needs no further reading. */
const SOON_MS = 2_000;

/**
 * Adds template events to their templates' history and sets each template to the fold of it. Locks the accounts' rows
 * of template_syncs first: a list that is read to its end at this very moment must see these templates, or be seen.
 */
export const createApplyTemplates =
  ({ uses }: { uses: readonly TemplateUse[] }) =>
  (tx: Tx, events: readonly RoutedEvent[]): Promise<Applied> =>
    applyEvents(tx, events, uses);

/** The same, where nothing uses templates. */
export const applyTemplates = createApplyTemplates({ uses: [] });

async function applyEvents(
  tx: Tx,
  events: readonly RoutedEvent[],
  uses: readonly TemplateUse[],
): Promise<Applied> {
  const news: TemplateNews[] = [];
  const ignored: Applied["ignored"] = [];
  for (const event of events) {
    const { data } = event.event;
    if (!("template" in data)) continue;
    news.push({ ...event, data, template_id: data.template.template_id });
    if (data.kind === "template_status" && !changesStatus(data.event))
      ignored.push({ id: event.id, reason: `The template event ${data.event} changes no status.` });
  }
  if (news.length === 0) return { changes: [], ignored };
  await lockSyncs(tx, news);
  const before = await lockTemplates(tx, news);
  await appendHistory(tx, news);
  const { changes, poor, moved } = await foldTemplates(tx, await readHistory(tx, news), before);
  const notices = await noticeStatuses(tx, uses, moved, (template) => toldBy(news, template));
  // What is approved anew may say something else than before.
  const approved = news.flatMap(({ workspace_id, data, event: { waba_id } }) =>
    data.kind === "template_status" && data.event === "APPROVED" && waba_id !== null
      ? [{ workspace_id, waba_id }]
      : [],
  );
  await readSoon(tx, [...poor, ...approved]);
  return { changes: [...changes, ...notices], ignored };
}

/** The event that its status is by: the newest of these. */
function toldBy(news: readonly TemplateNews[], { workspace_id, template_id }: TemplateKey): Told {
  const own = news.filter((each) => each.workspace_id === workspace_id && each.template_id === template_id);
  const newest = own.reduce((a, b) => (b.occurred_at > a.occurred_at ? b : a));
  return { at: newest.occurred_at, event_id: newest.id, journal_id: newest.journal_id };
}

const ACCOUNT = { workspace_id: "uuid", waba_id: "text" } as const;

async function lockSyncs(tx: Tx, news: readonly TemplateNews[]): Promise<void> {
  const accounts = news.map(({ workspace_id, event }) => ({ workspace_id, waba_id: event.waba_id }));
  await tx.run(sql`
    select from template_syncs
    where (workspace_id, waba_id) in (select * from ${rowsOf(accounts, ACCOUNT)})
    order by workspace_id, waba_id for no key update`);
}

async function appendHistory(tx: Tx, news: readonly TemplateNews[]): Promise<void> {
  const rows = news.map(({ workspace_id, id, template_id, data, event, occurred_at }) => {
    const { name, language } = data.template;
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

/** The accounts' lists are read within seconds. */
export async function readSoon(tx: Tx, accounts: readonly { workspace_id: string; waba_id: string }[]) {
  if (accounts.length === 0) return;
  await tx.run(sql`
    update template_syncs set next_at = least(next_at, now() + ${SOON_MS} * interval '1 ms')
    where (workspace_id, waba_id) in (select * from ${rowsOf(accounts, ACCOUNT)})`);
}

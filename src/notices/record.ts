import { idOf, winners } from "../base/base.ts";
import { rowsOf, sql, type Tx } from "../db/db.ts";
import { NOTICE_KINDS, type NoticeKind } from "./kinds.ts";
import type { LiveChange } from "../live/live.ts";

export interface NewNotice {
  workspace_id: string;
  /** What makes two of them the same situation. */
  key: string;
  kind: NoticeKind;
  severity: "info" | "warning" | "critical";
  title: string;
  detail: string | null;
  resolved: boolean;
  /** How it ends without another word about it: at a time, or by what `recordEnds` names; what it says then (null: its title). */
  end: { until_ms: number | null; by: string | null; title: string | null } | null;
  waba_id: string | null;
  display_phone_number: string | null;
  at_ms: number;
  /** Of two in one second the greater counts as the newer. */
  rank: number;
  event_id: string;
  /** Null: no webhook told it. */
  journal_id: string | null;
  /** To one of those who work here (null: to all), and about a contact, who takes it along when they are erased. */
  about?: { user_id: string | null; contact_id: string; conversation_id: string | null };
}

const COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  key: "text",
  kind: "text",
  severity: "text",
  title: "text",
  detail: "text",
  resolved: "boolean",
  waba_id: "text",
  display_phone_number: "text",
  occurred_at: "timestamptz",
  rank: "integer",
  event_id: "uuid",
  journal_id: "uuid",
  until: "timestamptz",
  ended_by: "text",
  ended_title: "text",
  user_id: "uuid",
  contact_id: "uuid",
  conversation_id: "uuid",
} as const;
const columnsOf = ({ at_ms, end, about, ...notice }: NewNotice & { id: string }) => ({
  ...notice,
  occurred_at: at_ms,
  until: end?.until_ms ?? null,
  ended_by: end?.by ?? null,
  ended_title: end?.title ?? null,
  user_id: about?.user_id ?? null,
  contact_id: about?.contact_id ?? null,
  conversation_id: about?.conversation_id ?? null,
});

/** Records the newest word of each situation, in the order of their ids; answers what has changed. */
export async function recordNotices(tx: Tx, told: readonly NewNotice[]): Promise<LiveChange[]> {
  const named = told.map((one) => ({ ...one, id: idOf(`${one.workspace_id}:notice:${one.key}`) }));
  const rows = winners(named, ({ workspace_id, id }) => `${workspace_id} ${id}`, isNewer);
  if (rows.length === 0) return [];
  const changed = await tx.rows<{ workspace_id: string; id: string }>(sql`
    insert into notices as n (workspace_id, id, key, kind, severity, title, detail, resolved, waba_id, display_phone_number,
      occurred_at, rank, event_id, journal_id, until, ended_by, ended_title, user_id, contact_id, conversation_id)
    select workspace_id, id, key, kind, severity, title, detail, resolved, waba_id, display_phone_number, occurred_at,
      rank::smallint, event_id, journal_id, until, ended_by, ended_title,
      user_id, contact_id, conversation_id
    from ${rowsOf(rows.map(columnsOf), COLUMNS)}
    on conflict (workspace_id, id) do update set
      severity = excluded.severity, title = excluded.title, detail = excluded.detail, resolved = excluded.resolved,
      waba_id = excluded.waba_id, display_phone_number = excluded.display_phone_number, occurred_at = excluded.occurred_at,
      rank = excluded.rank, event_id = excluded.event_id, journal_id = excluded.journal_id,
      until = excluded.until, ended_by = excluded.ended_by, ended_title = excluded.ended_title
    where (excluded.occurred_at, excluded.rank, excluded.event_id) > (n.occurred_at, n.rank, n.event_id)
    returning n.workspace_id, n.id`);
  await queueMails(tx, changed);
  return changed.map(updated);
}

/** Something that ends notices, whenever they are told: those that are no newer than it. */
export interface NoticeEnd {
  workspace_id: string;
  name: string;
  at_ms: number;
}

/** Records the newest of each name, in their order; answers which notices may be over by it. */
export async function recordEnds(tx: Tx, ends: readonly NoticeEnd[]): Promise<LiveChange[]> {
  const rows = winners(
    ends,
    ({ workspace_id, name }) => `${workspace_id} ${name}`,
    (a, b) => a.at_ms > b.at_ms,
  );
  if (rows.length === 0) return [];
  const over = await tx.rows<{ workspace_id: string; id: string }>(sql`
    with newest as (
      insert into notice_ends as e (workspace_id, name, ended_at)
      select * from ${rowsOf(rows, { workspace_id: "uuid", name: "text", at_ms: "timestamptz" })}
      on conflict (workspace_id, name) do update set ended_at = excluded.ended_at where excluded.ended_at > e.ended_at
      returning *)
    select n.workspace_id, n.id from newest e
    join notices n on n.workspace_id = e.workspace_id and n.ended_by = e.name and n.occurred_at <= e.ended_at`);
  return over.map(updated);
}

/** For those who want to be told of the kind by email: without a word of theirs, owners of everything that is no mere news. */
async function queueMails(tx: Tx, changed: readonly { workspace_id: string; id: string }[]): Promise<void> {
  if (changed.length === 0) return;
  const sorted = changed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await tx.run(sql`
    insert into notice_mails (workspace_id, user_id, notice_id)
    select n.workspace_id, m.user_id, n.id
    from ${rowsOf(sorted, { workspace_id: "uuid", id: "uuid" }, "told")}
    join notices n on n.workspace_id = told.workspace_id and n.id = told.id
    join members m on m.workspace_id = n.workspace_id
    left join notice_preferences p on p.workspace_id = m.workspace_id and p.user_id = m.user_id
    where n.severity <> 'info' and m.deactivated_at is null and (n.user_id is null or n.user_id = m.user_id)
      and n.kind = any(coalesce(p.kinds, case when m.role = 'owner' then ${NOTICE_KINDS}::text[] end))
    order by m.user_id, n.id
    on conflict (workspace_id, user_id, notice_id) do update set queued_at = excluded.queued_at`);
}

const updated = ({ workspace_id, id: notice_id }: { workspace_id: string; id: string }): LiveChange => ({
  workspace_id,
  name: "NoticeUpdated",
  data: { notice_id },
});

/** By Meta's clock, of two in one second by rank; whatever the order in which they come. */
export function isNewer(
  a: Pick<NewNotice, "at_ms" | "rank" | "event_id">,
  b: Pick<NewNotice, "at_ms" | "rank" | "event_id">,
): boolean {
  return (a.at_ms - b.at_ms || a.rank - b.rank || (a.event_id < b.event_id ? -1 : 1)) > 0;
}

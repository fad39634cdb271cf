import { rowsOf, sql, type Tx } from "../db/db.ts";
import type { Applied, BatchFacts } from "../live/change.ts";
import type { RoutedEvent } from "../meta/routed.ts";

const ANSWERED = ["STOP_KEYWORD", "BUTTON", "DOUBLE_OPT_IN"];

/**
 * A STOP, or a yes to a double opt-in, is answered where the workspace says so: once, by the statement that changed what is
 * known of the person, and not by those that repeat it. Runs behind the inbox, which has folded the statements.
 */
export async function applyConsent(
  tx: Tx,
  _events: readonly RoutedEvent[],
  { stated }: Readonly<Pick<BatchFacts, "stated">>,
): Promise<Applied> {
  const due = stated.filter(({ source }) => ANSWERED.includes(source));
  if (due.length === 0) return { changes: [], ignored: [] };
  const added = await tx.rows(sql`
    insert into consent_messages (workspace_id, event_id, kind, identity_kind, identity_value)
    select e.workspace_id, e.id, answer.kind, e.identity_kind, e.identity_value
    from ${rowsOf(due, { workspace_id: "uuid", event_id: "uuid", contact_id: "uuid" })}
    join consent_settings s on s.workspace_id = due.workspace_id
    join consent_events e on e.workspace_id = due.workspace_id and e.id = due.event_id
    join contacts c on c.workspace_id = due.workspace_id and c.id = due.contact_id and c.marketing_event = e.id
    cross join lateral (
      select case when e.source = 'DOUBLE_OPT_IN' and s.confirm_reply is not null then 'confirm_reply'
        when e.state = 'UNSUBSCRIBED' and s.stop_reply is not null then 'stop_reply' end as kind) answer
    where answer.kind is not null and coalesce((
      select p.state from contact_identities own
      join consent_events p on (p.workspace_id, p.identity_kind, p.identity_value) = (own.workspace_id, own.kind, own.value)
      where own.workspace_id = c.workspace_id and own.contact_id = c.id and p.id <> e.id and p.voided_reason is null
        and p.occurred_at <= e.occurred_at
      order by p.occurred_at desc, p.id desc limit 1), 'UNKNOWN') <> e.state
    order by 1, 2 on conflict do nothing
    returning event_id`);
  if (added.length > 0) await tx.run(sql`select pg_notify('consent', '')`);
  return { changes: [], ignored: [] };
}

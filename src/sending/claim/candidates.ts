import { named, sql, type Tx } from "../../db/db.ts";
import { marketingStateOf, windowExpiresAt } from "../../inbox/inbox.ts";
import type { OutgoingContent } from "../../meta/meta.ts";
import { stillRefused } from "../number-views.ts";
import type { SendError } from "../send-error.ts";
import type { NumberKey } from "./numbers-due.ts";

/** A due message, with what decides whether it may still go. */
export interface Candidate {
  workspace_id: string;
  id: string;
  priority: number;
  to_kind: "wa_id" | "bsuid" | "group";
  to_value: string;
  content: OutgoingContent;
  context_wamid: string | null;
  template_name: string | null;
  template_language: string | null;
  /** Requests begun since a person last asked for it. */
  tries: number;
  /** null: no contact is known by this number or id any more. */
  contact_id: string | null;
  marketing_state: string | null;
  window_expires_at: Date | null;
  /** Of a template: null when Wharf does not know it. */
  category: string | null;
  refusal: SendError | null;
  asked_at: Date;
}

/**
 * By sends__due. Of the messages to one person the first alone: one that is being sent, one that was queued before it with
 * its priority, and one of a higher priority that is due go first. A template that is held goes before none.
 */
export function readCandidates(
  tx: Tx,
  number: NumberKey,
  how: { slots: number; people_only: boolean; holds_templates: boolean },
  now: Date,
): Promise<Candidate[]> {
  const { slots, people_only, holds_templates } = how;
  const due = (level: number) => sql`(
    select d.* from sends d
    where d.workspace_id = ${number.workspace_id} and d.phone_number_id = ${number.id} and d.state = 'queued'
      and d.priority = ${level} and d.next_attempt_at <= ${now} and (d.template_name is null or not ${holds_templates}::boolean)
      and not exists (
        select from sends e
        where e.workspace_id = d.workspace_id and e.phone_number_id = d.phone_number_id and e.to_value = d.to_value
          and e.state in ('queued', 'sending') and e.id <> d.id
          and (e.state = 'sending' or not e.deferred and (e.template_name is null or not ${holds_templates}::boolean) and (
            e.priority = d.priority and e.id < d.id
            or e.priority < d.priority and e.next_attempt_at <= ${now}))
        -- Asked row by row: joined, it would be planned by what statistics say of the queue.
        offset 0)
    order by d.next_attempt_at, d.id limit ${slots} for update of d skip locked)`;
  return tx.rows<Candidate>(named(people_only ? "sending people" : "sending candidates")`
    with due as materialized (select * from (
      select * from ${due(0)} people ${
        people_only
          ? sql``
          : sql`union all select * from ${due(1)} automations union all select * from ${due(2)} campaigns`
      }
    ) every order by priority, next_attempt_at, id limit ${slots})
    select distinct on (d.priority, d.next_attempt_at, d.id) d.workspace_id, d.id, d.priority, d.to_kind, d.to_value, d.content,
      d.context_wamid, d.template_name, d.template_language, d.tries, d.asked_at, ct.id as contact_id,
      case when d.to_kind = 'group' then ${marketingStateOf(sql`ct`)} else ct.marketing_state end as marketing_state,
      ${windowExpiresAt(sql`v`)} as window_expires_at, t.category, r.error as refusal
    from due d
    join phone_numbers n on n.workspace_id = d.workspace_id and n.id = d.phone_number_id
    left join contact_identities i on i.workspace_id = d.workspace_id and i.kind = d.to_kind and i.value = d.to_value
    left join contacts ct on ct.workspace_id = i.workspace_id and ct.id = i.contact_id
    left join conversations v on v.workspace_id = ct.workspace_id and v.contact_id = ct.id
      and v.phone_number_id = d.phone_number_id
    left join templates t on t.workspace_id = d.workspace_id and t.name = d.template_name
      and t.language = d.template_language and t.waba_id = n.waba_id and t.status <> 'DELETED'
    left join template_refusals r on r.workspace_id = d.workspace_id and r.waba_id = n.waba_id
      and r.name = d.template_name and r.language = d.template_language
      and ${stillRefused(sql`r`, sql`t`)}
    order by d.priority, d.next_attempt_at, d.id`);
}

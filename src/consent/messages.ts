import type { Problem } from "../base/base.ts";
import { rowsOf, sql, type Database, type Tx } from "../db/db.ts";
import { CONFIRM_PAYLOAD } from "../inbox/inbox.ts";
import { publish, type LiveChange } from "../live/live.ts";
import type { OutgoingContent } from "../meta/meta.ts";
import type { ConsentSettings } from "./settings.ts";

/** A message into a conversation, or from one of our numbers to a person. */
export type WantedMessage = { workspace_id: string; source: "AUTOMATION"; content: OutgoingContent } & (
  | { conversation_id: string }
  | { from: string; to: string }
);

/** Puts messages into the queue of their numbers: the sending module's, which consent does not know. */
export type Queue = (
  tx: Tx,
  rows: readonly WantedMessage[],
) => Promise<{ outcomes: ({ id: string } | { problem: Problem })[]; changes: LiveChange[] }>;

const AT_ONCE = 100;
/** Later than that an answer is no answer any more. */
const ANSWER_MS = 3_600_000;
const RETRY_S = 900;
const MOST_ATTEMPTS = 5;

interface Due {
  workspace_id: string;
  event_id: string;
  kind: "ask" | "stop_reply" | "confirm_reply";
  value: string;
  phone_number_id: string | null;
  attempts: number;
  /** The statement is still what is known of the person. */
  holds: boolean;
  is_late: boolean;
  /** Where the person wrote last. */
  conversation_id: string | null;
  settings: ConsentSettings;
}

/**
 * Asks by double opt-in, and answers to STOP and yes, into the queues of their numbers: the one transaction deletes what it
 * has queued, so each goes once. Any number of processes work on it. Answers how many were due.
 */
export function createConsentMessages({ db, queue }: { db: Database; queue: Queue }) {
  /** Questions apart from answers: the one locks people by their numbers, the other conversations. */
  const step = async () =>
    (await send(db, queue, ["stop_reply", "confirm_reply"])) + (await send(db, queue, ["ask"]));
  return { step };
}

function send(db: Database, queue: Queue, kinds: readonly Due["kind"][]): Promise<number> {
  return db.transaction(async (tx) => {
    const due = await claimDue(tx, kinds);
    if (due.length === 0) return 0;
    const wanted = due.map((one) => ({ one, message: messageOf(one) }));
    const rows = wanted.flatMap(({ message }) => message ?? []);
    const { outcomes, changes } = await queue(tx, rows);
    const failed = new Set(rows.filter((_, i) => "problem" in outcomes[i]!));
    const again = wanted.flatMap(({ one, message }) =>
      message && failed.has(message) && one.kind === "ask" && one.attempts + 1 < MOST_ATTEMPTS ? [one] : [],
    );
    const kept = new Set(again.map(({ event_id }) => event_id));
    const done = due.filter(({ event_id }) => !kept.has(event_id));
    const key = { workspace_id: "uuid", event_id: "uuid" } as const;
    await tx.run(sql`
      delete from consent_messages m using ${rowsOf(done, key)}
      where m.workspace_id = due.workspace_id and m.event_id = due.event_id`);
    await tx.run(sql`
      update consent_messages m set attempts = m.attempts + 1,
        next_attempt_at = now() + ${RETRY_S} * (m.attempts + 1) * interval '1 second'
      from ${rowsOf(again, key)} where m.workspace_id = due.workspace_id and m.event_id = due.event_id`);
    await publish(tx, changes);
    return due.length;
  });
}

/** By consent_messages__due. */
const claimDue = (tx: Tx, kinds: readonly Due["kind"][]) =>
  tx.rows<Due>(sql`
    with due as materialized (
      select * from consent_messages where next_attempt_at <= now() and kind = any(${[...kinds]}::text[])
      order by next_attempt_at limit ${AT_ONCE} for update skip locked)
    select due.workspace_id, due.event_id, due.kind, due.identity_value as value, due.phone_number_id, due.attempts,
      coalesce(c.marketing_event = due.event_id, false) as holds,
      coalesce(c.marketing_at < now() - ${ANSWER_MS} * interval '1 millisecond', true) as is_late,
      (select v.id from conversations v where v.workspace_id = c.workspace_id and v.contact_id = c.id
        order by v.last_inbound_at desc nulls last limit 1) as conversation_id,
      json_build_object('double_opt_in', s.double_opt_in, 'stop_reply', s.stop_reply, 'confirm_reply', s.confirm_reply) as settings
    from due
    left join contact_identities i on (i.workspace_id, i.kind, i.value) = (due.workspace_id, due.identity_kind, due.identity_value)
    left join contacts c on c.workspace_id = i.workspace_id and c.id = i.contact_id
    left join consent_settings s on s.workspace_id = due.workspace_id
    order by due.workspace_id, c.id`);

/** Null: it is no longer wanted. */
function messageOf({ settings, ...due }: Due): WantedMessage | null {
  const { workspace_id, kind, conversation_id, value, phone_number_id } = due;
  if (!due.holds) return null;
  const base = { workspace_id, source: "AUTOMATION" } as const;
  if (kind === "ask") {
    const { double_opt_in } = settings;
    if (double_opt_in === null) return null;
    const { template_name: name, template_language: language, button } = double_opt_in;
    const buttons =
      button === null ? [] : [{ type: "quick_reply", index: button, payload: CONFIRM_PAYLOAD } as const];
    return {
      ...base,
      content: { type: "template", name, language, buttons },
      from: phone_number_id ?? double_opt_in.from,
      to: value,
    };
  }
  const body = kind === "stop_reply" ? settings.stop_reply : settings.confirm_reply;
  if (body === null || conversation_id === null || due.is_late) return null;
  return { ...base, content: { type: "text", body }, conversation_id };
}

/** Of a database that was restored or copied: what waited of statements before that time may have gone out since. */
export function dropMessages(tx: Tx, before: Date): Promise<number> {
  return tx.run(sql`
    delete from consent_messages m using consent_events e
    where e.workspace_id = m.workspace_id and e.id = m.event_id and e.occurred_at <= ${before}`);
}

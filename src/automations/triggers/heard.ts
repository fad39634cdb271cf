import { rowsOf, sql, uuidArray, type Tx } from "../../db/db.ts";
import type { Heard } from "../../live/live.ts";
import { payloadOf } from "../engine/engine.ts";
import { hasWord, isSaid, triggerOf, type Said } from "../flow/flow.ts";
import { addEntries, readTriggers, type NewEntry, type TriggerRow } from "./entries.ts";

const KINDS = ["message_received", "keyword", "button_reply", "campaign_reply", "contact_created"];
/** How long after a campaign's message what a person says is an answer to it. */
const CAMPAIGN_H = 72;

/** What people wrote starts the automations of their workspace whose triggers it meets. */
export async function enterHeard(tx: Tx, heard: readonly Heard[], now: Date): Promise<void> {
  if (heard.length === 0) return;
  const triggers = await readTriggers(tx, [...new Set(heard.map(({ workspace_id }) => workspace_id))], KINDS);
  if (triggers.length === 0) return;
  const said = await readSaid(tx, heard);
  const needs = (kind: string) => triggers.some((trigger) => trigger.kind === kind);
  const awaited = needs("message_received") ? await awaitedAmong(tx, heard) : new Set<string>();
  const created = needs("contact_created") ? await createdAmong(tx, heard) : new Set<string>();
  const campaigns = needs("campaign_reply") ? await campaignsOf(tx, heard) : new Map<string, string[]>();
  const entries = heard.flatMap((one) =>
    triggers
      .filter(({ workspace_id }) => workspace_id === one.workspace_id)
      .flatMap((trigger): NewEntry[] => {
        const words = said.get(one.message_id) ?? { text: null, payload: null, tapped: false };
        if (
          trigger.kind === "contact_created"
            ? created.has(one.contact_id)
            : isMet(trigger, one, words, campaigns)
        )
          return [entryOf(trigger, one, words, awaited)];
        return [];
      }),
  );
  await addEntries(tx, entries, now);
}

/** Written to the flow's number, if it has one, and as the trigger says. */
function isMet(
  trigger: TriggerRow,
  { phone_number, message_id }: Heard,
  said: Said,
  campaigns: ReadonlyMap<string, string[]>,
): boolean {
  const { phone_number_id } = trigger.flow.settings;
  if (phone_number_id !== null && phone_number_id !== phone_number) return false;
  return meets(trigger, said, campaigns.get(message_id) ?? []);
}

function meets({ flow, subject }: TriggerRow, said: Said, campaigns: readonly string[]): boolean {
  const trigger = triggerOf(flow);
  switch (trigger?.kind) {
    case "message_received":
      return true;
    case "keyword":
      return hasWord(said.text, trigger.words, trigger.match);
    case "button_reply":
      return said.tapped && isSaid(said, trigger);
    case "campaign_reply":
      return subject === null ? campaigns.length > 0 : campaigns.includes(subject);
    default:
      return false;
  }
}

function entryOf(trigger: TriggerRow, heard: Heard, said: Said, awaited: ReadonlySet<string>): NewEntry {
  const { contact_id, message_id, conversation_id, at } = heard;
  return {
    trigger,
    contact_id,
    what: trigger.kind === "contact_created" ? `created ${contact_id}` : `message ${message_id}`,
    told: {
      kind: trigger.kind,
      at: at.toISOString(),
      message_id,
      conversation_id,
      payload: { text: said.text, payload: said.payload },
      ...(trigger.kind === "message_received" && awaited.has(contact_id) ? { awaited: true } : {}),
    },
  };
}

/** Those who were not known before this transaction, in which their rows were made. */
async function createdAmong(tx: Tx, heard: readonly Heard[]): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`
    select c.id from (select distinct * from ${rowsOf(heard, { workspace_id: "uuid", contact_id: "uuid" })}) due
    join contacts c on c.workspace_id = due.workspace_id and c.id = due.contact_id and c.created_at = now()`);
  return new Set(rows.map(({ id }) => id));
}

/** By the keys of messages. */
async function readSaid(tx: Tx, heard: readonly Heard[]): Promise<Map<string, Said>> {
  const due = heard.map(({ workspace_id, message_id }) => ({ workspace_id, id: message_id }));
  const rows = await tx.rows<{
    id: string;
    text: string | null;
    content: Parameters<typeof payloadOf>[0];
  }>(sql`
    select m.id, m.text, m.content from ${rowsOf(due, { workspace_id: "uuid", id: "uuid" })} join messages m using (workspace_id, id)`);
  const taps = new Map(heard.map(({ message_id, reply }) => [message_id, reply]));
  return new Map(
    rows.map(({ id, text, content }) => {
      const kind = taps.get(id)?.kind;
      const tapped = kind === "button" || kind === "button_reply" || kind === "list_reply";
      return [id, { text, payload: tapped ? (taps.get(id)?.payload ?? null) : payloadOf(content), tapped }];
    }),
  );
}

/** People with a run that waits for their reply: what they say is an answer, and no new beginning. By automation_waits__contact_id. */
async function awaitedAmong(tx: Tx, heard: readonly Heard[]): Promise<Set<string>> {
  const rows = await tx.rows<{ contact_id: string }>(sql`
    select distinct w.contact_id
    from (select distinct * from ${rowsOf(heard, { workspace_id: "uuid", contact_id: "uuid" })}) due
    join automation_waits w using (workspace_id, contact_id)
    where 'replied' = any(w.hears) and w.wake_at < 'infinity'`);
  return new Set(rows.map(({ contact_id }) => contact_id));
}

/** By the message the campaigns whose message it answers: the quoted one's, else the newest to the person from that number. */
async function campaignsOf(tx: Tx, heard: readonly Heard[]): Promise<Map<string, string[]>> {
  const due = heard.map(({ workspace_id, message_id, conversation_id, reply, at }) => ({
    workspace_id,
    message_id,
    conversation_id,
    quoted_id: reply?.quoted_message_id ?? null,
    after: at.getTime() - CAMPAIGN_H * 3_600_000,
    at,
  }));
  const columns = {
    workspace_id: "uuid",
    message_id: "uuid",
    conversation_id: "uuid",
    quoted_id: "uuid",
    after: "timestamptz",
    at: "timestamptz",
  } as const;
  const rows = await tx.rows<{ message_id: string; campaign_id: string }>(sql`
    select due.message_id, d.origin_id as campaign_id
    from ${rowsOf(due, columns)}
    cross join lateral (
      select m.id from messages m
      where m.workspace_id = due.workspace_id and m.conversation_id = due.conversation_id and m.source = 'CAMPAIGN'
        and m.sent_at > due.after and m.sent_at <= due.at + interval '1 second' and (due.quoted_id is null or m.id = due.quoted_id)
      order by m.sent_at desc, m.order_key desc limit 1) sent
    join sends d on d.workspace_id = due.workspace_id and d.id = sent.id and d.origin_kind = 'campaign'`);
  const found = new Map<string, string[]>();
  for (const { message_id, campaign_id } of rows)
    found.set(message_id, [...(found.get(message_id) ?? []), campaign_id]);
  return found;
}

/** An agent's answers among messages that went out, also from the phone: of these nothing asked. */
export async function answeredAmong(
  tx: Tx,
  workspace_id: string,
  message_ids: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from messages
    where workspace_id = ${workspace_id} and id = any(${uuidArray([...message_ids])}::uuid[]) and source in ('AGENT', 'PHONE_APP')`);
  return new Set(rows.map(({ id }) => id));
}

import { beforeAll, beforeEach } from "vitest";
import { idOf, newId } from "../../src/base/base.ts";
import { sql, type Database } from "../../src/db/db.ts";
import type { EventData, GroupChange, MessageContent, Person } from "../../src/meta/events.ts";
import type { RoutedEvent } from "../../src/meta/routed.ts";
import { createTestDatabase, createTestWorkspace } from "./database.ts";
import { isMissing } from "../../src/inbox/unmatched.ts";

export function person(parts: Partial<Person>): Person {
  return { wa_id: null, user_id: null, parent_user_id: null, profile_name: null, username: null, ...parts };
}

export function said(text: string | null, parts: Partial<MessageContent> = {}): MessageContent {
  return { type: "text", text, content: { body: text }, reply: null, context_wamid: null, ...parts };
}

export function tapped(payload: string | null, title: string | null): MessageContent {
  return {
    ...said(title),
    type: "button",
    content: { payload, text: title },
    reply: { kind: "button", payload, title },
  };
}

/** A message id as Meta builds them: over a number or a user id, with the token that all ids of one message share. */
export function wamidOver(identity: string, token: string, { from_business = false } = {}): string {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, "latin1")]);
  const kind = /^\d/.test(identity) ? 0x02 : 0x14;
  const record = Buffer.concat([
    Buffer.from([0x1c, 0x18]),
    text(identity),
    Buffer.from([0x15, kind, 0x00, from_business ? 0x11 : 0x12, 0x18]),
    text(token),
    Buffer.from([0x00]),
  ]);
  return `wamid.${record.toString("base64")}`;
}

export function groupChange(parts: Partial<GroupChange>): GroupChange {
  return {
    subject: null,
    description: null,
    join_approval_mode: null,
    invite_link: null,
    picture: false,
    joined: [],
    left: [],
    asking: null,
    initiated_by: null,
    reason: null,
    errors: [],
    ...parts,
  };
}

/** Makes events of one workspace and number, as the pipeline would hand them on. */
export function createEventMaker(
  workspace_id: string,
  phone_number: string | null,
  waba_id: string | null = "waba-1",
) {
  return (
    data: EventData,
    at_s: number,
    overrides: {
      key?: string;
      waba_id?: string | null;
      phone_number?: string | null;
      position?: number;
    } = {},
  ): RoutedEvent => {
    const key = overrides.key ?? keyOf(data, at_s);
    return {
      workspace_id,
      id: idOf(`${workspace_id}:${key}`),
      phone_number: overrides.phone_number === undefined ? phone_number : overrides.phone_number,
      journal_id: newId(),
      received_at: new Date(),
      occurred_at: new Date(at_s * 1000),
      event: {
        data,
        subscription: "messages",
        key,
        occurred_at_ms: at_s * 1000,
        path: { entry: 0, change: 0, list: "messages", index: 0 },
        position: overrides.position ?? 0,
        waba_id: overrides.waba_id === undefined ? waba_id : overrides.waba_id,
        phone_number_id: "1",
        display_phone_number: null,
        payload: "{}",
        problem: null,
      },
    };
  };
}

export interface FreshInbox {
  db: Database;
  workspace_id: string;
  connection_id: string;
  /** Of the workspace's only number. */
  number: string;
  /** Makes events of that number. */
  make: ReturnType<typeof createEventMaker>;
}

/** One database for the file, and in it an empty inbox for each test. */
export function onFreshInbox(use: (inbox: FreshInbox) => void): void {
  let db: Database;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  beforeEach(async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const number = await createTestNumber(db, workspace_id, connection_id);
    use({ db, workspace_id, connection_id, number, make: createEventMaker(workspace_id, number) });
  });
}

/** A status that says no more than its word. */
export const plainStatus = (
  wamid: string,
  status: string,
  recipient: Person,
): Extract<EventData, { kind: "status" }> => ({
  kind: "status",
  wamid,
  status,
  recipient,
  participant_id: null,
  group_id: null,
  errors: [],
  pricing: null,
  conversation: null,
  callback_data: null,
});

function keyOf(data: EventData, at_s: number): string {
  if (data.kind === "standby") return `standby:${keyOf(data.told, at_s)}`;
  if (data.kind === "status") return `status:${data.wamid}:${data.status}:${data.participant_id ?? ""}`;
  return `${data.kind}:${idOf(JSON.stringify([data, at_s]))}`;
}

export async function createTestNumber(
  db: Database,
  workspace_id: string,
  connection_id: string,
): Promise<string> {
  const id = newId();
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, waba_id)
    values (${workspace_id}, ${id}, ${connection_id}, ${`pn-${id}`}, 'waba-1')`);
  return id;
}

/** Every table of the inbox, without generated ids and times of arrival: a contact is named by its identities. */
export async function readInbox(db: Database, workspace_id: string): Promise<Record<string, unknown[]>> {
  const named = sql`select i.contact_id, string_agg(i.kind || ':' || i.value, ' ' order by i.kind, i.value) as contact
    from contact_identities i where i.workspace_id = ${workspace_id} group by i.contact_id`;
  return {
    contacts: await db.rows(sql`
      with named as (${named}) select named.contact, name, book_name, profile_name, username, marketing_state,
        search_text, search_grams
      from contacts left join named on contact_id = id where workspace_id = ${workspace_id} order by 1`),
    contact_identities: await db.rows(sql`
      with named as (${named}) select named.contact, kind, value, former, scope, profile_name, profile_at, profile_event,
        username, username_at, username_event, book_name, book_at, book_event, search_grams
      from contact_identities join named using (contact_id) where workspace_id = ${workspace_id} order by kind, value`),
    identity_links: await db.rows(sql`
      select * from identity_links where workspace_id = ${workspace_id} order by 2, 3, 4, 5, 6`),
    consent_events: await db.rows(
      sql`select * from consent_events where workspace_id = ${workspace_id} order by id`,
    ),
    conversations: await db.rows(sql`
      with named as (${named}) select c.phone_number_id, named.contact, status, assignee_id, unread_count, read_at, last_message_at,
        last_message_key, last_inbound_at, window_expires_at, resolved_at,
        (select wamid_hash from messages m where m.workspace_id = c.workspace_id and m.id = c.last_message_id) as last_message
      from conversations c left join named using (contact_id) where c.workspace_id = ${workspace_id} order by 1, 2`),
    message_recipients: await db.rows(
      sql`select * from message_recipients where workspace_id = ${workspace_id} order by 2, 3, 4`,
    ),
    messages: await db.rows(sql`
      with named as (${named}) select m.wamid_hash, coalesce(c.phone_number_id, m.aside_on) as phone_number_id, named.contact,
        direction, source, origin, event_id, type, wamid,
        identity_kind, identity_value, author_kind, author_value, text, content, context_wamid, context_from, sent_at, order_key, search_text, search_grams
      from messages m left join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
      left join named using (contact_id) where m.workspace_id = ${workspace_id} order by 1, 2, identity_kind, identity_value`),
    window_closures: await db.rows(
      sql`select * from window_closures where workspace_id = ${workspace_id} order by 2, 3, 4`,
    ),
    message_statuses: await db.rows(
      // `status_before` is for the statement that writes it alone.
      sql`select to_jsonb(s) - 'status_before' as row from message_statuses s where workspace_id = ${workspace_id} order by wamid_hash`,
    ),
    message_amendments: await db.rows(
      sql`select * from message_amendments where workspace_id = ${workspace_id} order by wamid_hash, party_kind, party_value`,
    ),
    call_events: await db.rows(
      sql`select * from call_events where workspace_id = ${workspace_id} order by call_hash, event`,
    ),
    message_payments: await db.rows(
      sql`select * from message_payments where workspace_id = ${workspace_id} order by wamid_hash`,
    ),
    // The first event of a group decides which of its numbers is asked; any of them may be.
    groups: await db.rows(
      sql`select group_id from groups where workspace_id = ${workspace_id} order by group_id`,
    ),
    group_facts: await db.rows(
      sql`select * from group_facts where workspace_id = ${workspace_id} order by group_id, fact`,
    ),
    group_participants: await db.rows(
      sql`select * from group_participants where workspace_id = ${workspace_id} order by group_id, identity_kind, identity_value`,
    ),
    unmatched_messages: await db.rows(sql`
      select * from unmatched_messages u where workspace_id = ${workspace_id} and ${isMissing}
      order by wamid_hash, party_kind, party_value`),
    message_reactions: await db.rows(
      sql`select * from message_reactions where workspace_id = ${workspace_id} order by wamid_hash, actor_kind, actor_value, party_kind, party_value`,
    ),
  };
}

export async function clearInbox(db: Database, workspace_id: string): Promise<void> {
  for (const statement of [
    sql`delete from messages where workspace_id = ${workspace_id}`,
    sql`delete from conversations where workspace_id = ${workspace_id}`,
    sql`delete from contact_identities where workspace_id = ${workspace_id}`,
    sql`delete from contacts where workspace_id = ${workspace_id}`,
    sql`delete from identity_links where workspace_id = ${workspace_id}`,
    sql`delete from consent_events where workspace_id = ${workspace_id}`,
    sql`delete from message_recipients where workspace_id = ${workspace_id}`,
    sql`delete from window_closures where workspace_id = ${workspace_id}`,
    sql`delete from message_statuses where workspace_id = ${workspace_id}`,
    sql`delete from message_amendments where workspace_id = ${workspace_id}`,
    sql`delete from message_reactions where workspace_id = ${workspace_id}`,
    sql`delete from call_events where workspace_id = ${workspace_id}`,
    sql`delete from message_payments where workspace_id = ${workspace_id}`,
    sql`delete from groups where workspace_id = ${workspace_id}`,
    sql`delete from group_facts where workspace_id = ${workspace_id}`,
    sql`delete from group_participants where workspace_id = ${workspace_id}`,
    sql`delete from unmatched_messages where workspace_id = ${workspace_id}`,
  ])
    await db.run(statement);
}

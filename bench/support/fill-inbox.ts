import { sql, Sql, type Database } from "../../src/db/db.ts";

export interface FilledInbox {
  workspace_id: string;
  connection_id: string;
  /** Meta's id of the one number. */
  phone_number_id: string;
  messages: number;
  contacts: number;
  /** To which contact a message went; both from 1. */
  contactOf: (message: number) => number;
}

export const wamidOf = (n: number) => `wamid.BENCH${String(n).padStart(50, "0")}`;
export const waIdOf = (n: number) => String(15_550_000_000 + n);

export const uuid = (prefix: string, n: string) =>
  `('${prefix}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
/** base/ids.ts `idOf`, in SQL. */
export const idOf = (text: string) => `(
  select encode(set_byte(set_byte(h, 6, (get_byte(h, 6) & 15) | 128), 8, (get_byte(h, 8) & 63) | 128), 'hex')::uuid
  from substring(sha256(convert_to(${text}, 'UTF8')) for 16) as h)`;
export const wamid = (n: string) => `'wamid.BENCH' || lpad((${n})::text, 50, '0')`;

/**
 * A workspace with many messages sent by us, all ACCEPTED, to a tenth as many contacts; and the same in the tables of
 * a programmer who writes it by hand (`naive_*`). By generate_series, foreign keys unchecked: about a minute a million.
 */
export async function fillInbox(db: Database, messages: number): Promise<FilledInbox> {
  const contacts = Math.max(1, Math.floor(messages / 10));
  const workspace_id = "01900000-0000-7000-8000-000000000001";
  const connection_id = "01900000-0000-7000-8000-000000000002";
  const phone_number_id = "106540352242922";
  const number = `'01900000-0000-7000-8000-000000000003'::uuid`;
  const mine = `'${workspace_id}'::uuid`;
  const steps = [
    `insert into workspaces (id, name, slug) values (${mine}, 'Bench', 'bench')`,
    `insert into connections (id, workspace_id, name, graph_url) values ('${connection_id}', ${mine}, 'Bench', 'http://127.0.0.1:1')`,
    `insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values (${mine}, ${number}, '${connection_id}', '${phone_number_id}')`,
    `insert into contacts (workspace_id, id, profile_name)
     select ${mine}, ${uuid("01910000", "n")}, 'Bench Customer' from generate_series(1, ${contacts}) n`,
    `insert into contact_identities (workspace_id, kind, value, contact_id)
     select ${mine}, 'wa_id', (15550000000 + n)::text, ${uuid("01910000", "n")} from generate_series(1, ${contacts}) n`,
    `insert into conversations (workspace_id, id, phone_number_id, contact_id, last_message_at)
     select ${mine}, ${uuid("01920000", "n")}, ${number}, ${uuid("01910000", "n")}, now() - interval '1 day'
     from generate_series(1, ${contacts}) n`,
    `insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
       identity_kind, identity_value, text, content, sent_at, received_at)
     select ${mine}, ${uuid("01930000", "n")}, ${uuid("01920000", `n % ${contacts} + 1`)}, 'OUTBOUND', 'CAMPAIGN', 'sent',
       ${uuid("01930000", "n")}, 'template', ${wamid("n")}, ${idOf(wamid("n"))}, 'wa_id', (15550000001 + n % ${contacts})::text,
       'Our autumn sale has begun: 20 % on everything until Sunday.', '{}', now() - interval '1 day', now() - interval '1 day'
     from generate_series(1, ${messages}) n`,
    `insert into message_statuses (workspace_id, wamid_hash, status, accepted_at)
     select workspace_id, wamid_hash, 1, sent_at from messages`,
    `create table naive_campaigns (id integer primary key, sent integer not null default 0, delivered integer not null default 0, read integer not null default 0)`,
    `insert into naive_campaigns select n from generate_series(1, 50) n`,
    `create table naive_contacts (id bigserial primary key, wa_id text not null unique, name text)`,
    `create table naive_conversations (id bigserial primary key, contact_id bigint not null unique, unread integer not null default 0, last_message_at timestamptz)`,
    `create table naive_messages (id bigserial primary key, conversation_id bigint not null, campaign_id integer, wamid text not null unique,
       body text, status text not null, status_at timestamptz, created_at timestamptz not null default now())`,
    `insert into naive_contacts (wa_id, name) select (15550000000 + n)::text, 'Bench Customer' from generate_series(1, ${contacts}) n`,
    `insert into naive_conversations (contact_id, last_message_at) select n, now() from generate_series(1, ${contacts}) n`,
    `insert into naive_messages (conversation_id, campaign_id, wamid, body, status)
     select n % ${contacts} + 1, n % 50 + 1, ${wamid("n")}, 'Our autumn sale has begun: 20 % on everything until Sunday.', 'accepted'
     from generate_series(1, ${messages}) n`,
    `create index on naive_messages (conversation_id, created_at)`,
  ];
  await db.transaction(async (tx) => {
    await tx.run(sql`set local session_replication_role = replica`);
    for (const step of steps) await tx.run(new Sql([step], []));
  });
  await db.run(sql`vacuum analyze`);
  await db.run(sql`checkpoint`);
  return {
    workspace_id,
    connection_id,
    phone_number_id,
    messages,
    contacts,
    contactOf: (n) => (n % contacts) + 1,
  };
}

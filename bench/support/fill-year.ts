import { sql, Sql, type Database } from "../../src/db/db.ts";
import { createJournal } from "../../src/journal/journal.ts";
import { createPipeline } from "../../src/pipeline/pipeline.ts";
import { silentLog } from "../../src/base/base.ts";
import { idOf, uuid, wamid, type FilledInbox } from "./fill-inbox.ts";

const DAY_MS = 86_400_000;
export const JOURNAL_DAYS = 94;
const YEAR_DAYS = 365;
const MESSAGES_A_CONTACT = 10;
const CHUNK = 200_000;

const WORKSPACE = "01900000-0000-7000-8000-000000000001";
const CONNECTION = "01900000-0000-7000-8000-000000000002";
const NUMBER = "01900000-0000-7000-8000-000000000003";
const PHONE_NUMBER_ID = "106540352242922";

/** The smallest UUIDv7 of a moment and a number, in SQL. */
const datedUuid = (at: string, n: string) => `(
  select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid
  from lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') as h)`;
/** pipeline/event-ids.ts `eventIdOf`, in SQL. */
const eventId = (at: string, key: string) =>
  `(lpad(to_hex(floor(extract(epoch from ${at}) / 86400)::integer), 4, '0') || substr(${idOf(`'${WORKSPACE}:' || ${key}`)}::text, 5))::uuid`;

/** The conversation of a contact, from 1. */
export const conversationOf = (contact: number) =>
  `01920000-0000-7000-8000-${contact.toString(16).padStart(12, "0")}`;

export interface FilledYear extends FilledInbox {
  /** More of the same, until there are so many or the time has come. Returns how many there are then. */
  grow(db: Database, messages: number, until_ms: number): Promise<number>;
}

/**
 * A workspace as it is after a year: the partitions of 94 days of the journal and of the months of events, and messages
 * that were sent all over the year, ten to a contact, each with its status, its event and, in the last 94 days, its
 * webhook. Foreign keys unchecked.
 */
export async function fillYear(db: Database): Promise<FilledYear> {
  const now_ms = Date.now();
  for (let days = YEAR_DAYS; days >= 0; days--) {
    const clock = { now: () => now_ms - days * DAY_MS };
    const journal = createJournal({ db, clock, log: silentLog });
    if (days < JOURNAL_DAYS) await journal.ensurePartitions();
    if (days % 25 === 0)
      await createPipeline({
        db,
        journal,
        apply: {},
        delivery: { fanOut: Object.assign(async () => {}, { ask: async () => [] }) },
        log: silentLog,
        clock,
      }).retain(null);
  }
  const setUp = [
    `insert into workspaces (id, name, slug) values ('${WORKSPACE}', 'Bench', 'bench')`,
    `insert into connections (id, workspace_id, name, graph_url) values ('${CONNECTION}', '${WORKSPACE}', 'Bench', 'http://127.0.0.1:1')`,
    `insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values ('${WORKSPACE}', '${NUMBER}', '${CONNECTION}', '${PHONE_NUMBER_ID}')`,
  ];
  for (const step of setUp) await db.run(new Sql([step], []));
  const filled: FilledYear = {
    workspace_id: WORKSPACE,
    connection_id: CONNECTION,
    phone_number_id: PHONE_NUMBER_ID,
    messages: 0,
    contacts: 0,
    contactOf: (n) => Math.floor((n - 1) / MESSAGES_A_CONTACT) + 1,
    async grow(to, messages, until_ms) {
      while (filled.messages < messages && Date.now() < until_ms) {
        const count = Math.min(CHUNK, messages - filled.messages);
        await fillChunk(to, filled.messages, count);
        filled.messages += count;
        filled.contacts = filled.contactOf(filled.messages);
      }
      await to.run(sql`vacuum (analyze, parallel 2)`);
      await to.run(sql`checkpoint`);
      return filled.messages;
    },
  };
  return filled;
}

/** Messages `after + 1` to `after + count`, over the whole year in their order. */
async function fillChunk(db: Database, after: number, count: number): Promise<void> {
  const contact = `((n - 1) / ${MESSAGES_A_CONTACT} + 1)`;
  const at = `(date_trunc('second', now()) - interval '${YEAR_DAYS - 1} days' * ((${after + count} - n)::float8 / ${count}) - interval '1 hour')`;
  const key = `'status:' || ${wamid("n")} || ':sent:'`;
  const series = `generate_series(${after + 1}, ${after + count}) n`;
  const firsts = `from ${series} where n % ${MESSAGES_A_CONTACT} = 1`;
  const mine = `'${WORKSPACE}'::uuid`;
  const steps = [
    `insert into contacts (workspace_id, id, profile_name)
     select ${mine}, ${uuid("01910000", contact)}, 'Bench Customer' ${firsts}`,
    `insert into contact_identities (workspace_id, kind, value, contact_id)
     select ${mine}, 'wa_id', (15550000000 + ${contact})::text, ${uuid("01910000", contact)} ${firsts}`,
    `insert into conversations (workspace_id, id, phone_number_id, contact_id, last_message_at)
     select ${mine}, ${uuid("01920000", contact)}, '${NUMBER}', ${uuid("01910000", contact)}, ${at} ${firsts}`,
    `insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
       identity_kind, identity_value, text, content, sent_at, received_at)
     select ${mine}, ${datedUuid(at, "n")}, ${uuid("01920000", contact)}, 'OUTBOUND', 'CAMPAIGN', 'sent', ${eventId(at, key)},
       'template', ${wamid("n")}, ${idOf(wamid("n"))}, 'wa_id', (15550000000 + ${contact})::text,
       'Our autumn sale has begun: 20 % on everything until Sunday.', '{}', ${at}, ${at} from ${series}`,
    `insert into message_statuses (workspace_id, wamid_hash, status, accepted_at)
     select ${mine}, ${idOf(wamid("n"))}, 1, ${at} from ${series}`,
    `insert into events (workspace_id, id, key, kind, occurred_at, journal_id, created_at, phone_number_id, subjects)
     select ${mine}, ${eventId(at, key)}, ${key}, 'status', ${at}, ${datedUuid(at, "n")}, ${at}, '${NUMBER}',
       array[n::bigint, (${contact})::bigint + 1000000000000] from ${series}`,
    `insert into journal (id, received_at, connection_id, body)
     select ${datedUuid(at, "n")}, ${at}, '${CONNECTION}', convert_to(rpad('{"n":' || n, 700, ' '), 'UTF8') from ${series}
     where ${at} > date_trunc('day', now() at time zone 'utc') at time zone 'utc' - interval '${JOURNAL_DAYS - 1} days'`,
  ];
  await db.transaction(async (tx) => {
    await tx.run(sql`set local session_replication_role = replica`);
    for (const step of steps) await tx.run(new Sql([step], []));
  });
}

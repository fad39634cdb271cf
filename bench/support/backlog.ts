import { randomBytes } from "node:crypto";
import { createSecretBox, newId } from "../../src/base/base.ts";
import { sql, uuidArray, type Database } from "../../src/db/db.ts";
import { addOutgoing } from "../../src/inbox/inbox.ts";
import { writeTo } from "../../src/sending/sending.ts";
import type { GraphProcessOptions } from "./graph.ts";
import { timed, type Written } from "./producer.ts";

const AT_ONCE = 500;

/** Of the length of a short text. */
export const wordsOf = (number: number) =>
  `Hello, your order ${number} is ready: come by whenever it suits you.`;

interface BenchNumber {
  id: string;
  phone_number_id: string;
}

/** A workspace whose numbers have many people that may be written to, and what is queued for them. */
export async function createBacklog(db: Database, people: number) {
  const workspace_id = newId();
  const connection_id = newId();
  const master_key = randomBytes(32);
  const token = "EAA-bench";
  const box = createSecretBox([master_key]);
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Bench', ${workspace_id})`,
  );
  await db.run(sql`
    insert into connections (id, workspace_id, name, access_token, graph_url)
    values (${connection_id}, ${workspace_id}, 'Bench', ${box.seal(token, `connection:${connection_id}:access_token`)},
      'http://127.0.0.1:1')`);
  // What the loop reads in place of it.
  await db.run(sql`
    create table outbox (id uuid primary key, to_value text not null, body text not null, wamid text, sent_at timestamptz)`);
  await db.run(sql`create index on outbox (id) where wamid is null`);
  const wa_ids = Array.from({ length: people }, (_, i) => `1202${String(5_000_000 + i)}`);

  return {
    workspace_id,
    token,
    master_key: master_key.toString("hex"),
    wa_ids,
    /** Sends go there from now on, at what it lets through. */
    async connect(graph_url: string): Promise<void> {
      await db.run(sql`update connections set graph_url = ${graph_url}, updated_at = now()`);
      await db.run(sql`update number_queues set throughput_at = null, leased_by = null, leased_until = null`);
    },
    /** A number of ours to which everybody wrote just now. */
    async addNumber(number: GraphProcessOptions["numbers"][number]): Promise<BenchNumber> {
      const id = newId();
      await db.run(sql`
        insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, waba_id, display_phone_number)
        values (${workspace_id}, ${id}, ${connection_id}, ${number.phone_number_id}, ${number.waba_id},
          ${number.display_phone_number})`);
      await db.run(sql`
        with person as (
          select wa_id, gen_random_uuid() as contact_id from unnest(${wa_ids}::text[]) as wa_id),
        known as (
          insert into contact_identities (workspace_id, kind, value, contact_id)
          select ${workspace_id}, 'wa_id', wa_id, contact_id from person
          on conflict (workspace_id, kind, value) do update set value = excluded.value returning contact_id),
        made as (
          insert into contacts (workspace_id, id) select ${workspace_id}, contact_id from known on conflict do nothing)
        insert into conversations (workspace_id, id, phone_number_id, contact_id, last_inbound_at, window_expires_at)
        select ${workspace_id}, gen_random_uuid(), ${id}, contact_id, now(), now() + interval '24 hours' from known`);
      return { id, phone_number_id: number.phone_number_id };
    },
    /** A message to each of `count` people, as a campaign queues them. */
    async queue(number: BenchNumber, count: number): Promise<void> {
      const threads = await db.rows<{ id: string; wa_id: string }>(sql`
        select c.id, i.value as wa_id from conversations c
        join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.contact_id
        where c.phone_number_id = ${number.id} order by i.value limit ${count}`);
      for (let at = 0; at < threads.length; at += AT_ONCE) {
        const at_ms = Date.now();
        const lines = threads.slice(at, at + AT_ONCE).map(({ id: conversation_id, wa_id }, i) => ({
          workspace_id,
          id: newId(),
          conversation_id,
          source: "CAMPAIGN" as const,
          type: "text",
          to: { kind: "wa_id" as const, value: wa_id },
          text: wordsOf(at + i),
          content: { body: wordsOf(at + i) },
          context_wamid: null,
          at_ms,
        }));
        await db.transaction(async (tx) => {
          await addOutgoing(tx, lines);
          await tx.run(sql`
            insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content,
              next_attempt_at, asked_at)
            select ${workspace_id}, id, ${number.id}, 2, 'wa_id', wa_id, jsonb_build_object('type', 'text', 'body', body),
              now(), now()
            from unnest(${uuidArray(lines.map((line) => line.id))}::uuid[], ${lines.map((line) => line.to.value)}::text[],
              ${lines.map((line) => line.text)}::text[]) as line (id, wa_id, body)`);
          await tx.run(sql`
            insert into number_queues (workspace_id, phone_number_id) values (${workspace_id}, ${number.id})
            on conflict do nothing`);
        });
      }
    },
    /** The same in the form of the loop. */
    queueForLoop: (count: number) =>
      db.run(sql`
        insert into outbox (id, to_value, body)
        select * from unnest(${uuidArray(Array.from({ length: count }, () => newId()))}::uuid[],
          ${wa_ids.slice(0, count)}::text[], ${Array.from({ length: count }, (_, i) => wordsOf(i))}::text[])`),
    /** An agent answers a customer. Its id, and when it was committed. */
    async answer(number: BenchNumber, person: number): Promise<{ id: string } & Written> {
      const thread = await db.first<{ id: string }>(sql`
        select c.id from conversations c
        join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.contact_id
        where c.phone_number_id = ${number.id} and i.value = ${wa_ids.at(-1 - person)!}`);
      let id = "";
      const content = { type: "text", body: "Yes, until six this evening." } as const;
      const written = await timed(async () => {
        id = (await writeTo(db, workspace_id, thread!.id, { content }, "AGENT")).id;
      });
      return { id, ...written };
    },
    /** What the room still has to do, and what did not go out: nothing, after a round. */
    async left(): Promise<number> {
      const [row] = await db.rows<{ count: number }>(sql`select count(*) from sends where state <> 'sent'`);
      return row!.count;
    },
  };
}

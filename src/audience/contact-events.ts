import type { z } from "zod";
import { newId, Problem } from "../base/base.ts";
import type * as shapes from "../contract/audience.ts";
import { before, found, iso, keyOf, sql, toList, type List, type Page, type Queryable } from "../db/db.ts";
import { judgeNumber } from "../meta/meta.ts";

type ContactEvent = z.infer<typeof shapes.ContactEvent>;

const FUTURE_MS = 5 * 60_000;

/**
 * Keeps what another system tells of a contact. Throws NOT_FOUND where there is no such contact, and INVALID_REQUEST for
 * a number that is none or a time to come.
 */
export async function addEvent(
  db: Queryable,
  workspace_id: string,
  event: z.infer<typeof shapes.NewContactEvent>,
  now_ms: number,
): Promise<ContactEvent> {
  const at_ms = event.occurred_at === undefined ? now_ms : Date.parse(event.occurred_at);
  if (at_ms > now_ms + FUTURE_MS)
    throw new Problem(
      "INVALID_REQUEST",
      "`occurred_at` is still to come; send the event when it has happened.",
    );
  const contact_id = await whose(db, workspace_id, event);
  const [row] = await db.rows<ContactEvent>(sql`
    insert into contact_events as e (workspace_id, id, contact_id, name, payload, occurred_at)
    values (${workspace_id}, ${newId()}, ${contact_id}, ${event.name}, ${JSON.stringify(event.payload)}::jsonb, ${new Date(at_ms)})
    returning e.id, e.contact_id, e.name, e.payload, ${iso(sql`e.occurred_at`)} as occurred_at`);
  return row!;
}

async function whose(
  db: Queryable,
  workspace_id: string,
  { contact_id, phone }: z.infer<typeof shapes.NewContactEvent>,
): Promise<string> {
  if ((contact_id === undefined) === (phone === undefined))
    throw new Problem("INVALID_REQUEST", "Name the contact by one of `contact_id` and `phone`.");
  if (phone === undefined) return found((await contact(db, workspace_id, contact_id!))[0]).id;
  const judged = judgeNumber(phone, null);
  if ("problem" in judged) throw new Problem("INVALID_REQUEST", judged.problem);
  return found(
    (
      await db.rows<{ id: string }>(sql`
        select contact_id as id from contact_identities
        where workspace_id = ${workspace_id} and kind in ('wa_id', 'phone') and value = ${judged.digits}
        order by former, kind desc limit 1`)
    )[0],
  ).id;
}

const contact = (db: Queryable, workspace_id: string, id: string) =>
  db.rows<{ id: string }>(sql`select id from contacts where workspace_id = ${workspace_id} and id = ${id}`);

/** Newest first, by contact_events__contact_id. Throws NOT_FOUND. */
export async function listEvents(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
  { cursor, limit }: Page,
): Promise<List<ContactEvent>> {
  found((await contact(db, workspace_id, contact_id))[0]);
  const rows = await db.rows<ContactEvent & { list_key: [string, string] }>(sql`
    select e.id, e.contact_id, e.name, e.payload, ${iso(sql`e.occurred_at`)} as occurred_at, ${keyOf(sql`e.occurred_at`, sql`e.id`)} as list_key
    from contact_events e
    where e.workspace_id = ${workspace_id} and e.contact_id = ${contact_id} and ${before(sql`e.occurred_at`, sql`e.id`, cursor)}
    order by e.occurred_at desc, e.id desc limit ${limit + 1}`);
  return toList(rows, limit);
}

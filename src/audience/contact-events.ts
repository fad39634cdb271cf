import type { z } from "zod";
import { newId, Problem } from "../base/base.ts";
import type * as shapes from "../contract/audience.ts";
import {
  before,
  found,
  iso,
  keyOf,
  rowsOf,
  sql,
  toList,
  type Database,
  type List,
  type Page,
  type Queryable,
} from "../db/db.ts";
import type { Happened } from "./happened.ts";
import { judgeNumber } from "../meta/meta.ts";

type ContactEvent = z.infer<typeof shapes.ContactEvent>;

const FUTURE_MS = 5 * 60_000;

/**
 * Keeps what another system tells of a contact. Throws NOT_FOUND where there is no such contact, and INVALID_REQUEST for
 * a number that is none or a time to come.
 */
export async function addEvent(
  db: Database,
  workspace_id: string,
  event: z.infer<typeof shapes.NewContactEvent>,
  now_ms: number,
  happened?: Happened,
): Promise<ContactEvent> {
  const at_ms = event.occurred_at === undefined ? now_ms : Date.parse(event.occurred_at);
  if (at_ms > now_ms + FUTURE_MS)
    throw new Problem(
      "INVALID_REQUEST",
      "`occurred_at` is still to come; send the event when it has happened.",
    );
  return db.transaction(async (tx) => {
    const contact_id = await whose(tx, workspace_id, event);
    // Locked: a run of theirs that begins at this moment sees the event, or is found by it.
    await tx.run(sql`
      select from contacts where workspace_id = ${workspace_id} and id = ${contact_id} for no key update`);
    const [row] = await tx.rows<ContactEvent>(sql`
      insert into contact_events as e (workspace_id, id, contact_id, name, payload, occurred_at)
      values (${workspace_id}, ${newId()}, ${contact_id}, ${event.name}, ${JSON.stringify(event.payload)}::jsonb, ${new Date(at_ms)})
      returning e.id, e.contact_id, e.name, e.payload, ${iso(sql`e.occurred_at`)} as occurred_at`);
    const { name, payload } = event;
    const fact = { workspace_id, contact_id, at: new Date(at_ms), name, payload, event_id: row!.id };
    await happened?.(tx, [{ ...fact, kind: "api_event", key: event.key ?? null }]);
    return row!;
  });
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

/**
 * What was told of each contact since a moment, of these names: the oldest first, by contact_events__contact_id. One
 * statement, however many they are.
 */
export async function eventsSince(
  db: Queryable,
  workspace_id: string,
  contacts: readonly { key: string; contact_id: string; since: Date }[],
  names: readonly string[],
): Promise<{ key: string; id: string; name: string; at: Date }[]> {
  if (contacts.length === 0 || names.length === 0) return [];
  return db.rows(sql`
    select due.key, e.id, e.name, e.occurred_at as at
    from ${rowsOf(contacts, { key: "text", contact_id: "uuid", since: "timestamptz" })}
    join contact_events e on e.workspace_id = ${workspace_id} and e.contact_id = due.contact_id
      and e.name = any(${[...names]}::text[]) and e.occurred_at >= due.since
    order by e.occurred_at, e.id`);
}

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

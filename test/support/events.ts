import { newId } from "../../src/base/base.ts";
import { sql, type Queryable } from "../../src/db/db.ts";

/** A place for events whose ids are of no day. */
export async function makeRoomForEvents(db: Queryable): Promise<void> {
  await db.run(sql`create table if not exists events_any partition of events default`);
}

/** An event of which nothing counts but what is given. */
export async function insertEvent(
  db: Queryable,
  event: { workspace_id: string; journal_id?: string; kind?: string },
): Promise<void> {
  const { workspace_id, journal_id = newId(), kind = "status" } = event;
  await db.run(sql`
    insert into events (workspace_id, id, key, kind, journal_id)
    values (${workspace_id}, ${newId()}, ${`${kind}:${newId()}`}, ${kind}, ${journal_id})`);
}

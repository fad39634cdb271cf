import { sql, Sql, type Database } from "../../src/db/db.ts";

const COLUMNS = [
  "workspace_id",
  "endpoint_id",
  "id",
  "journal_id",
  "kind",
  "body",
  "events",
  "wamids",
  "state",
  "attempts",
  "schedule_start",
  "next_attempt_at",
  "lease",
  "last_status",
  "last_error",
  "last_error_code",
  "last_error_class",
  "recovery_id",
  "created_at",
].join(", ");

/**
 * Lets tests write deliveries as they want them through the view: by its state a row goes to the queue or to the log,
 * as it does when it ends.
 */
export async function allowDeliveryWrites(db: Database): Promise<void> {
  const values = COLUMNS.replaceAll(/\w+/g, "new.$&");
  await db.run(
    new Sql(
      [
        `create function write_delivery() returns trigger language plpgsql as $$ begin
           if tg_op <> 'INSERT' then
             delete from delivery_queue where workspace_id = old.workspace_id and endpoint_id = old.endpoint_id and id = old.id;
             delete from delivery_log where workspace_id = old.workspace_id and endpoint_id = old.endpoint_id and id = old.id;
           end if;
           if tg_op = 'DELETE' then return old; end if;
           if new.state in ('pending', 'held') then
             insert into delivery_queue (${COLUMNS}) values (${values});
           else
             insert into delivery_log (${COLUMNS}, completed_at) values (${values}, new.completed_at);
           end if;
           return new;
         end $$`,
      ],
      [],
    ),
  );
  await db.run(sql`
    create trigger write_delivery instead of insert or update or delete on deliveries
    for each row execute function write_delivery()`);
  for (const [column, value] of [
    ["kind", "'event'"],
    ["wamids", "'{}'"],
    ["state", "'pending'"],
    ["attempts", "0"],
    ["schedule_start", "0"],
    ["created_at", "now()"],
  ])
    await db.run(new Sql([`alter view deliveries alter column ${column} set default ${value}`], []));
}

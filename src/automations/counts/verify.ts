import { sql, type Database } from "../../db/db.ts";
import { addCounts, readCounts } from "./count-changes.ts";
import { messageTables, standingOf } from "./messages.ts";

/** One number that is not what its rows say, or messages whose rows are not what was told of them. */
export interface Difference {
  automation_id: string;
  automation: string;
  says: string;
}

interface Automation {
  workspace_id: string;
  id: string;
  name: string;
  place: string;
}

/**
 * Counts every number of automations anew from activities and messages, and asks of each message whether its row says what
 * its statuses and its person's words do. May run while automations do. `repair` writes what the counts lack; rows are only
 * reported.
 */
export async function* verifyAutomations(
  db: Database,
  { automation_id, repair }: { automation_id?: string | undefined; repair: boolean },
): AsyncGenerator<Difference> {
  for (let after: string | null = null; ;) {
    const found: Automation[] = await db.rows<Automation>(sql`
      select workspace_id, id, name, workspace_id || ' ' || id as place from automations
      where (${automation_id ?? null}::uuid is null or id = ${automation_id ?? null})
        and (${after}::text is null or workspace_id || ' ' || id > ${after})
      order by place limit 100`);
    for (const automation of found) {
      const told = [...(await wrongCounts(db, automation, repair)), ...(await wrongMessages(db, automation))];
      yield* told.map((says) => ({ automation_id: automation.id, automation: automation.name, says }));
    }
    if (found.length < 100) return;
    after = found.at(-1)!.place;
  }
}

interface Count {
  version: number;
  node_id: string;
  key: string;
  n: number;
}

/** Both sides in one snapshot, as rows and counts change in the same transactions. */
function wrongCounts(db: Database, { workspace_id, id }: Automation, repair: boolean): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.run(sql`set transaction isolation level repeatable read`);
    await tx.run(sql`set local statement_timeout = 0`);
    const rows = await tx.rows<Count>(sql`
      with visits as materialized (
        select version, node_id, status, port, count(*) as n from automation_activities
        where workspace_id = ${workspace_id} and automation_id = ${id} group by 1, 2, 3, 4),
      sent as materialized (
        select version, node_id, reached, failed, replied, count(*) as n from automation_messages
        where workspace_id = ${workspace_id} and automation_id = ${id} group by 1, 2, 3, 4, 5)
      select version, node_id, key, sum(n)::float8 as n from (
        select version, node_id, 'is.' || status as key, n from visits
        union all select version, node_id, 'went.' || port, n from visits where port is not null
        union all select version, node_id, 'message.asked', n from sent
        union all select version, node_id, 'message.sent', n from sent where reached >= 1
        union all select version, node_id, 'message.delivered', n from sent where reached >= 2
        union all select version, node_id, 'message.read', n from sent where reached >= 3
        union all select version, node_id, 'message.failed', n from sent where failed
        union all select version, node_id, 'message.replied', n from sent where replied) as keyed
      group by 1, 2, 3`);
    const wrong: (Count & { was: number })[] = [];
    for (const version of await versionsOf(tx, workspace_id, id, rows)) {
      const is = new Map(
        rows.filter((row) => row.version === version).map((row) => [`${row.node_id} ${row.key}`, row]),
      );
      const was = await readCounts(tx, workspace_id, id, version);
      for (const { node_id, key, n } of was)
        if (!is.has(`${node_id} ${key}`)) wrong.push({ version, node_id, key, n: 0, was: n });
      const counted = new Map(was.map((row) => [`${row.node_id} ${row.key}`, row.n]));
      for (const [name, row] of is) {
        const before = counted.get(name) ?? 0;
        if (before !== row.n) wrong.push({ ...row, was: before });
      }
    }
    if (repair)
      await addCounts(
        tx,
        wrong.map(({ was, n, ...key }) => ({ workspace_id, automation_id: id, ...key, n: n - was })),
      );
    return wrong.map(
      ({ version, node_id, key, n, was }) =>
        `${key} at ${node_id} in version ${version} is counted as ${was}, and the rows say ${n}`,
    );
  });
}

async function versionsOf(
  tx: Parameters<typeof readCounts>[0],
  workspace_id: string,
  id: string,
  rows: readonly Count[],
): Promise<Set<number>> {
  const counted = await tx.rows<{ version: number }>(sql`
    select distinct version from automation_counts where workspace_id = ${workspace_id} and automation_id = ${id}`);
  return new Set([...counted, ...rows].map(({ version }) => version));
}

/** A reply, or a message, that was erased or is past its retention stays counted. By the primary keys. */
async function wrongMessages(db: Database, { workspace_id, id }: Automation): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.run(sql`set local statement_timeout = 0`);
    const rows = await tx.rows<{ says: string; n: number; ids: string[] }>(sql`
      with judged as (
        select w.message_id, case
          when w.reached <> ${standingOf.reached} then 'how far they came is not what WhatsApp told'
          when w.failed <> ${standingOf.failed} then 'whether they failed is not what was told'
          when not w.replied and ${standingOf.replied} then 'an answer is not counted' end as says
        from automation_messages w
        join (${messageTables}) on m.workspace_id = w.workspace_id and m.id = w.message_id
        where w.workspace_id = ${workspace_id} and w.automation_id = ${id}),
      missing as (
        select a.message_id, 'they are not counted at all' as says from automation_activities a
        where a.workspace_id = ${workspace_id} and a.automation_id = ${id} and a.message_id is not null and not exists (
          select from automation_messages w where w.workspace_id = a.workspace_id and w.message_id = a.message_id))
      select says, count(*)::integer as n, (array_agg(message_id))[1:5] as ids
      from (select * from judged union all select * from missing) as all_of where says is not null group by says order by says`);
    return rows.map(
      ({ says, n, ids }) => `${n} ${n === 1 ? "message" : "messages"}: ${says} (${ids.join(", ")})`,
    );
  });
}

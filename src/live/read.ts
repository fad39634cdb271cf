import { sql, type Database } from "../db/db.ts";

export interface LiveRow {
  seq: number;
  name: string;
  data: Record<string, unknown>;
}

/**
 * What follows a cursor. `rows`: the next ones, without a hole, up to the limit (none: the end is reached).
 * `lost`: they can't be had. Expired: retention dropped them; ahead: this feed never went so far (a restored backup);
 * hole: a number that must exist does not, which is a bug of the publisher.
 */
export type Page =
  | { state: "rows"; rows: LiveRow[] }
  | { state: "lost"; reason: "expired" | "ahead" | "hole"; detail: string };

/** The seq that a feed has reached; 0 before its first event. */
export async function readEnd(db: Database, workspace_id: string): Promise<number> {
  const feed = await db.first<{ last_seq: number }>(
    sql`select last_seq from live_feeds where workspace_id = ${workspace_id}`,
  );
  return feed?.last_seq ?? 0;
}

/** The feed's end and the page in one statement, hence one snapshot: else the check for holes would be wrong. */
export async function readPage(
  db: Database,
  workspace_id: string,
  after: number,
  limit: number,
): Promise<Page> {
  const found = await db.rows<{ last_seq: number } & (LiveRow | { seq: null })>(sql`
    select feed.last_seq, event.seq, event.name, event.data
    from (select coalesce(max(last_seq), 0) as last_seq from live_feeds where workspace_id = ${workspace_id}) as feed
    left join lateral (
      select seq, name, data from live_events
      where workspace_id = ${workspace_id} and seq > ${after} order by seq limit ${limit}
    ) as event on true
    order by event.seq`);
  const last_seq = found[0]?.last_seq ?? 0;
  const rows: LiveRow[] = [];
  for (const row of found) if (row.seq !== null) rows.push({ seq: row.seq, name: row.name, data: row.data });

  const at = `cursor ${after}, feed at ${last_seq}`;
  if (after > last_seq) return { state: "lost", reason: "ahead", detail: at };
  if (rows.length === 0 && after === last_seq) return { state: "rows", rows };
  const first = rows[0]?.seq ?? last_seq + 1;
  if (first !== after + 1) {
    // Retention only ever takes from the beginning: if something older is still there, it wasn't retention.
    const older = await db.first(
      sql`select from live_events where workspace_id = ${workspace_id} and seq <= ${after} limit 1`,
    );
    return { state: "lost", reason: older ? "hole" : "expired", detail: `${at}, next is ${first}` };
  }
  const bad = rows.findIndex((row, i) => row.seq !== first + i);
  if (bad >= 0) return { state: "lost", reason: "hole", detail: `${at}, ${first + bad} is missing` };
  const end = first + rows.length - 1;
  if (rows.length < limit && end !== last_seq)
    return { state: "lost", reason: "hole", detail: `${at}, ${end + 1} is missing` };
  return { state: "rows", rows };
}

/**
 * Deletes what is older than `hours`, a thousand rows a statement so that no lock is held for long, and only ever
 * from the beginning of a feed. Returns how many.
 */
export async function retain(db: Database, hours: number, batch = 1_000): Promise<number> {
  const feeds = await db.rows<{ workspace_id: string }>(sql`select workspace_id from live_feeds`);
  let deleted = 0;
  for (const { workspace_id } of feeds) {
    for (;;) {
      const count = await db.run(sql`
        with oldest as (
          select seq, created_at from live_events where workspace_id = ${workspace_id} order by seq limit ${batch}
        ),
        kept as (
          select coalesce(min(seq) filter (where created_at >= now() - make_interval(secs => ${hours * 3600})), max(seq) + 1) as first_seq
          from oldest
        )
        delete from live_events using kept
        where workspace_id = ${workspace_id} and seq < kept.first_seq`);
      deleted += count;
      if (count < batch) break;
    }
  }
  return deleted;
}

import type { Database } from "./database.ts";
import { Sql, sql } from "./sql.ts";

/** Rows. Below it any plan is quick; above it autovacuum comes in time. */
const FROM_ROWS = 500;
const TO_ROWS = 200_000;

/**
 * Analyzes small tables that have grown to twice what their statistics say. Autovacuum looks once a minute; until then a
 * table that was empty a moment ago is planned for as if it still were, where any index looks as good as the right one:
 * the first campaign of an installation went out at a tenth of its rate. Plans that are kept (`by_index`) are made anew
 * when statistics are. A queue through which much goes and in which little stands stays as it is. Answers how many tables it analyzed; 0 also while another process does.
 */
export function refreshStatistics(db: Database): Promise<number> {
  return db.transaction(async (tx) => {
    const lock = await tx.first<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended('wharf statistics', 0)) as mine`,
    );
    if (!lock!.mine) return 0;
    const grown = await tx.rows<{ name: string }>(sql`
      select format('%I.%I', s.schemaname, s.relname) as name
      from pg_stat_user_tables s join pg_class c on c.oid = s.relid
      where s.schemaname = current_schema() and s.n_live_tup > ${FROM_ROWS}
        and s.n_live_tup > 2 * greatest(c.reltuples, 0) and c.reltuples < ${TO_ROWS} and pg_get_userbyid(c.relowner) = current_user
      order by s.relid`);
    // Its lock keeps no reader and no writer waiting.
    for (const { name } of grown) await tx.run(new Sql([`analyze ${name}`], []));
    return grown.length;
  });
}

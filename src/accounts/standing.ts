import { sql, type Sql } from "../db/db.ts";

/** Whether what is said is said of a number, or of its account. */
export const isSubject = (said: Sql, number: Sql): Sql => sql`
  ${said}.subject = case ${said}.subject_kind when 'account' then ${number}.waba_id
    else regexp_replace(${number}.display_phone_number, '\\D', '', 'g') end`;

/** Rows of account_facts about a number or its account, by the primary key's first column: a workspace has few. */
const isAbout = (fact: Sql, number: Sql): Sql =>
  sql`${fact}.workspace_id = ${number}.workspace_id and ${isSubject(fact, number)}`;

/**
 * What blocks a number at `now`, as a subquery of facts that forbid something: not over by their own time, not taken back
 * by a reinstatement of the account (whatever was said of a ban since), and said after a person last resumed the number.
 */
export const blockOf = (number: Sql, resumed_at: Sql, now: Sql): Sql => sql`
  select f.blocks, f.says, f.at, f.until from account_facts f
  where ${isAbout(sql`f`, number)} and f.blocks is not null and coalesce(f.until > ${now}, true)
    and f.at > coalesce(${resumed_at}, '-infinity')
    and not exists (
      select from account_facts r
      where r.workspace_id = f.workspace_id and r.subject_kind = f.subject_kind and r.subject = f.subject
        and r.aspect = 'reinstated' and r.at >= f.at)`;

/** A part of the newest fact of an aspect, the number's or its account's; null when it is older than `since`. */
export const factOf = (
  number: Sql,
  aspect: string,
  key: string,
  since: Sql = sql`null::timestamptz`,
): Sql => sql`
  (select f.value ->> ${key} from account_facts f
    where ${isAbout(sql`f`, number)} and f.aspect = ${aspect} and f.at > coalesce(${since}, '-infinity'::timestamptz)
    order by f.at desc, f.rank desc, f.event_id desc limit 1)`;

import { appendTo } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import { LATEST } from "./activity.ts";
import { takeJoins, type Regrouping } from "../inbox/inbox.ts";
import type { LiveChange } from "../live/live.ts";

const AT_ONCE = 100;

/** A module that keeps something of contacts, by their ids; what changed that pages show. */
export type FollowJoin = (tx: Tx, join: Regrouping) => Promise<LiveChange[]>;

/**
 * What a workspace keeps of contacts that turned out to be another one goes to that one, and what `others` keep of them.
 * Answers how many there were, and what to publish.
 */
export async function followJoins(
  tx: Tx,
  others: readonly FollowJoin[],
): Promise<{ count: number; changes: LiveChange[] }> {
  const joins = await takeJoins(tx, AT_ONCE);
  const changes: LiveChange[] = [];
  for (const join of joins) {
    await follow(tx, join);
    for (const one of others) appendTo(changes, await one(tx, join));
  }
  return { count: joins.length, changes };
}

/** Tags, lists and events add up; a value that the one who stays has already is theirs; times are the latest. */
async function follow(tx: Tx, { workspace_id, from, to }: Regrouping): Promise<void> {
  await tx.run(sql`
    with gone as (delete from contact_tags where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into contact_tags (workspace_id, tag_id, contact_id, added_at)
    select workspace_id, tag_id, ${to}, added_at from gone order by tag_id on conflict do nothing`);
  await tx.run(sql`
    with gone as (delete from list_contacts where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into list_contacts (workspace_id, list_id, contact_id, added_at)
    select workspace_id, list_id, ${to}, added_at from gone order by list_id on conflict do nothing`);
  await tx.run(sql`
    with gone as (delete from contact_profiles where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into contact_profiles as p (workspace_id, contact_id, language, country, time_zone, fields)
    select workspace_id, ${to}, language, country, time_zone, fields from gone
    on conflict (workspace_id, contact_id) do update set language = coalesce(p.language, excluded.language),
      country = coalesce(p.country, excluded.country), time_zone = coalesce(p.time_zone, excluded.time_zone),
      fields = excluded.fields || p.fields, updated_at = now()`);
  await tx.run(sql`
    with gone as (delete from contact_activity where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into contact_activity as a (workspace_id, contact_id, last_inbound_at, last_delivered_at, last_read_at, last_replied_at)
    select workspace_id, ${to}, last_inbound_at, last_delivered_at, last_read_at, last_replied_at from gone
    on conflict (workspace_id, contact_id) do update set ${LATEST}`);
  await tx.run(sql`
    update contact_events set contact_id = ${to} where workspace_id = ${workspace_id} and contact_id = ${from}`);
}

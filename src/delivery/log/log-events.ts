import { rowsOf, sql, type Queryable, type Sql } from "../../db/db.ts";
import { SUBSCRIPTION_OF_KIND } from "../../meta/meta.ts";

/** What deliveries carry: the event that says what each is about, and how many more there are. */
export interface CarriedEvents {
  event_id: string | null;
  event_count: number;
}

/** What events are looked for, by the subjects that they name; the inbox module tells which those are for a text. */
export interface EventSearch {
  /** Events that name one of these. */
  any: readonly number[];
  /** And those whose message's id has all of one of these pieces, and this part. */
  part: { pieces: readonly (readonly number[])[]; pattern: string } | null;
}

/** Of an event `e`. */
function namesOneOf({ any, part }: EventSearch): Sql {
  const by_name = sql`e.subjects && ${[...any]}::bigint[]`;
  return part === null ? by_name : sql`(${by_name} or ${hasPart(part)})`;
}

/** The pieces may be those of another id that is cut alike: the id itself has the last word. */
function hasPart({ pieces, pattern }: NonNullable<EventSearch["part"]>): Sql {
  const by_piece = pieces.map((some) => sql`e.subjects @> ${[...some]}::bigint[]`);
  const has_pieces = by_piece.reduce((a, b) => sql`${a} or ${b}`);
  return sql`((${has_pieces}) and (e.key like ${pattern} or exists (
    select from journal said where said.id = e.journal_id
      and replace(convert_from(said.body, 'UTF8'), '\\/', '/') like ${pattern})))`;
}

/**
 * The query for the ids of the webhooks that brought such an event, by events__subjects: subject by subject, which for
 * 2,000 of them takes half as long as all at once. A page of one customer's takes 5 ms of 100,000 webhooks, of 200
 * customers with 10,000 webhooks 0.1 s.
 */
export function webhooksNaming(workspace_id: string, { any, part }: EventSearch): Sql {
  const named = sql`
    select e.journal_id from unnest(${[...any]}::bigint[]) as one (subject) cross join lateral (
      select journal_id from events
       where workspace_id = ${workspace_id} and subjects @> array[one.subject] offset 0) e`;
  if (part === null) return named;
  return sql`${named} union all
    select e.journal_id from events e where e.workspace_id = ${workspace_id} and ${hasPart(part)}`;
}

/**
 * Of each delivery the first of its webhook's events that its endpoint asked for, those that are
 * looked for before others. events__workspace_id__journal_id serves it: 2 ms for 50 deliveries. Of a few kinds only the
 * bytes tell what they belong to; those count.
 */
export async function eventsOfDeliveries(
  db: Queryable,
  workspace_id: string,
  deliveries: readonly { id: string; journal_id: string | null; events: readonly string[] }[],
  search?: EventSearch,
): Promise<Map<string, CarriedEvents>> {
  const asked = deliveries.flatMap(({ id, journal_id, events }) =>
    journal_id === null ? [] : { id, journal_id, unwanted: `{${unwantedKinds(events).join(",")}}` },
  );
  if (asked.length === 0) return new Map();
  const wanted = search ? namesOneOf(search) : sql`true`;
  const rows = await db.rows<{ id: string } & CarriedEvents>(sql`
    select asked.id, carried.event_id, carried.event_count
      from ${rowsOf(asked, { id: "uuid", journal_id: "uuid", unwanted: "text" }, "asked")}
     cross join lateral (
       select (array_agg(e.id order by (${wanted}) desc, e.occurred_at, e.id))[1] as event_id, count(*)::int as event_count
         from events e
        where e.workspace_id = ${workspace_id} and e.journal_id = asked.journal_id
          and e.kind <> all(asked.unwanted::text[])) carried`);
  return new Map(rows.map(({ id, ...carried }) => [id, carried]));
}

const unwantedKinds = (subscriptions: readonly string[]): string[] =>
  Object.entries(SUBSCRIPTION_OF_KIND).flatMap(([kind, subscription]) =>
    subscriptions.includes(subscription) ? [] : kind,
  );

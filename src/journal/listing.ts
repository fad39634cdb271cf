import { firstIdAt, isId } from "../base/base.ts";
import {
  and,
  beforeId,
  sql,
  toListById,
  uuidArray,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../db/db.ts";
import { between } from "./queue.ts";
import { columns, isSeenBy, JOURNAL, stateOf, type JournalState, type JournalWebhook } from "./rows.ts";

/** What events are looked for; the inbox room tells which subjects a text stands for (src/inbox/views/subject-search.ts). */
export interface SubjectSearch {
  /** Events that name one of these. */
  any: readonly number[];
  /** Events whose message's id has all of one of these pieces, and this part. */
  part: { pieces: readonly (readonly number[])[]; pattern: string } | null;
}

export interface JournalFilter {
  state?: JournalState | undefined;
  /** Webhooks that brought an event of these kinds (failures: statuses that say that a message failed), of this number. */
  brought?: { kinds: readonly string[] | "failures"; phone_number_id: string | undefined } | undefined;
  /** When it arrived: from this moment on, and before that one. ISO 8601. */
  since?: string | undefined;
  until?: string | undefined;
  search?: SubjectSearch | undefined;
  /** These webhooks themselves. */
  ids?: readonly string[] | undefined;
}

export interface JournalPage extends Page, JournalFilter {}

/** A webhook of a list, with the event that tells what it is about: of those that were looked for, a message before its statuses. */
export interface ListedWebhook extends JournalWebhook {
  event_id: string | null;
  event_count: number;
}

/** How far webhooks are counted one by one. */
export const COUNT_LIMIT = 1_000;

export interface JournalCounts {
  all: number;
  pending: number;
  done: number;
  dead: number;
}

/** A part of the list: the first `limit` in this order of those within. */
interface Stretch {
  within: (id: Sql) => Sql;
  limit: number;
  order: Sql;
}

/**
 * Newest first. The ids in a statement of their own: with them PostgreSQL plans what is said of each for the days that
 * they are in, where it would plan for all ninety.
 */
export async function listWebhooks(
  db: Queryable,
  workspace_id: string,
  page: JournalPage,
): Promise<List<ListedWebhook>> {
  const listed = await db.rows<{ id: string }>(
    idsOf(workspace_id, page, {
      within: (id) => beforeId(id, page.cursor),
      limit: page.limit + 1,
      order: sql`desc`,
    }),
  );
  if (listed.length === 0) return { data: [], next_cursor: null };
  const ids = listed.map(({ id }) => id);
  const conditions = conditionsOf(page);
  const wanted = conditions.length === 0 ? sql`true` : and(...conditions);
  const rows = await db.rows<ListedWebhook>(sql`
    select ${columns(workspace_id)}, brought.event_id, brought.event_count
    from ${JOURNAL}
    cross join lateral (
      select (array_agg(e.id order by ${wanted} desc, e.kind = 'status', e.occurred_at, e.id))[1] as event_id, count(*)::integer as event_count
      from events e where e.workspace_id = ${workspace_id} and e.journal_id = journal.id) brought
    where journal.id = any(${uuidArray(ids)}::uuid[]) and ${between(ids)}
    order by journal.id desc`);
  return toListById(rows, page.limit);
}

/** The webhooks beside one in the list of this filter, whether or not it is in it. */
export async function readNeighbours(
  db: Queryable,
  workspace_id: string,
  id: string,
  filter: JournalFilter,
): Promise<{ newer: string | null; older: string | null }> {
  const next = async (within: Stretch["within"], order: Sql) =>
    (await db.first<{ id: string }>(idsOf(workspace_id, filter, { within, limit: 1, order })))?.id ?? null;
  const [newer, older] = await Promise.all([
    next((other) => sql`${other} > ${id}::uuid`, sql`asc`),
    next((other) => sql`${other} < ${id}::uuid`, sql`desc`),
  ]);
  return { newer, older };
}

/** How many there are of each state: up to COUNT_LIMIT, but of what waits and is dead all where nothing is filtered. */
export async function countWebhooks(
  db: Queryable,
  workspace_id: string,
  filter: JournalFilter,
): Promise<JournalCounts> {
  const count = async (state: JournalState | undefined, limit: number): Promise<JournalCounts> => {
    const stretch = { within: () => sql`true`, limit, order: sql`desc` };
    const counted = await db.first<JournalCounts>(sql`
      with listed as materialized (${idsOf(workspace_id, { ...filter, state }, stretch)})
      select count(*)::integer as all, count(*) filter (where state = 'pending')::integer as pending,
        count(*) filter (where state = 'done')::integer as done, count(*) filter (where state = 'dead')::integer as dead
      from (
        select ${stateOf} as state from listed
        left join journal_queue queued on queued.journal_id = listed.id
        left join journal_outcomes ended on ended.journal_id = listed.id) of_these`);
    return counted ?? { all: 0, pending: 0, done: 0, dead: 0 };
  };
  const newest = await count(undefined, COUNT_LIMIT);
  if (newest.all < COUNT_LIMIT) return newest;
  const is_filtered = Object.entries(filter).some(([name, value]) => name !== "state" && value !== undefined);
  const few = is_filtered ? COUNT_LIMIT : 2 ** 31 - 1;
  const [pending, done, dead] = await Promise.all([
    count("pending", few),
    newest.done < COUNT_LIMIT ? count("done", COUNT_LIMIT) : newest,
    count("dead", few),
  ]);
  return { all: COUNT_LIMIT, pending: pending.all, done: done.done, dead: dead.all };
}

/** The query for the ids of a stretch of the list. */
function idsOf(workspace_id: string, filter: JournalFilter, stretch: Stretch): Sql {
  const { state, ids, brought, search } = filter;
  const { limit, order } = stretch;
  const conditions = conditionsOf(filter);
  const within = (id: Sql) => and(stretch.within(id), ...timesOf(filter).map((time) => time(id)));
  if (ids === undefined && conditions.length === 0 && (state === undefined || state === "done"))
    return newestOfConnections(workspace_id, within, state, stretch);
  if (conditions.length === 0 || ids !== undefined || state === "pending" || state === "dead") {
    // By the keys of the queue and of the outcomes, or of the journal; of these few each is asked for its events.
    const from =
      state === "pending"
        ? sql`journal_queue q join journal on journal.id = q.journal_id`
        : state === "dead"
          ? sql`journal_outcomes o join journal on journal.id = o.journal_id and o.state = 'dead'`
          : sql`journal`;
    return sql`
      select journal.id from ${from}
      where ${and(
        isSeenBy(workspace_id),
        within(sql`journal.id`),
        ...(ids === undefined ? [] : [sql`journal.id = any(${ids.filter(isId)}::uuid[])`]),
        ...(state === "done" ? [isDone(sql`journal.id`)] : []),
        ...(conditions.length === 0
          ? []
          : [
              sql`exists (
          select from events e where e.workspace_id = ${workspace_id} and e.journal_id = journal.id and ${and(...conditions)})`,
            ]),
      )}
      order by journal.id ${order} limit ${limit}`;
  }
  // Asked row by row: joined, PostgreSQL would read the whole journal to hash it.
  const isKept = (id: Sql) => sql`(
    select ${state === undefined ? sql`true` : isDone(sql`j.id`)} from journal j where j.id = ${id})`;
  // One kind of one number each: a webhook of a thousand statuses counts once.
  const newest = (more: Sql) => sql`(
    select distinct e.journal_id as id from events e
    where e.workspace_id = ${workspace_id} and ${more} and ${within(sql`e.journal_id`)} and ${isKept(sql`e.journal_id`)}
    order by e.journal_id ${order} limit ${limit})`;
  const found = search
    ? foundBySubject(workspace_id, search, conditionsOf({ brought }))
    : foundByKind(workspace_id, brought!, newest);
  return sql`
    with found as materialized (${found})
    select distinct found.id from found where ${within(sql`found.id`)} and ${isKept(sql`found.id`)}
    order by found.id ${order} limit ${limit}`;
}

/**
 * The newest of each connection, by journal__connection_id, and the newest of these: a connection over which little
 * comes is not looked for among all that came over others. Of shared ones each webhook is asked for its events.
 */
function newestOfConnections(
  workspace_id: string,
  within: Stretch["within"],
  state: JournalState | undefined,
  { limit, order }: Stretch,
): Sql {
  return sql`
    select newest.id from connections c
    cross join lateral (
      select journal.id from journal
      where ${and(
        sql`journal.connection_id = c.id`,
        within(sql`journal.id`),
        sql`(c.workspace_id is not null or exists (
          select from events e where e.workspace_id = ${workspace_id} and e.journal_id = journal.id))`,
        ...(state === undefined ? [] : [isDone(sql`journal.id`)]),
      )}
      order by journal.id ${order} limit ${limit}) newest
    where c.workspace_id = ${workspace_id} or c.workspace_id is null
    order by newest.id ${order} limit ${limit}`;
}

/** A webhook that neither waits nor is dead. */
const isDone = (id: Sql) => sql`(
  not exists (select from journal_queue q where q.journal_id = ${id})
  and not exists (select from journal_outcomes o where o.journal_id = ${id} and o.state = 'dead'))`;

/**
 * All that name it, whatever their order, by events__subjects. The subjects stand in a row of their own so that the plan
 * does not depend on how many there are: for a thousand PostgreSQL would rather compare them with those of every event.
 */
function foundBySubject(workspace_id: string, { any, part }: SubjectSearch, conditions: readonly Sql[]): Sql {
  const mine = and(sql`e.workspace_id = ${workspace_id}`, ...conditions);
  const named = sql`
    select e.journal_id as id from (select ${[...any]}::bigint[] as names offset 0) wanted
    cross join lateral (select e.journal_id from events e where e.subjects && wanted.names and ${mine}) e`;
  if (part === null) return named;
  return sql`${named} union all select e.journal_id from events e where ${hasPart(part)} and ${mine}`;
}

/** The newest of each pair of a number and a kind, by events__number__kind; of failures by events__failures. */
function foundByKind(
  workspace_id: string,
  { kinds, phone_number_id }: NonNullable<JournalFilter["brought"]>,
  newest: (more: Sql) => Sql,
): Sql {
  if (kinds === "failures") {
    const ofNumber = phone_number_id === undefined ? [] : [sql`e.phone_number_id = ${phone_number_id}`];
    return sql`select id from ${newest(and(isFailure, ...ofNumber))} found`;
  }
  const pair = sql`${NUMBER_OF_INDEX} = number.id and e.kind = kind.name`;
  const numbers = phone_number_id
    ? sql`select ${phone_number_id}::uuid as id`
    : sql`select id from phone_numbers where workspace_id = ${workspace_id} union all select ${NO_NUMBER}::uuid`;
  return sql`
    select found.id from (${numbers}) number
    cross join (select unnest(${[...kinds]}::text[]) as name) kind
    cross join lateral ${newest(pair)} found`;
}

/** As events__number__kind spells that there is none. */
const NO_NUMBER = "00000000-0000-0000-0000-000000000000";
const NUMBER_OF_INDEX = sql`coalesce(e.phone_number_id, '00000000-0000-0000-0000-000000000000'::uuid)`;
/** As events__failures spells it: `status:{wamid}:failed:{participant}`. */
const isFailure = sql`e.kind = 'status' and e.key like 'status:%:failed:%'`;

/** What an event `e` must be. */
function conditionsOf({ brought, search }: JournalFilter): Sql[] {
  const { kinds, phone_number_id } = brought ?? {};
  return [
    ...(kinds === undefined
      ? []
      : [kinds === "failures" ? isFailure : sql`e.kind = any(${[...kinds]}::text[])`]),
    ...(phone_number_id === undefined ? [] : [sql`e.phone_number_id = ${phone_number_id}`]),
    ...(search === undefined ? [] : [namesOneOf(search)]),
  ];
}

/** Of one event at a time: looked up in a hash, as two lists would be compared each with each. */
function namesOneOf({ any, part }: SubjectSearch): Sql {
  const by_name = sql`exists (select from unnest(e.subjects) as own (name) where own.name = any(${[...any]}::bigint[]))`;
  return part === null ? by_name : sql`(${by_name} or ${hasPart(part)})`;
}

/** The pieces may be those of another id that is cut alike: the id itself has the last word. */
function hasPart({ pieces, pattern }: NonNullable<SubjectSearch["part"]>): Sql {
  const has_pieces = pieces
    .map((some) => sql`e.subjects @> ${[...some]}::bigint[]`)
    .reduce((a, b) => sql`${a} or ${b}`);
  return sql`((${has_pieces}) and (e.key like ${pattern} or exists (
    select from journal said where said.id = e.journal_id
      and replace(convert_from(said.body, 'UTF8'), '\\/', '/') like ${pattern})))`;
}

/** By the id, which begins with the time of arrival. */
function timesOf({ since, until }: JournalFilter): ((id: Sql) => Sql)[] {
  return [
    ...(since === undefined ? [] : [(id: Sql) => sql`${id} >= ${firstIdAt(Date.parse(since))}::uuid`]),
    ...(until === undefined ? [] : [(id: Sql) => sql`${id} < ${firstIdAt(Date.parse(until))}::uuid`]),
  ];
}

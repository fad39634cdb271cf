import type {
  Condition,
  DateTest,
  FieldKind,
  NumberTest,
  SegmentRule,
  SetTest,
  TextTest,
} from "../contract/audience.ts";
import { and, sql, type Sql } from "../db/db.ts";

/** The kind of each field that a rule names, by its id. */
export type FieldKinds = ReadonlyMap<string, FieldKind>;

/** What a rule asks of. */
export const RULE_TABLES = sql`contacts c`;

/**
 * Whether a contact `c` of `workspace_id` is one of the rule's, as a condition; never null. `today` is the day
 * (`2026-11-30`) that "the last days" are counted back from, that day included. What a contact has no value of is no value:
 * `is_not`, `not_in` and `not_in_last_days` are true of it, every other test but `is_not_set` is false.
 *
 * Each condition on another table is a set of ids that is found once, by going through that table or by its index, and
 * looked up for each contact. Beside joins of these tables this takes half the time at a million contacts, and what several
 * groups ask costs no more than its parts.
 */
export function ruleSql(
  rule: SegmentRule,
  about: {
    workspace_id: string;
    fields: FieldKinds;
    today: string;
    /** Of these contacts alone it is asked (`uuid[]`): each is looked up, and no table is gone through. */
    among?: Buffer | undefined;
  },
): Sql {
  const one = (condition: Condition): Sql => sql`coalesce(${conditionSql(condition, about)}, false)`;
  return either(
    rule.groups.map((group) =>
      and(
        ...cheapFirst(group).map((each) =>
          each.on === "any"
            ? either(each.groups.map((inner) => and(...cheapFirst(inner).map(one))))
            : one(each),
        ),
      ),
    ),
  );
}

type Asked = SegmentRule["groups"][number][number];

/** Within alternatives PostgreSQL asks in the order that is written: what the contact's own row tells goes before look-ups. */
const cheapFirst = <Each extends Asked>(group: readonly Each[]): Each[] =>
  group.toSorted((a, b) => costOf(a) - costOf(b));
const costOf = (asked: Asked): number => {
  if (asked.on === "any") return 2;
  const own =
    asked.on === "consent" ||
    (asked.on === "about" && asked.what === "name") ||
    (asked.on === "time" && asked.what === "created_at");
  return own ? 0 : 1;
};

const either = (parts: Sql[]): Sql => sql`(${parts.reduce((before, next) => sql`${before} or ${next}`)})`;

type About = Parameters<typeof ruleSql>[1];

function conditionSql(condition: Condition, about: About): Sql {
  switch (condition.on) {
    case "field":
      return fieldSql(condition, about);
    case "about":
      return aboutSql(condition, about);
    case "time":
      return timeSql(condition, about);
    case "tag":
      return condition.op === "any"
        ? withTags(condition.ids, about)
        : sql`not ${withTags(condition.ids, about)}`;
    case "list":
      return condition.op === "any"
        ? inLists(condition.ids, about)
        : sql`not ${inLists(condition.ids, about)}`;
    case "consent": {
      const is = sql`c.marketing_state = any(${condition.states}::text[])`;
      return condition.op === "is" ? is : sql`not ${is}`;
    }
    case "event":
      return eventSql(condition, about);
    case "campaign":
      return campaignSql(condition, about);
  }
}

const TIMES = {
  last_inbound_at: sql`a.last_inbound_at`,
  last_delivered_at: sql`a.last_delivered_at`,
  last_read_at: sql`a.last_read_at`,
  last_replied_at: sql`a.last_replied_at`,
};

function timeSql({ what, test }: Extract<Condition, { on: "time" }>, about: About): Sql {
  const { workspace_id, today } = about;
  if (what === "created_at") return momentSql(sql`c.created_at`, test, today);
  return holding(
    test,
    (positive) => sql`c.id in (
      select a.contact_id from contact_activity a
      where a.workspace_id = ${workspace_id} and ${among(sql`a`, about)} and ${momentSql(TIMES[what], positive, today)})`,
  );
}

const among = (table: Sql, { among: ids }: About): Sql =>
  ids === undefined ? sql`true` : sql`${table}.contact_id = any(${ids}::uuid[])`;

/** Those whose profile `p` meets it. */
const withProfile = (condition: Sql, about: About): Sql => sql`c.id in (
  select p.contact_id from contact_profiles p
  where p.workspace_id = ${about.workspace_id} and ${among(sql`p`, about)} and ${condition})`;

/** A test that is also true where there is no value is the opposite of one that is not. */
function holding<Test extends { op: string }>(test: Test, set: (positive: Test) => Sql): Sql {
  const op = POSITIVE.get(test.op);
  return op === undefined ? set(test) : sql`not ${set({ ...test, op })}`;
}
const POSITIVE: ReadonlyMap<string, string> = new Map([
  ["is_not", "is"],
  ["not_in", "in"],
  ["not_in_last_days", "in_last_days"],
  ["is_not_set", "is_set"],
]);

const dayOf = (moment: Sql) => sql`(${moment} at time zone 'UTC')::date`;

function fieldSql({ field_id, test }: Extract<Condition, { on: "field" }>, about: About): Sql {
  const kind = about.fields.get(field_id);
  // Deleted since the rule was written: nothing has a value of it.
  if (kind === undefined) return test.op === "is_not" || test.op === "not_in" ? sql`true` : sql`false`;
  const value = sql`p.fields ->> ${field_id}::text`;
  return holding(test, (positive) => withProfile(valueSql(kind, value, positive, about.today), about));
}

function valueSql(
  kind: FieldKind,
  text: Sql,
  test: Extract<Condition, { on: "field" }>["test"],
  today: string,
): Sql {
  switch (kind) {
    case "number":
      return numberSql(sql`(${text})::numeric`, test as NumberTest | SetTest);
    case "date":
      return dateSql(sql`(${text})::date`, test as DateTest | SetTest, today);
    case "boolean":
      return test.op === "is" ? sql`${text} = ${String(test.value)}` : setSql(text, test as SetTest);
    case "text":
    case "choice":
      return textSql(text, test as TextTest | SetTest);
  }
}

function aboutSql({ what, test }: Extract<Condition, { on: "about" }>, about: About): Sql {
  if (what === "name") return textSql(sql`coalesce(c.name, c.book_name, c.profile_name)`, test);
  if (what === "language" || what === "time_zone") {
    const column = what === "language" ? sql`p.language` : sql`p.time_zone`;
    return holding(test, (positive) => withProfile(textSql(column, positive), about));
  }
  // A contact with several numbers is in what is asked where any of them is, and in its opposite where none is.
  const numbered = (condition: Sql) => sql`c.id in (
    select i.contact_id from contact_identities i
    where i.workspace_id = ${about.workspace_id} and ${among(sql`i`, about)} and i.kind in ('wa_id', 'phone') and not i.former and ${condition})`;
  if (what === "phone")
    return holding(digitsOnly(test), (positive) => numbered(codeSql(sql`i.value`, positive)));
  // What was set goes before the numbers' countries.
  return holding(
    test,
    (positive) => sql`(${withProfile(codeSql(sql`p.country`, positive), about)}
      or (${numbered(codeSql(sql`i.country`, positive))} and not ${withProfile(sql`p.country is not null`, about)}))`,
  );
}

/** Numbers are kept as digits alone. */
function digitsOnly(test: TextTest | SetTest): TextTest | SetTest {
  const digits = (text: string) => text.replace(/\D/g, "");
  switch (test.op) {
    case "is_set":
    case "is_not_set":
      return test;
    case "in":
    case "not_in":
      return { op: test.op, value: test.value.map(digits) };
    default:
      return { op: test.op, value: digits(test.value) };
  }
}

function textSql(value: Sql, test: TextTest | SetTest): Sql {
  switch (test.op) {
    case "is":
      return sql`lower(${value}) = lower(${test.value})`;
    case "is_not":
      return sql`lower(${value}) is distinct from lower(${test.value})`;
    case "contains":
      return sql`position(lower(${test.value}) in lower(${value})) > 0`;
    case "starts_with":
      return sql`starts_with(lower(${value}), lower(${test.value}))`;
    case "in":
      return sql`lower(${value}) = any(array(select lower(wanted) from unnest(${test.value}::text[]) as wanted))`;
    case "not_in":
      return sql`not coalesce(lower(${value}) = any(array(select lower(wanted) from unnest(${test.value}::text[]) as wanted)), false)`;
    default:
      return setSql(value, test);
  }
}

/** Of a column that is in capitals, or digits: compared as it stands, and so by its index. */
function codeSql(value: Sql, test: TextTest | SetTest): Sql {
  if (test.op === "is") return sql`${value} = ${test.value.toUpperCase()}`;
  if (test.op === "in") return sql`${value} = any(${test.value.map((each) => each.toUpperCase())}::text[])`;
  return textSql(value, test);
}

function setSql(value: Sql, { op }: SetTest): Sql {
  return op === "is_set" ? sql`${value} is not null` : sql`${value} is null`;
}

function numberSql(value: Sql, test: NumberTest | SetTest): Sql {
  switch (test.op) {
    case "=":
      return sql`${value} = ${test.value}::numeric`;
    case "<":
      return sql`${value} < ${test.value}::numeric`;
    case ">":
      return sql`${value} > ${test.value}::numeric`;
    case "<=":
      return sql`${value} <= ${test.value}::numeric`;
    case ">=":
      return sql`${value} >= ${test.value}::numeric`;
    case "between":
      return sql`${value} between ${test.value[0]}::numeric and ${test.value[1]}::numeric`;
    default:
      return setSql(value, test);
  }
}

function dateSql(day: Sql, test: DateTest | SetTest, today: string): Sql {
  switch (test.op) {
    case "before":
      return sql`${day} < ${test.value}::date`;
    case "after":
      return sql`${day} > ${test.value}::date`;
    case "on":
      return sql`${day} = ${test.value}::date`;
    case "between":
      return sql`${day} between ${test.value[0]}::date and ${test.value[1]}::date`;
    case "in_last_days":
      return sql`${day} > ${today}::date - ${test.value}::integer and ${day} <= ${today}::date`;
    case "not_in_last_days":
      return sql`not coalesce(${day} > ${today}::date - ${test.value}::integer and ${day} <= ${today}::date, false)`;
    default:
      return setSql(day, test);
  }
}

/** The same of a moment, by days of UTC; compared as moments, as each row is asked. */
function momentSql(moment: Sql, test: DateTest | SetTest, today: string): Sql {
  const start = (day: Sql) => sql`(${day})::timestamp at time zone 'UTC'`;
  const within = (from: Sql, to: Sql) =>
    sql`${moment} >= ${start(from)} and ${moment} < ${start(sql`${to} + 1`)}`;
  switch (test.op) {
    case "before":
      return sql`${moment} < ${start(sql`${test.value}::date`)}`;
    case "after":
      return sql`${moment} >= ${start(sql`${test.value}::date + 1`)}`;
    case "on":
      return within(sql`${test.value}::date`, sql`${test.value}::date`);
    case "between":
      return within(sql`${test.value[0]}::date`, sql`${test.value[1]}::date`);
    case "in_last_days":
      return within(sql`${today}::date - ${test.value}::integer + 1`, sql`${today}::date`);
    case "not_in_last_days":
      return sql`not coalesce(${momentSql(moment, { op: "in_last_days", value: test.value }, today)}, false)`;
    default:
      return setSql(moment, test);
  }
}

const withTags = (ids: readonly string[], about: About): Sql => sql`c.id in (
  select t.contact_id from contact_tags t
  where t.workspace_id = ${about.workspace_id} and ${among(sql`t`, about)} and t.tag_id = any(${ids}::uuid[]))`;

const inLists = (ids: readonly string[], about: About): Sql => sql`c.id in (
  select l.contact_id from list_contacts l
  where l.workspace_id = ${about.workspace_id} and ${among(sql`l`, about)} and l.list_id = any(${ids}::uuid[]))`;

/** One who did nothing of the kind has the count and the sum 0, and no last time. */
function eventSql({ name, within_days, test }: Extract<Condition, { on: "event" }>, about: About): Sql {
  const recent = inLastDays(sql`e.occurred_at`, within_days, about);
  const measure = {
    count: sql`count(*)::numeric`,
    last: dayOf(sql`max(e.occurred_at)`),
    sum: sql`coalesce(sum(${amount(test)}), 0)`,
  }[test.of];
  const matches = (value: Sql): Sql =>
    test.of === "last" ? dateSql(value, test.test, about.today) : numberSql(value, test.test);
  // Who did it is found by contact_events__name; who did not has to be counted in where zero is what is asked.
  const those = sql`contact_events e
    where e.workspace_id = ${about.workspace_id} and ${among(sql`e`, about)} and e.name = ${name} and ${recent}`;
  const nothing = test.of === "last" ? sql`null::date` : sql`0::numeric`;
  return counted(test.of === "count" ? test.test : null, {
    did: sql`c.id in (select e.contact_id from ${those} group by e.contact_id having ${matches(measure)})`,
    any: sql`c.id in (select e.contact_id from ${those})`,
    nothing: matches(nothing),
  });
}

/**
 * Whose count, or another measure, meets a test: `did` of those who did it at all, who are `any`; `nothing` tells whether it
 * is met by none. A count that each of them meets, or none, needs no counting.
 */
function counted(
  count: NumberTest | null,
  { did, any, nothing }: Record<"did" | "any" | "nothing", Sql>,
): Sql {
  const some = count === null ? "some" : metByCounts(count);
  const who = some === "all" ? any : some === "none" ? sql`false` : did;
  return sql`(${who} or (coalesce(${nothing}, false) and not ${any}))`;
}

/** Which counts from 1 on meet the test. */
function metByCounts(test: NumberTest): "all" | "none" | "some" {
  const [least, most] = {
    "=": (value: number) => [value, value],
    "<": (value: number) => [-Infinity, Math.ceil(value) - 1],
    "<=": (value: number) => [-Infinity, value],
    ">": (value: number) => [Math.floor(value) + 1, Infinity],
    ">=": (value: number) => [value, Infinity],
    between: () => [0, 0],
  }[test.op](test.op === "between" ? 0 : test.value) as [number, number];
  const [from, to] = test.op === "between" ? test.value : [least, most];
  if (to < 1 || from > to) return "none";
  return from <= 1 && to === Infinity ? "all" : "some";
}

/** The number at the path of the payload; what stands there otherwise counts as nothing. */
function amount(test: Extract<Condition, { on: "event" }>["test"]): Sql {
  const path = test.of === "sum" ? test.path : [];
  return sql`case when jsonb_typeof(e.payload #> ${path}::text[]) = 'number' then (e.payload #>> ${path}::text[])::numeric end`;
}

const inLastDays = (moment: Sql, days: number | null, { today }: About): Sql =>
  days === null ? sql`true` : momentSql(moment, { op: "in_last_days", value: days }, today);

/** When it was so, of a recipient `r`: a message that was read was delivered, and one that was delivered was sent. */
const RECEIVED = {
  sent: sql`coalesce(r.sent_at, r.delivered_at, r.read_at, r.played_at)`,
  delivered: sql`coalesce(r.delivered_at, r.read_at, r.played_at)`,
  read: sql`coalesce(r.read_at, r.played_at)`,
  replied: sql`r.replied_at`,
  clicked: sql`r.clicked_at`,
};

/** By campaign_recipients' key where one campaign is named; else over all of them. */
function campaignSql(
  { campaign_id, what, within_days, count }: Extract<Condition, { on: "campaign" }>,
  about: About,
): Sql {
  const those = sql`campaign_recipients r
    where r.workspace_id = ${about.workspace_id} and ${among(sql`r`, about)} and ${campaign_id === null ? sql`true` : sql`r.campaign_id = ${campaign_id}`}
      and ${RECEIVED[what]} is not null and ${inLastDays(RECEIVED[what], within_days, about)}`;
  return counted(count, {
    did: sql`c.id in (
      select r.contact_id from ${those} group by r.contact_id having ${numberSql(sql`count(*)::numeric`, count)})`,
    any: sql`c.id in (select r.contact_id from ${those})`,
    nothing: numberSql(sql`0::numeric`, count),
  });
}

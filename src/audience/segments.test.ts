import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { newId } from "../base/base.ts";
import type {
  Condition,
  DateTest,
  FieldKind,
  NumberTest,
  SegmentRule,
  SetTest,
  TextTest,
} from "../contract/audience.ts";
import { SegmentRule as SegmentRuleShape } from "../contract/audience.ts";
import { sql, type Database } from "../db/db.ts";
import { addField } from "./fields.ts";
import { addList } from "./lists.ts";
import { readFieldKinds } from "./rule-check.ts";
import { RULE_TABLES } from "./rule-sql.ts";
import { inRule } from "./segments.ts";
import { addTag } from "./tags.ts";

let db: Database;
let workspace_id: string;
let fields: Record<FieldKind, string>;
let tags: string[];
let lists: string[];
let campaigns: string[];
const TODAY = "2026-11-30";
const DAY_MS = 86_400_000;

beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id } = await createTestWorkspace(db));
  const made = await Promise.all(
    (["text", "number", "date", "boolean", "choice"] as const).map(async (kind) => {
      const choices = kind === "choice" ? ["red", "Green", "blue"] : [];
      return [kind, (await addField(db, workspace_id, { name: kind, kind, choices })).id] as const;
    }),
  );
  fields = Object.fromEntries(made) as Record<FieldKind, string>;
  tags = await Promise.all(["a", "b"].map(async (name) => (await addTag(db, workspace_id, name)).id));
  lists = await Promise.all(
    ["a", "b"].map(async (name) => (await addList(db, workspace_id, { name, description: null })).id),
  );
  campaigns = [newId(), newId()];
});

/** A contact as the test thinks of one. */
interface Person {
  name: string | null;
  state: string;
  numbers: { value: string; country: string | null; former: boolean }[];
  country: string | null;
  language: string | null;
  fields: Partial<Record<FieldKind, string | number | boolean>>;
  tags: number[];
  lists: number[];
  created_at: Date;
  last_read_at: Date | null;
  last_inbound_at: Date | null;
  events: { name: string; at: Date; total: number | string | null }[];
  /** Of each campaign, by its place in `campaigns`. */
  received: (Record<Received, Date | null> | null)[];
}

const RECEIVED = ["sent_at", "delivered_at", "read_at", "played_at", "replied_at", "clicked_at"] as const;
type Received = (typeof RECEIVED)[number];

const WORDS = ["", "red", "Green", "blue", "Ada", "ada lovelace", "Ärger", "DE", "BR", "pt-BR"];
const word = fc.constantFrom(...WORDS);
const moment = fc
  .integer({ min: -40 * 24, max: 2 * 24 })
  .map((hours) => new Date(Date.parse(TODAY) + hours * 3_600_000));
const day = moment.map((at) => at.toISOString().slice(0, 10));
const amount = fc.constantFrom(-1, 0, 0.5, 1, 2, 10, 100);
const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

const person: fc.Arbitrary<Person> = fc.record({
  name: some(word),
  state: fc.constantFrom("SUBSCRIBED", "UNSUBSCRIBED", "UNKNOWN", "REDACTED"),
  numbers: fc.array(
    fc.record({
      value: fc.integer({ min: 100, max: 140 }).map(String),
      country: some(fc.constantFrom("DE", "BR")),
      former: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  country: some(fc.constantFrom("DE", "BR", "FR")),
  language: some(fc.constantFrom("pt-BR", "de")),
  fields: fc.record(
    {
      text: word,
      number: amount,
      date: day,
      boolean: fc.boolean(),
      choice: fc.constantFrom("red", "Green", "blue"),
    },
    { requiredKeys: [] },
  ),
  tags: fc.uniqueArray(fc.integer({ min: 0, max: 1 })),
  lists: fc.uniqueArray(fc.integer({ min: 0, max: 1 })),
  created_at: moment,
  last_read_at: some(moment),
  last_inbound_at: some(moment),
  events: fc.array(
    fc.record({
      name: fc.constantFrom("order", "visit"),
      at: moment,
      total: some(fc.oneof(amount, fc.constant("12"))),
    }),
    { maxLength: 4 },
  ),
  received: fc.tuple(some(recipient()), some(recipient())),
});

function recipient(): fc.Arbitrary<Record<Received, Date | null>> {
  const times = Object.fromEntries(RECEIVED.map((name) => [name, some(moment)]));
  return fc.record(times as Record<Received, fc.Arbitrary<Date | null>>);
}

const setTest = fc.constantFrom<SetTest>({ op: "is_set" }, { op: "is_not_set" });
const textTest: fc.Arbitrary<TextTest> = fc.oneof(
  fc.record({ op: fc.constantFrom("is", "is_not", "contains", "starts_with"), value: word }),
  fc.record({ op: fc.constantFrom("in", "not_in"), value: fc.array(word, { minLength: 1, maxLength: 3 }) }),
);
const choiceTest = textTest.filter(({ op }) => op !== "contains" && op !== "starts_with");
const numberTest: fc.Arbitrary<NumberTest> = fc.oneof(
  fc.record({
    op: fc.constantFrom("=" as const, "<" as const, ">" as const, "<=" as const, ">=" as const),
    value: amount,
  }),
  fc.record({ op: fc.constant("between" as const), value: fc.tuple(amount, amount) }),
);
const dateTest: fc.Arbitrary<DateTest> = fc.oneof(
  fc.record({ op: fc.constantFrom("before" as const, "after" as const, "on" as const), value: day }),
  fc.record({ op: fc.constant("between" as const), value: fc.tuple(day, day) }),
  fc.record({
    op: fc.constantFrom("in_last_days" as const, "not_in_last_days" as const),
    value: fc.integer({ min: 1, max: 30 }),
  }),
);
const orSet = <T>(tests: fc.Arbitrary<T>) => fc.oneof(tests, setTest);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom<FieldKind>("text", "number", "date", "boolean", "choice").chain((kind) => {
    const tests: Record<FieldKind, fc.Arbitrary<unknown>> = {
      text: textTest,
      choice: choiceTest,
      number: numberTest,
      date: dateTest,
      boolean: fc.record({ op: fc.constant("is"), value: fc.boolean() }),
    };
    return orSet(tests[kind]).map(
      (each) => ({ on: "field", field_id: fields[kind], test: each }) as Condition,
    );
  }),
  fc.record({
    on: fc.constant("about" as const),
    what: fc.constantFrom("name" as const, "country" as const, "language" as const),
    test: orSet(textTest),
  }),
  fc.record({
    on: fc.constant("about" as const),
    what: fc.constant("phone" as const),
    test: orSet(
      fc.record({
        op: fc.constantFrom("is" as const, "is_not" as const, "starts_with" as const),
        value: fc.integer({ min: 10, max: 140 }).map((value) => `+${value}`),
      }),
    ),
  }),
  fc.record({
    on: fc.constant("time" as const),
    what: fc.constantFrom("created_at" as const, "last_inbound_at" as const, "last_read_at" as const),
    test: orSet(dateTest),
  }),
  fc
    .tuple(
      fc.constantFrom("tag" as const, "list" as const),
      fc.constantFrom("any" as const, "none" as const),
      fc.integer({ min: 1, max: 3 }),
    )
    .map(([on, op, bits]): Condition => ({
      on,
      op,
      ids: (on === "tag" ? tags : lists).filter((_, i) => bits & (1 << i)),
    })),
  fc.record({
    on: fc.constant("consent" as const),
    op: fc.constantFrom("is" as const, "is_not" as const),
    states: fc.uniqueArray(
      fc.constantFrom("SUBSCRIBED" as const, "UNSUBSCRIBED" as const, "UNKNOWN" as const),
      { minLength: 1 },
    ),
  }),
  fc.record({
    on: fc.constant("event" as const),
    name: fc.constantFrom("order", "visit", "nothing"),
    within_days: some(fc.integer({ min: 1, max: 30 })),
    test: fc.oneof(
      fc.record({ of: fc.constant("count" as const), test: numberTest }),
      fc.record({ of: fc.constant("last" as const), test: orSet(dateTest) }),
      fc.record({
        of: fc.constant("sum" as const),
        path: fc.constant<string[]>(["cart", "total"]),
        test: numberTest,
      }),
    ),
  }),
);
const anyCampaign = fc.record({
  on: fc.constant("campaign" as const),
  campaign_id: some(fc.integer({ min: 0, max: 1 })),
  what: fc.constantFrom(
    "sent" as const,
    "delivered" as const,
    "read" as const,
    "replied" as const,
    "clicked" as const,
  ),
  within_days: some(fc.integer({ min: 1, max: 30 })),
  count: numberTest,
});
const conditions = fc.oneof(
  { weight: 7, arbitrary: condition },
  {
    weight: 2,
    arbitrary: anyCampaign.map(({ campaign_id, ...asked }): Condition => ({
      ...asked,
      campaign_id: campaign_id === null ? null : campaigns[campaign_id]!,
    })),
  },
);
const group = fc.array(conditions, { minLength: 1, maxLength: 3 });
const rule: fc.Arbitrary<SegmentRule> = fc.record({
  groups: fc.array(
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: conditions },
        {
          weight: 1,
          arbitrary: fc.record({
            on: fc.constant("any" as const),
            groups: fc.array(group, { minLength: 1, maxLength: 2 }),
          }),
        },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    { minLength: 1, maxLength: 2 },
  ),
});

// The naive filter: what each test means, person by person.

type Value = string | number | boolean | null | undefined;
const low = (value: Value) => (typeof value === "string" ? value.toLowerCase() : null);

function meetsText(value: Value, test: TextTest | SetTest): boolean {
  const text = low(value);
  switch (test.op) {
    case "is_set":
      return text !== null;
    case "is_not_set":
      return text === null;
    case "is":
      return text === low(test.value);
    case "is_not":
      return text !== low(test.value);
    case "contains":
      return text?.includes(low(test.value)!) ?? false;
    case "starts_with":
      return text?.startsWith(low(test.value)!) ?? false;
    case "in":
      return text !== null && test.value.some((each) => low(each) === text);
    case "not_in":
      return text === null || !test.value.some((each) => low(each) === text);
  }
}

function meetsNumber(value: Value, test: NumberTest | SetTest): boolean {
  if (!("value" in test)) return (typeof value === "number") === (test.op === "is_set");
  if (typeof value !== "number") return false;
  if (test.op === "between") return value >= test.value[0] && value <= test.value[1];
  return {
    "=": value === test.value,
    "<": value < test.value,
    ">": value > test.value,
    "<=": value <= test.value,
    ">=": value >= test.value,
  }[test.op];
}

function meetsDay(value: string | null, test: DateTest | SetTest): boolean {
  if (test.op === "is_set" || test.op === "is_not_set") return (value !== null) === (test.op === "is_set");
  const within = (days: number) =>
    value !== null &&
    value <= TODAY &&
    value > new Date(Date.parse(TODAY) - days * DAY_MS).toISOString().slice(0, 10);
  switch (test.op) {
    case "in_last_days":
      return within(test.value);
    case "not_in_last_days":
      return !within(test.value);
    case "before":
      return value !== null && value < test.value;
    case "after":
      return value !== null && value > test.value;
    case "on":
      return value === test.value;
    case "between":
      return value !== null && value >= test.value[0] && value <= test.value[1];
  }
}

const dayOf = (at: Date | null) => at?.toISOString().slice(0, 10) ?? null;

/** `is_not` of several numbers: none of them is. */
function meetsNumbers(values: (string | null)[], test: TextTest | SetTest): boolean {
  if (test.op === "is_not") return !meetsNumbers(values, { op: "is", value: test.value });
  if (test.op === "not_in") return !meetsNumbers(values, { op: "in", value: test.value });
  if (test.op === "is_not_set") return !meetsNumbers(values, { op: "is_set" });
  return values.some((value) => meetsText(value, test));
}

function meets(one: Person, asked: Condition): boolean {
  switch (asked.on) {
    case "field": {
      const kind = (Object.keys(fields) as FieldKind[]).find((each) => fields[each] === asked.field_id)!;
      const value = one.fields[kind];
      if (kind === "number") return meetsNumber(value, asked.test as NumberTest);
      if (kind === "date") return meetsDay((value as string | undefined) ?? null, asked.test as DateTest);
      if (kind === "boolean")
        return asked.test.op === "is"
          ? value === asked.test.value
          : (value !== undefined) === (asked.test.op === "is_set");
      return meetsText(value, asked.test as TextTest);
    }
    case "about": {
      const current = one.numbers.filter(({ former }) => !former);
      if (asked.what === "phone") {
        const test = asked.test as
          | Extract<TextTest, { op: "is" | "is_not" | "contains" | "starts_with" }>
          | SetTest;
        return meetsNumbers(
          current.map(({ value }) => value),
          "value" in test && typeof test.value === "string"
            ? { ...test, value: test.value.replace("+", "") }
            : test,
        );
      }
      if (asked.what === "country")
        return one.country === null
          ? meetsNumbers(
              current.map(({ country }) => country),
              asked.test,
            )
          : meetsText(one.country, asked.test);
      return meetsText(asked.what === "name" ? one.name : one.language, asked.test);
    }
    case "time":
      return meetsDay(
        dayOf(one[asked.what as "created_at" | "last_inbound_at" | "last_read_at"]),
        asked.test,
      );
    case "tag":
    case "list": {
      const all = asked.on === "tag" ? tags : lists;
      return one[`${asked.on}s`].some((i) => asked.ids.includes(all[i]!)) === (asked.op === "any");
    }
    case "consent":
      return (asked.states as string[]).includes(one.state) === (asked.op === "is");
    case "event": {
      const { test } = asked;
      const those = one.events.filter(
        ({ name, at }) =>
          name === asked.name &&
          (asked.within_days === null ||
            meetsDay(dayOf(at), { op: "in_last_days", value: asked.within_days })),
      );
      if (test.of === "count") return meetsNumber(those.length, test.test);
      if (test.of === "sum")
        return meetsNumber(
          those.reduce((sum, { total }) => sum + (typeof total === "number" ? total : 0), 0),
          test.test,
        );
      const last = those.map(({ at }) => at.getTime()).sort((a, b) => b - a)[0];
      return meetsDay(last === undefined ? null : dayOf(new Date(last)), test.test);
    }
    case "campaign": {
      const { campaign_id, within_days } = asked;
      const those = one.received.filter((times, i) => {
        const at = times && momentOf(times, asked.what);
        return (
          at !== null &&
          (campaign_id === null || campaigns[i] === campaign_id) &&
          (within_days === null || meetsDay(dayOf(at), { op: "in_last_days", value: within_days }))
        );
      });
      return meetsNumber(those.length, asked.count);
    }
  }
}

/** Who read it got it, and who got it was sent it. */
function momentOf(
  { sent_at, delivered_at, read_at, played_at, replied_at, clicked_at }: Record<Received, Date | null>,
  what: Extract<Condition, { on: "campaign" }>["what"],
): Date | null {
  const read = read_at ?? played_at;
  const delivered = delivered_at ?? read;
  return { sent: sent_at ?? delivered, delivered, read, replied: replied_at, clicked: clicked_at }[what];
}

const isIn = (one: Person, { groups }: SegmentRule) =>
  one.state !== "REDACTED" &&
  groups.some((all) =>
    all.every((each) =>
      each.on === "any"
        ? each.groups.some((inner) => inner.every((some) => meets(one, some)))
        : meets(one, each),
    ),
  );

async function store(people: readonly Person[]): Promise<string[]> {
  const ids = people.map(() => newId());
  await db.transaction(async (tx) => {
    await tx.run(sql`delete from contact_identities where workspace_id = ${workspace_id}`);
    for (const table of [
      sql`contact_profiles`,
      sql`contact_activity`,
      sql`contact_tags`,
      sql`list_contacts`,
      sql`contact_events`,
      sql`campaign_recipients`,
      sql`contacts`,
    ])
      await tx.run(sql`delete from ${table} where workspace_id = ${workspace_id}`);
    for (const [i, one] of people.entries()) {
      const id = ids[i]!;
      await tx.run(sql`insert into contacts (workspace_id, id, name, marketing_state, created_at)
        values (${workspace_id}, ${id}, ${one.name}, ${one.state}, ${one.created_at})`);
      for (const [n, { value, country, former }] of one.numbers.entries())
        await tx.run(sql`insert into contact_identities (workspace_id, kind, value, contact_id, former, country)
          values (${workspace_id}, ${n === 0 ? "wa_id" : "phone"}, ${value}, ${id}, ${former}, ${country}) on conflict do nothing`);
      const values = Object.fromEntries(
        Object.entries(one.fields).map(([kind, value]) => [fields[kind as FieldKind], value]),
      );
      if (i % 2 === 0 || one.country !== null || one.language !== null || Object.keys(values).length > 0)
        await tx.run(sql`insert into contact_profiles (workspace_id, contact_id, country, language, fields)
          values (${workspace_id}, ${id}, ${one.country}, ${one.language}, ${JSON.stringify(values)}::jsonb)`);
      if (one.last_inbound_at ?? one.last_read_at)
        await tx.run(sql`insert into contact_activity (workspace_id, contact_id, last_inbound_at, last_read_at)
          values (${workspace_id}, ${id}, ${one.last_inbound_at}, ${one.last_read_at})`);
      for (const tag of one.tags)
        await tx.run(
          sql`insert into contact_tags (workspace_id, tag_id, contact_id) values (${workspace_id}, ${tags[tag]}, ${id})`,
        );
      for (const list of one.lists)
        await tx.run(
          sql`insert into list_contacts (workspace_id, list_id, contact_id) values (${workspace_id}, ${lists[list]}, ${id})`,
        );
      for (const { name, at, total } of one.events)
        await tx.run(sql`insert into contact_events (workspace_id, id, contact_id, name, payload, occurred_at)
          values (${workspace_id}, ${newId()}, ${id}, ${name}, ${JSON.stringify({ cart: { total } })}::jsonb, ${at})`);
      for (const [n, times] of one.received.entries())
        if (times)
          await tx.run(sql`insert into campaign_recipients (workspace_id, campaign_id, contact_id, place,
              sent_at, delivered_at, read_at, played_at, replied_at, clicked_at)
            values (${workspace_id}, ${campaigns[n]}, ${id}, ${i}, ${times.sent_at}, ${times.delivered_at},
              ${times.read_at}, ${times.played_at}, ${times.replied_at}, ${times.clicked_at})`);
    }
  });
  return ids;
}

/** No number is two people's. */
function apart(people: readonly Person[]): Person[] {
  const taken = new Set<string>();
  return people.map((one) => ({
    ...one,
    numbers: one.numbers.filter(({ value }) => !taken.has(value) && taken.add(value)),
  }));
}

test("a segment has the people that a naive filter finds, whatever its conditions and whatever is known of them", async () => {
  const kinds = await readFieldKinds(db, workspace_id);
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { minLength: 6, maxLength: 12 }),
      fc.array(rule, { minLength: 12, maxLength: 12 }),
      async (anyone, rules) => {
        const people = apart(anyone);
        const ids = await store(people);
        for (const each of rules) {
          const asked = SegmentRuleShape.parse(each);
          const rows = await db.rows<{ id: string }>(sql`
            select c.id from ${RULE_TABLES} where ${inRule(asked, { workspace_id, fields: kinds, today: TODAY })}`);
          const wanted = ids.filter((_, i) => isIn(people[i]!, asked));
          expect({ asked, ids: rows.map(({ id }) => id).sort() }).toEqual({ asked, ids: wanted.sort() });
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("a country is found by an index of its own, a whole number by its key, and who never did a thing without counting", async () => {
  const kinds = await readFieldKinds(db, workspace_id);
  const planOf = (condition: Condition) =>
    db.transaction(async (tx) => {
      // What is scanned where there is a choice: with a dozen rows PostgreSQL reads them all.
      await tx.run(sql`set local enable_seqscan = off`);
      await tx.run(sql`set local enable_bitmapscan = off`);
      const where = inRule({ groups: [[condition]] }, { workspace_id, fields: kinds, today: TODAY });
      const rows = await tx.rows<{ "QUERY PLAN": string }>(
        sql`explain select c.id from ${RULE_TABLES} where ${where}`,
      );
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
  const country = await planOf({ on: "about", what: "country", test: { op: "in", value: ["BR"] } });
  expect(country).toContain("contact_identities__country");
  expect(country).toContain("contact_profiles__country");
  const phone = await planOf({ on: "about", what: "phone", test: { op: "is", value: "+4915112345678" } });
  expect(phone).toContain("value = '4915112345678'");
  expect(phone).not.toContain("lower(");
  const count = (test: NumberTest) =>
    planOf({ on: "event", name: "order", within_days: null, test: { of: "count", test } });
  expect(await count({ op: "=", value: 0 })).not.toContain("Aggregate");
  expect(await count({ op: ">=", value: 1 })).not.toContain("Aggregate");
  expect(await count({ op: ">=", value: 2 })).toContain("Aggregate");
});

import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { newId, Problem } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import type { BatchFacts, Heard, Moved } from "../live/change.ts";
import {
  addEvent,
  addField,
  addList,
  addSegment,
  addTag,
  applyAudience,
  changeField,
  changeMembers,
  changeProfile,
  getProfile,
  listEvents,
  listFields,
  listTags,
  previewRule,
  removeField,
  removeList,
  removeTag,
  renameTag,
} from "./audience.ts";
import { followJoins } from "./joining.ts";

let db: Database;
let workspace_id: string;
beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id } = await createTestWorkspace(db));
});

async function contact(number?: string): Promise<string> {
  const id = newId();
  await db.run(sql`insert into contacts (workspace_id, id, name) values (${workspace_id}, ${id}, 'Ada')`);
  if (number !== undefined)
    await db.run(sql`insert into contact_identities (workspace_id, kind, value, contact_id, country)
      values (${workspace_id}, 'wa_id', ${number}, ${id}, 'BR')`);
  return id;
}

const refusal = (what: Promise<unknown>) =>
  what.then(
    () => "nothing was refused",
    (error: unknown) => (error instanceof Problem ? `${error.code} ${error.detail}` : String(error)),
  );

test.each([
  ["text", "Ada", 1, "takes text"],
  ["number", 1.5, "1.5", "takes a number"],
  ["boolean", true, "true", "takes true or false"],
  ["date", "2024-02-29", "2023-02-29", "takes a date, as 2026-11-30"],
  ["date", "0001-01-01", "30.11.2026", "takes a date, as 2026-11-30"],
  ["choice", "red", "Red", "takes one of red, blue"],
] as const)("a %s field keeps %j and refuses %j", async (kind, good, bad, says) => {
  const choices = kind === "choice" ? ["red", "blue", "red"] : [];
  const field = await addField(db, workspace_id, { name: `${kind} ${newId()}`, kind, choices });
  const id = await contact();
  expect((await changeProfile(db, workspace_id, id, { fields: { [field.id]: good } })).fields[field.id]).toBe(
    good,
  );
  expect(await refusal(changeProfile(db, workspace_id, id, { fields: { [field.id]: bad } }))).toContain(says);
  expect((await getProfile(db, workspace_id, id)).fields[field.id]).toBe(good);
  expect((await changeProfile(db, workspace_id, id, { fields: { [field.id]: null } })).fields).toEqual({});
});

test("language, country and time zone are written one way, and refused where there is no such thing", async () => {
  const id = await contact("5531987654321");
  expect((await getProfile(db, workspace_id, id)).country).toBe("BR");
  const profile = await changeProfile(db, workspace_id, id, {
    language: "PT_br",
    country: "de",
    time_zone: "america/sao_paulo",
  });
  expect(profile).toMatchObject({ language: "pt-BR", country: "DE", time_zone: "America/Sao_Paulo" });
  expect(await refusal(changeProfile(db, workspace_id, id, { language: "no language" }))).toContain(
    "is no language",
  );
  expect(await refusal(changeProfile(db, workspace_id, id, { country: "ZX" }))).toContain("is no country");
  expect(await refusal(changeProfile(db, workspace_id, id, { time_zone: "Mars/Base" }))).toContain(
    "is no time zone",
  );
  expect((await changeProfile(db, workspace_id, id, { country: null })).country).toBe("BR");
});

test("names are taken once, whatever their case; a deleted field, tag or list leaves nothing behind", async () => {
  const tag = await addTag(db, workspace_id, "VIP");
  expect(await refusal(addTag(db, workspace_id, "vip"))).toContain("NAME_TAKEN");
  expect((await renameTag(db, workspace_id, tag.id, "Vip")).name).toBe("Vip");
  const field = await addField(db, workspace_id, { name: "Size", kind: "choice", choices: ["S", "M"] });
  expect(await refusal(changeField(db, workspace_id, field.id, { choices: [] }))).toContain(
    "has one at least",
  );
  const list = await addList(db, workspace_id, { name: "Spring", description: null });
  const id = await contact();
  await changeProfile(db, workspace_id, id, { fields: { [field.id]: "M" }, add_tags: [tag.id, tag.id] });
  expect(await changeMembers(db, workspace_id, list.id, { add: [id, newId(), id], remove: [] })).toEqual({
    added: 1,
    removed: 0,
  });
  expect(await getProfile(db, workspace_id, id)).toMatchObject({
    fields: { [field.id]: "M" },
    tags: [{ id: tag.id, name: "Vip" }],
    lists: [{ id: list.id, name: "Spring" }],
  });
  expect((await listTags(db, workspace_id)).data.find((each) => each.id === tag.id)?.contacts).toBe(1);
  await removeField(db, workspace_id, field.id);
  await removeTag(db, workspace_id, tag.id);
  await removeList(db, workspace_id, list.id);
  expect(await getProfile(db, workspace_id, id)).toMatchObject({ fields: {}, tags: [], lists: [] });
  expect((await listFields(db, workspace_id)).data.some((each) => each.id === field.id)).toBe(false);
});

test("a rule that names what is not there, or tests a field as it can't be, is refused with its place", async () => {
  const field = await addField(db, workspace_id, { name: "Weight", kind: "number", choices: [] });
  const segment = (condition: object) =>
    refusal(addSegment(db, workspace_id, { name: "x", rule: { groups: [[condition as never]] } }));
  expect(await segment({ on: "field", field_id: newId(), test: { op: "is_set" } })).toContain("`groups.0.0`");
  expect(await segment({ on: "field", field_id: field.id, test: { op: "contains", value: "1" } })).toContain(
    "of kind number",
  );
  expect(
    await segment({
      on: "field",
      field_id: field.id,
      test: { op: "between", value: ["2026-01-01", "2026-01-02"] },
    }),
  ).toContain("of kind number");
  expect(await segment({ on: "tag", op: "any", ids: [newId()] })).toContain("names a tag");
  expect(await segment({ on: "list", op: "none", ids: [newId()] })).toContain("names a list");
});

test("an event hangs on the contact that it names, by id or by number", async () => {
  const id = await contact("4915123456789");
  const now = Date.parse("2026-11-30T12:00:00Z");
  const told = { name: "order", payload: { cart: { total: 12.5 } } };
  await addEvent(
    db,
    workspace_id,
    { ...told, contact_id: id, occurred_at: "2026-11-29T12:00:00+01:00" },
    now,
  );
  await addEvent(db, workspace_id, { ...told, phone: "+49 (0)1512 3456789" }, now);
  const { data } = await listEvents(db, workspace_id, id, { limit: 10 });
  expect(data.map(({ occurred_at }) => occurred_at)).toEqual([
    "2026-11-30T12:00:00.000Z",
    "2026-11-29T11:00:00.000Z",
  ]);
  expect(await refusal(addEvent(db, workspace_id, told, now))).toContain("one of `contact_id` and `phone`");
  expect(await refusal(addEvent(db, workspace_id, { ...told, phone: "12" }, now))).toContain(
    "not a complete",
  );
  expect(
    await refusal(
      addEvent(db, workspace_id, { ...told, contact_id: id, occurred_at: "2026-12-01T00:00:00Z" }, now),
    ),
  ).toContain("still to come");
  const rule = (value: number) => ({
    groups: [
      [
        {
          on: "event" as const,
          name: "order",
          within_days: null,
          test: { of: "sum" as const, path: ["cart", "total"], test: { op: ">=" as const, value } },
        },
      ],
    ],
  });
  expect(
    (await previewRule(db, workspace_id, rule(25), "2026-11-30")).contacts.map((each) => each.id),
  ).toEqual([id]);
  expect((await previewRule(db, workspace_id, rule(25.01), "2026-11-30")).count).toBe(0);
});

const heard = (contact_id: string, minute: number, quoted_message_id: string | null = null): Heard => ({
  workspace_id,
  contact_id,
  conversation_id: contact_id,
  message_id: newId(),
  phone_number: newId(),
  reply: quoted_message_id === null ? null : { kind: "quote", payload: null, title: null, quoted_message_id },
  at: new Date(minute * 60_000),
});
const moved = (contact_id: string, status: Moved["status"], minute: number): Moved => ({
  workspace_id,
  message_id: newId(),
  conversation_id: contact_id,
  contact_id,
  status,
  before: null,
  at: new Date(minute * 60_000),
  error: null,
  origin: null,
});
const apply = (facts: Partial<BatchFacts>) =>
  db.transaction((tx) =>
    applyAudience(tx, [], { heard: [], moved: [], stated: [], unplaced: [], joined: false, ...facts }),
  );
const minutes = async (id: string) => {
  const profile = await getProfile(db, workspace_id, id);
  return [
    profile.last_inbound_at,
    profile.last_delivered_at,
    profile.last_read_at,
    profile.last_replied_at,
  ].map((at) => at && Date.parse(at) / 60_000);
};

test("what a contact did last is the latest of each, in whatever order and however often it is told", async () => {
  const id = await contact();
  const facts: Partial<BatchFacts>[] = [
    { heard: [heard(id, 5), heard(id, 2, newId())] },
    { moved: [moved(id, "DELIVERED", 7), moved(id, "SENT", 20), moved(id, "FAILED", 21)] },
    { moved: [moved(id, "PLAYED", 6)], heard: [heard(id, 1)] },
    { moved: [moved(id, "READ", 3)] },
  ];
  for (const each of [...facts, ...facts.toReversed()]) await apply(each);
  expect(await minutes(id)).toEqual([5, 7, 6, 2]);
});

test("contacts that turn out to be one keep what was known of either", async () => {
  const [from, to] = [await contact(), await contact()];
  const [first, second] = [
    await addField(db, workspace_id, { name: "First", kind: "text", choices: [] }),
    await addField(db, workspace_id, { name: "Second", kind: "text", choices: [] }),
  ];
  const tags = [await addTag(db, workspace_id, "one"), await addTag(db, workspace_id, "two")];
  const list = await addList(db, workspace_id, { name: "Joined", description: null });
  await changeProfile(db, workspace_id, from, {
    language: "de",
    country: "AT",
    fields: { [first.id]: "theirs", [second.id]: "only theirs" },
    add_tags: tags.map(({ id }) => id),
  });
  await changeProfile(db, workspace_id, to, {
    country: "CH",
    fields: { [first.id]: "own" },
    add_tags: [tags[0]!.id],
  });
  await changeMembers(db, workspace_id, list.id, { add: [from], remove: [] });
  await addEvent(db, workspace_id, { name: "order", contact_id: from, payload: {} }, Date.now());
  await apply({ heard: [heard(from, 9), heard(to, 4, newId())] });
  await db.run(sql`
    insert into contact_joins (workspace_id, id, from_id, to_id) values (${workspace_id}, ${newId()}, ${from}, ${to})`);
  expect(await db.transaction((tx) => followJoins(tx, []))).toEqual({ count: 1, changes: [] });
  expect(await db.transaction((tx) => followJoins(tx, []))).toEqual({ count: 0, changes: [] });
  const profile = await getProfile(db, workspace_id, to);
  expect(profile).toMatchObject({ language: "de", country: "CH", lists: [{ id: list.id }] });
  expect(profile.fields).toEqual({ [first.id]: "own", [second.id]: "only theirs" });
  expect(profile.tags.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(await minutes(to)).toEqual([9, null, null, 4]);
  expect((await listEvents(db, workspace_id, to, { limit: 10 })).data).toHaveLength(1);
  expect(await getProfile(db, workspace_id, from)).toMatchObject({ fields: {}, tags: [], lists: [] });
});

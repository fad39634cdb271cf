import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import {
  createEventMaker,
  createTestNumber,
  person,
  plainStatus,
  said,
  wamidOver as wamidOf,
} from "../../test/support/inbox.ts";
import { applyAudience } from "../audience/audience.ts";
import { idOf as hashOf, newId } from "../base/base.ts";
import { Sql, sql } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import type { Person } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";

let api: TestApi;
let number: string;
let make: ReturnType<typeof createEventMaker>;
const T = 1_700_000_000;

beforeAll(async () => {
  api = await createTestApi();
  number = await createTestNumber(api.db, api.workspace_id, api.connection_id);
  make = createEventMaker(api.workspace_id, number);
});
beforeEach(() => {
  cast += 1;
});
/** Each test has people of its own. */
let cast = 0;
const digits = (n: number) => `4915550${String(cast).padStart(2, "0")}${String(n).padStart(4, "0")}`;

/** With a token as Meta makes them. */
const wamidOver = (identity: string, name: string) =>
  wamidOf(identity, hashOf(name).replaceAll("-", "").toUpperCase());

interface Row {
  id: string;
  display_name: string;
  text: string | null;
}
/** What a test reads of an answer. */
type Answer = Record<string, unknown> & { id: string; data: Row[]; next_cursor: string | null };

async function ask(method: "GET" | "POST" | "PATCH", path: string, payload?: object) {
  const answer = await api.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${api.key}` },
    ...(payload ? { payload } : {}),
  });
  return { status: answer.statusCode, body: answer.json<Answer>() };
}
const apply = (...events: RoutedEvent[]) =>
  api.db.transaction(async (tx) => applyAudience(tx, events, await applyInbox(tx, events)));
const heard = (from: Person, text: string, token: string, at_s = T) =>
  make(
    {
      kind: "message",
      wamid: wamidOver(from.wa_id ?? from.user_id!, token),
      from,
      group_id: null,
      message: said(text),
    },
    at_s,
  );
const contactsNow = async (query = "") => (await ask("GET", `/contacts?${query}`)).body.data;
const idOf = async (name: string) => (await contactsNow(`search=${encodeURIComponent(name)}`))[0]!.id;

test("a list is filtered, sorted by each order page by page, and counted to the last one", async () => {
  const tag = (await ask("POST", "/tags", { name: "list" })).body.id;
  const list = (await ask("POST", "/lists", { name: "list" })).body.id;
  for (let n = 0; n < 7; n++)
    await apply(
      heard(person({ wa_id: digits(n), profile_name: `Pager ${"gfedcba"[n]}` }), "hi", `page-${n}`, T + n),
    );
  const added = await ask("POST", "/contacts", { phone: `+${digits(8)}`, add_tags: [tag], language: "de" });
  expect(added).toMatchObject({ status: 201, body: { created: true } });
  expect((await ask("POST", "/contacts", { phone: `+${digits(8)}`, name: "Pager z" })).body).toEqual({
    id: added.body.id,
    created: false,
  });
  const all = await contactsNow("search=Pager");
  const wanted: Record<string, string[]> = {
    newest: ["z", "a", "b", "c", "d", "e", "f", "g"],
    name: ["a", "b", "c", "d", "e", "f", "g", "z"],
    last_inbound: ["a", "b", "c", "d", "e", "f", "g", "z"],
  };
  for (const [sort, names] of Object.entries(wanted)) {
    const found: string[] = [];
    for (let cursor = ""; ;) {
      const { body } = await ask("GET", `/contacts?search=Pager&sort=${sort}&limit=3${cursor}`);
      found.push(...body.data.map((one) => one.display_name.slice(-1)));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect([sort, found]).toEqual([sort, names]);
  }
  expect((await ask("GET", "/contacts/count?search=Pager")).body).toEqual({ count: 8 });
  expect(all.find((one) => one.display_name === "Pager z")).toMatchObject({
    country: "DE",
    tags: [{ name: "list" }],
  });

  const bulk = { filter: { search: "Pager", country: "DE" }, add_tags: [tag], add_lists: [list] };
  expect((await ask("POST", "/contacts/bulk", bulk)).body).toEqual({ contacts: 8, changes: 15 });
  const off = { ids: [added.body.id], remove_lists: [list] };
  expect((await ask("POST", "/contacts/bulk", off)).body).toEqual({ contacts: 1, changes: 1 });
  expect((await ask("GET", `/contacts/count?list=${list}`)).body).toEqual({ count: 7 });
  expect((await ask("GET", `/contacts/count?tag=${tag}`)).body).toEqual({ count: 8 });
  const rule = { groups: [[{ on: "list", op: "any", ids: [list] }]] };
  const segment = (await ask("POST", "/segments", { name: "on the list", rule })).body.id;
  expect(
    (await contactsNow(`segment=${segment}&sort=name`)).map((one) => one.display_name.slice(-1)),
  ).toEqual(wanted["name"]!.slice(0, 7));
  expect((await ask("GET", `/audience_uses?kind=list&id=${list}`)).body).toEqual({
    segments: [{ id: segment, name: "on the list" }],
    campaigns: [],
    automations: [],
  });
  expect(await ask("GET", `/contacts?segment=${newId()}`)).toMatchObject({ status: 404 });
});

test.each(["", " ", "\u3164", "\u200e", "\u2800"])(
  "a name that is typed, of which nothing is seen (%j), takes ours away and hides theirs by none (F9)",
  async (blank) => {
    await apply(heard(person({ wa_id: digits(5), profile_name: "Their own name" }), "hi", "blank-1"));
    const id = await idOf("their own name");
    const named = async (name: string) => {
      await ask("PATCH", `/contacts/${id}/profile`, { name });
      const { name: kept, display_name } = (await ask("GET", `/contacts/${id}`)).body;
      return [kept, display_name];
    };
    expect(await named("Ours")).toEqual(["Ours", "Ours"]);
    expect(await named(blank)).toEqual([null, "Their own name"]);
  },
);

test("two contacts become one with all that hangs on either, and two phone numbers never do", async () => {
  await apply(heard(person({ wa_id: digits(1), profile_name: "Merged one" }), "one", "merge-1"));
  await apply(heard(person({ user_id: "DE.77", profile_name: "Merged two" }), "two", "merge-2", T + 1));
  await apply(heard(person({ wa_id: digits(2), profile_name: "Merged not" }), "three", "merge-3", T + 2));
  const [one, two, other] = [await idOf("Merged one"), await idOf("Merged two"), await idOf("Merged not")];
  const tags = [];
  for (const name of ["kept", "taken over"]) tags.push((await ask("POST", "/tags", { name })).body.id);
  await ask("PATCH", `/contacts/${one}/profile`, { name: "By hand", add_tags: [tags[0]], language: "de" });
  await ask("PATCH", `/contacts/${two}/profile`, {
    add_tags: tags,
    language: "fr",
    time_zone: "Europe/Paris",
  });

  expect((await ask("GET", `/contacts/${one}/merge?from_id=${other}`)).body).toMatchObject({
    refused: "number",
  });
  expect(await ask("POST", `/contacts/${one}/merge`, { from_id: other })).toMatchObject({
    status: 409,
    body: { code: "MERGE_REFUSED" },
  });
  expect((await ask("GET", `/contacts/${two}/merge?from_id=${one}`)).body).toEqual({
    refused: null,
    stays: { id: one, display_name: "By hand" },
    goes: { id: two, display_name: "Merged two" },
    conversations: 1,
    messages: 1,
    tags: 2,
    lists: 0,
  });
  const campaign = newId();
  await api.db.run(
    sql`insert into campaigns (workspace_id, id, name) values (${api.workspace_id}, ${campaign}, 'Autumn')`,
  );
  await api.db.run(sql`
    insert into campaign_recipients (workspace_id, campaign_id, contact_id, place) values (${api.workspace_id}, ${campaign}, ${two}, 1)`);
  expect((await ask("POST", `/contacts/${two}/merge`, { from_id: one })).body).toEqual({ id: one });
  // In other modules too.
  expect((await ask("GET", `/contacts/${one}/campaigns`)).body.data).toMatchObject([
    { campaign_id: campaign },
  ]);
  // Why it did not reach them.
  await api.db.run(
    sql`update campaign_recipients set state = 8, error_code = 131026 where campaign_id = ${campaign}`,
  );
  expect((await ask("GET", `/contacts/${one}/campaigns`)).body.data).toMatchObject([
    { state: "FAILED", skip_reason: null, error: { code: 131026, title: expect.stringMatching(/./) } },
  ]);
  expect(await ask("GET", `/contacts/${two}`)).toMatchObject({ status: 404 });
  expect((await ask("GET", `/contacts/${one}/profile`)).body).toMatchObject({
    language: "de",
    time_zone: "Europe/Paris",
    tags: [{ name: "kept" }, { name: "taken over" }],
  });
  const conversations = (await ask("GET", `/contacts/${one}/conversations`)).body.data;
  expect(conversations).toHaveLength(1);
  const thread = await ask("GET", `/conversations/${conversations[0]!.id}/messages`);
  expect(thread.body.data.map((line) => line.text)).toEqual(["two", "one"]);
  // What comes later by either is the one's.
  await apply(heard(person({ user_id: "DE.77" }), "four", "merge-4", T + 3));
  expect(await contactsNow(`search=${digits(1)}`)).toHaveLength(1);
  expect((await ask("GET", `/contacts/${one}/conversations`)).body.data).toHaveLength(1);
});

/** Every text in the database that holds one of the words, but for what retention removes: the webhooks, and what indexes them. */
async function placesOf(words: readonly string[]): Promise<string[]> {
  const columns = await api.db.rows<{ table_name: string; column_name: string }>(sql`
    select c.table_name, c.column_name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'jsonb', 'ARRAY', 'character varying')
      and c.table_name !~ '^(events|journal|delivery|idempotency)'`);
  const found: string[] = [];
  for (const { table_name, column_name } of columns) {
    const rows = await api.db.rows(sql`
      select 1 from ${new Sql([`"${table_name}"`], [])} t, unnest(${words}::text[]) as word
      where strpos(lower(t.${new Sql([`"${column_name}"`], [])}::text), lower(word)) > 0 limit 1`);
    if (rows.length > 0) found.push(`${table_name}.${column_name}`);
  }
  return found.sort();
}

test("of a person who was erased nothing is left that tells who it was, and nothing told later brings it back", async () => {
  const wa_id = digits(1);
  const zoe = person({
    wa_id,
    user_id: "DE.42424242424242424242",
    profile_name: "Zoë Quast",
    username: "zoequast",
  });
  await apply(
    heard(zoe, "Zoë Quast lives in Linden Street", "erase-1"),
    heard(zoe, "STOP", "erase-2", T + 1),
  );
  await apply(
    make(
      {
        kind: "reaction",
        wamid: wamidOver(wa_id, "erase-r"),
        from: zoe,
        target_wamid: wamidOver(wa_id, "erase-1"),
        emoji: "❤️",
        group_id: null,
      },
      T + 2,
    ),
  );
  const id = await idOf("Zoë");
  const field = (await ask("POST", "/contact_fields", { name: "Nick", kind: "text" })).body.id;
  const tag = (await ask("POST", "/tags", { name: "erased later" })).body.id;
  const list = (await ask("POST", "/lists", { name: "erased later" })).body.id;
  await ask("PATCH", `/contacts/${id}/profile`, {
    name: "Zoë Quast of Linden Street",
    fields: { [field]: "Zoë Quast" },
    add_tags: [tag],
    add_lists: [list],
  });
  await ask("POST", "/events", { name: "order", contact_id: id, payload: { to: "Zoë Quast" } });
  const conversation = (await ask("GET", `/contacts/${id}/conversations`)).body.data[0]!.id;
  // What was sent to them: one that went, and one that still waits.
  const sent = [newId(), newId()];
  for (const [n, message_id] of sent.entries()) {
    await api.db
      .run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
        identity_kind, identity_value, text, content, sent_at, received_at)
      values (${api.workspace_id}, ${message_id}, ${conversation}, 'OUTBOUND', 'AGENT', 'sent', ${message_id}, 'text',
        ${n === 0 ? wamidOver(wa_id, "erase-3") : null}, null, 'wa_id', ${wa_id}, 'Dear Zoë Quast', '{"body":"Dear Zoë Quast"}', now(), now())`);
    await api.db
      .run(sql`insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, asked_at)
      values (${api.workspace_id}, ${message_id}, ${number}, 0, 'wa_id', ${wa_id}, '{"type":"text","body":"Dear Zoë Quast"}', ${n === 0 ? "sent" : "queued"}, now())`);
  }
  const campaign = newId();
  await api.db.run(
    sql`insert into campaigns (workspace_id, id, name) values (${api.workspace_id}, ${campaign}, 'Winter')`,
  );
  await api.db.run(sql`
    insert into campaign_recipients (workspace_id, campaign_id, contact_id, place, state, "values", sent_at)
    values (${api.workspace_id}, ${campaign}, ${id}, 1, 4, '{"first_name":"Zoë Quast"}', now())`);
  expect((await ask("GET", `/contacts/${id}/campaigns`)).body.data).toMatchObject([
    { campaign_id: campaign, name: "Winter", state: "SENT" },
  ]);
  const words = [wa_id, "Quast", "DE.4242", "Linden Street"];
  expect((await placesOf(words)).length).toBeGreaterThan(15);

  expect((await ask("GET", `/contacts/${id}/erase`)).body).toMatchObject({ messages: 4, queued: 1 });
  expect(await ask("POST", `/contacts/${id}/erase`, {})).toMatchObject({ status: 400 });
  const erased = await ask("POST", `/contacts/${id}/erase`, { confirm: true });
  expect(erased).toMatchObject({ status: 200, body: { messages: 4, queued: 1 } });
  expect(await placesOf(words)).toEqual([]);
  expect((await ask("GET", `/contacts/${id}`)).body).toMatchObject({
    display_name: "Erased person",
    marketing_state: "REDACTED",
    identities: [],
    phone: null,
    consent: [{ state: "REDACTED" }, { state: "UNSUBSCRIBED", evidence: null }],
  });
  const states = await api.db.rows<{ state: string }>(sql`
    select state from sends where workspace_id = ${api.workspace_id} and id = any(${sent}::uuid[]) order by id`);
  expect(states.map(({ state }) => state)).toEqual(["sent", "cancelled"]);

  // A late status counts for its message, with all that Meta says of the person, and an edit of what is gone says nothing.
  const before = (await ask("GET", "/contacts/count")).body;
  await apply(
    make({ ...plainStatus(wamidOver(wa_id, "erase-1"), "read", zoe), callback_data: sent[0]! }, T + 50),
    make({ ...plainStatus(wamidOver("DE.42424242424242424242", "erase-2"), "delivered", zoe) }, T + 51),
    heard(zoe, "Zoë Quast lives in Linden Street", "erase-1"),
  );
  expect(await placesOf(words)).toEqual([]);
  expect((await ask("GET", "/contacts/count")).body).toEqual(before);
  expect(await ask("POST", `/contacts/${id}/erase`, { confirm: true })).toMatchObject({
    status: 409,
    body: { code: "ERASE_REFUSED" },
  });
  expect(
    (await ask("POST", "/contacts/bulk", { ids: [id], add_tags: [tag], add_lists: [list] })).body,
  ).toEqual({
    contacts: 0,
    changes: 0,
  });

  // Who writes again is someone new.
  await apply(heard(zoe, "It is me", "erase-9", T + 90));
  const anew = await idOf("Zoë");
  expect(anew).not.toBe(id);
  expect((await ask("GET", `/contacts/${anew}`)).body).toMatchObject({
    marketing_state: "UNKNOWN",
    consent: [],
  });
  expect((await ask("GET", `/contacts/${id}`)).body).toMatchObject({ display_name: "Erased person" });
});

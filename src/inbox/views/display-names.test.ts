import { expect, test } from "vitest";
import { newId } from "../../base/base.ts";
import { migrate, readMigrations, sql } from "../../db/db.ts";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";

test("names of which nothing is seen go, usernames lose their @, and the address book goes first: for old contacts too (F9, F19)", async () => {
  const db = await createTestDatabase({ empty: true });
  const migrations = await readMigrations();
  const at = migrations.findIndex(({ name }) => name.endsWith("_search.sql"));
  await migrate(db, migrations.slice(0, at));
  const { workspace_id } = await createTestWorkspace(db);
  const contact = async (
    value: string,
    profile: string | null,
    book: string | null,
    username: string | null,
  ) => {
    const id = newId();
    await db.run(
      sql`insert into contacts (workspace_id, id, profile_name, username) values (${workspace_id}, ${id}, ${profile ?? book}, ${username})`,
    );
    const at = (name: string | null) => (name === null ? null : new Date(0).toISOString());
    const event = (name: string | null) => (name === null ? null : newId());
    await db.run(sql`
      insert into contact_identities (workspace_id, kind, value, contact_id, profile_name, profile_at, profile_event,
        username, username_at, username_event, book_name, book_at, book_event)
      values (${workspace_id}, 'wa_id', ${value}, ${id}, ${profile}, ${at(profile)}, ${event(profile)},
        ${username}, ${at(username)}, ${event(username)}, ${book}, ${at(book)}, ${event(book)})`);
  };
  await contact("1", "Ann", "Ann of the book", "ann");
  await contact("2", "\u3164", "Bob of the book", "@bob");
  await contact("3", null, "Eve of the book", "@@eve");
  await contact("4", "\u200e \u2800", "\u200b", " ");
  await contact("5", "👍🏽 \u200d", null, null);
  const blanks = [
    "\u00ad",
    "\u034f",
    "\u115f",
    "\u180e",
    "\u2060",
    "\u3000",
    "\ufe0f",
    "\ufeff",
    "\uffa0",
    "\u{e0041}",
    "\u{e0100}",
    "\t",
  ];
  for (const [i, blank] of blanks.entries()) await contact(`6${i}`, blank, null, null);
  await migrate(db, migrations.slice(0, at + 1));
  const rows = await db.rows<Record<string, string | null>>(sql`
    select i.value, c.profile_name, c.book_name, c.username, i.profile_name as profile, i.profile_at, i.username as user
    from contact_identities i join contacts c on c.id = i.contact_id order by i.value`);
  expect(rows.slice(0, 5)).toMatchObject([
    { profile_name: "Ann", book_name: "Ann of the book", username: "ann" },
    {
      profile_name: null,
      profile: null,
      profile_at: null,
      book_name: "Bob of the book",
      username: "bob",
      user: "bob",
    },
    { profile_name: null, book_name: "Eve of the book", username: "eve" },
    { profile_name: null, book_name: null, username: null },
    { profile_name: "👍🏽 \u200d", book_name: null },
  ]);
  expect(rows.slice(5).map((row) => row["profile_name"])).toEqual(blanks.map(() => null));
});

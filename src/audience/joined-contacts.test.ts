import { expect, test } from "vitest";
import { type FreshInbox, onFreshInbox, person, said } from "../../test/support/inbox.ts";
import { sql, type Database } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import type { Person } from "../meta/events.ts";
import { addTag, applyAudience, changeProfile, getProfile } from "./audience.ts";

let db: Database;
let workspace_id: string;
let make: FreshInbox["make"];
onFreshInbox((inbox) => void ({ db, workspace_id, make } = inbox));

const message = (from: Person, wamid: string, at_s: number) =>
  db.transaction(async (tx) => {
    const events = [make({ kind: "message", wamid, from, group_id: null, message: said("hello") }, at_s)];
    await applyAudience(tx, events, await applyInbox(tx, events));
  });

test("who was known by a number and by an id keeps the tags of both, once a message says that they are one", async () => {
  await message(person({ wa_id: "5531987654321" }), "w1", 1_700_000_000);
  await message(person({ user_id: "US.1" }), "w2", 1_700_000_001);
  const before = await db.rows<{ id: string }>(
    sql`select id from contacts where workspace_id = ${workspace_id}`,
  );
  const tags = await Promise.all(["one", "two"].map((name) => addTag(db, workspace_id, name)));
  for (const [i, { id }] of before.entries())
    await changeProfile(db, workspace_id, id, { add_tags: [tags[i]!.id] });
  await message(person({ wa_id: "5531987654321", user_id: "US.1" }), "w3", 1_700_000_002);
  const [one, ...others] = await db.rows<{ id: string }>(
    sql`select id from contacts where workspace_id = ${workspace_id}`,
  );
  expect(others).toEqual([]);
  const profile = await getProfile(db, workspace_id, one!.id);
  expect(profile.tags.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(profile).toMatchObject({ country: "BR", last_inbound_at: "2023-11-14T22:13:22.000Z" });
});

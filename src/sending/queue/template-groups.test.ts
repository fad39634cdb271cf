import { expect, test } from "vitest";
import { createTestSending } from "../../../test/support/sending.ts";
import { newId } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { createGroup, getGroup } from "../../templates/templates.ts";
import { messagesBy, messageUse, writeFrom, writeTo } from "../sending.ts";

const meta = await createTestSending();
const { db, workspace_id, number_id } = meta;
const { waba_id } = (await db.first<{ waba_id: string }>(
  sql`select waba_id from phone_numbers where id = ${number_id}`,
))!;
await db.run(sql`
  insert into accounts (workspace_id, id, connection_id, waba_id)
  values (${workspace_id}, ${newId()}, ${meta.connection_id}, ${waba_id}) on conflict do nothing`);
for (const [at, language] of ["en", "he", "pt_BR"].entries())
  await db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, status_at)
    values (${workspace_id}, ${newId()}, ${waba_id}, ${String(900 + at)}, 'summer', ${language}, 'UTILITY', 'APPROVED', now())`);
const group = await createGroup(db, workspace_id, {
  name: "Summer",
  waba_id,
  fallback_language: "en",
  members: ["en", "he", "pt_BR"].map((language) => ({ language, template_name: "summer" })),
});

/** The language of the template that a message by the group becomes. */
async function languageFor(to: string, language?: string): Promise<string> {
  const content = {
    type: "template_group" as const,
    group_id: group.id,
    ...(language === undefined ? {} : { language }),
  };
  const { content: sent } = await writeFrom(db, workspace_id, { from: number_id, to, content }, "API");
  return (sent as { language: { code: string } }).language.code;
}
const status = (language: string, to: string) =>
  db.run(
    sql`update templates set status = ${to} where workspace_id = ${workspace_id} and language = ${language}`,
  );

test("a message by a group takes the language that is asked for, that of the number's country, or the fallback", async () => {
  expect(await languageFor("+972 50-234-5678")).toBe("he");
  // Portugal reads the Portuguese that there is.
  expect(await languageFor("+351 912 345 678")).toBe("pt_BR");
  expect(await languageFor("+44 7700 900321")).toBe("en");
  expect(await languageFor("+81 90-1234-5678")).toBe("en");
  expect(await languageFor("+81 90-1234-5678", "he")).toBe("he");
  expect(await languageFor("+972 50-234-5678", "fr_CA")).toBe("he");
});

test("what is queued with a template is what a change of it touches, and its messages are counted once each", async () => {
  const named = { waba_id, name: "summer", language: "he" };
  expect(await messageUse.count(db, workspace_id, [named])).toEqual({
    count: 3,
    more: false,
    people: 2,
    names: [],
  });
  expect(await messagesBy(db, workspace_id, named)).toEqual({
    days_7: { total: 3, sent: 3, delivered: 0, read: 0, failed: 0 },
    days_30: { total: 3, sent: 3, delivered: 0, read: 0, failed: 0 },
    more: false,
  });
  expect(messageUse.says(1)).toBe("1 message that waits to be sent");
});

test("only templates that are approved at this moment are chosen; with none left the message is refused", async () => {
  await status("he", "PAUSED");
  expect(await languageFor("+972 50-234-5678")).toBe("en");
  await status("en", "REJECTED");
  await expect(languageFor("+972 50-234-5678")).rejects.toMatchObject({ code: "GROUP_NOT_SENDABLE" });
  expect((await getGroup(db, workspace_id, group.id)).members.map((each) => each.status)).toEqual([
    "REJECTED",
    "PAUSED",
    "APPROVED",
  ]);
});

test("the language that is kept of a contact goes before that of their number", async () => {
  await status("he", "APPROVED");
  await status("en", "APPROVED");
  const { contact_id, conversation_id } = await meta.person("447700900999");
  await db.run(sql`
    insert into contact_profiles (workspace_id, contact_id, language) values (${workspace_id}, ${contact_id}, 'he-IL')`);
  expect(await languageFor("+44 7700 900999")).toBe("he");
  const content = { type: "template_group", group_id: group.id } as const;
  const { content: sent } = await writeTo(db, workspace_id, conversation_id, { content }, "API");
  expect(sent).toMatchObject({ language: { code: "he" } });
  expect(await languageFor("+44 7700 900999", "pt")).toBe("pt_BR");
});

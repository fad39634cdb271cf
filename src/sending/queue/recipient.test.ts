import { beforeAll, expect, test } from "vitest";
import { sql } from "../../db/db.ts";
import { createTestSending } from "../../../test/support/sending.ts";
import { writeFrom } from "../sending.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;

beforeAll(async () => {
  meta = await createTestSending();
});

const content = { type: "template", name: "hello_world", language: "en_US" } as const;
const write = (to: string) =>
  writeFrom(meta.db, meta.workspace_id, { from: meta.number_id, to, content }, "API");
/** The recipient of a queued message. */
async function sentTo(to: string): Promise<string> {
  const { id } = await write(to);
  const row = await meta.db.first<{ to_value: string }>(
    sql`select to_value from sends where workspace_id = ${meta.workspace_id} and id = ${id}`,
  );
  return row!.to_value;
}
const count = async () =>
  (await meta.db.rows(sql`select from sends where workspace_id = ${meta.workspace_id}`)).length;

test("a number in any spelling is sent to as Meta spells it (F15)", async () => {
  expect(await sentTo("+55 (0)31 98765-4321")).toBe("5531987654321");
  expect(await sentTo("＋５５ ３１ ９８７６５‑４３２１")).toBe("5531987654321");
  expect(await sentTo("https://wa.me/5531987654321?text=Oi")).toBe("5531987654321");
  expect(await sentTo("tel:+55-31-98765-4321")).toBe("5531987654321");
  // As it is dialled in the country of the number that sends.
  expect(await sentTo("(202) 555-0147")).toBe("12025550147");
  expect(await sentTo("US.13491208655302741918")).toBe("US.13491208655302741918");
});

test("what isn't a complete, valid number is refused in words, and nothing is queued (F15)", async () => {
  const before = await count();
  for (const to of [
    "612345678",
    "+55 31 98765-4321 ext 5",
    "+1 650 555",
    "+55 31 98765-432",
    "Ana",
    "1-800-FLOWERS",
    "+4930",
    "0",
  ]) {
    await expect(write(to)).rejects.toMatchObject({
      code: "NUMBER_INVALID",
      detail: expect.stringMatching(/^body\.to: .*(Write it with \+|Check its digits|without it)/),
    });
  }
  expect(await count()).toBe(before);
  expect(
    await meta.db.rows(sql`select from contact_identities where value in ('612345678', '1650555')`),
  ).toEqual([]);
});

test("the id that Meta gave for a contact who is known is always taken, however else it is spelt (F15)", async () => {
  await meta.person("4915550");
  await meta.person("554187654321");
  await meta.person("5215512345678");
  await meta.person("5491123456789");
  expect(await sentTo("4915550")).toBe("4915550");
  expect(await sentTo("+55 41 98765-4321")).toBe("554187654321");
  expect(await sentTo("+52 55 1234 5678")).toBe("5215512345678");
  expect(await sentTo("+54 11 2345-6789")).toBe("5491123456789");
  expect(await sentTo("+54 11 15 2345-6789")).toBe("5491123456789");
});

import { beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { named, rowsOf, sql, type Database } from "./db.ts";

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});

const id = "01890a5d-ac96-774b-bcce-b302099a8057";
const full = {
  id,
  text: "שלום 👋",
  count: -7,
  bytes: 2 ** 40,
  at: new Date(1_700_000_000_123),
  yes: true,
  no: false,
  body: Buffer.from("\0a"),
};
const types = {
  id: "uuid",
  text: "text",
  count: "integer",
  bytes: "bigint",
  at: "timestamptz",
  yes: "boolean",
  no: "boolean",
  body: "bytea",
} as const;

test("rows come to the statement as they are, with their nulls, in their order", async () => {
  const empty = { ...full, id: null, text: null, count: null, at: null, yes: null, no: true };
  const rows = await db.rows<{ bytes: string }>(sql`
    select id, text, count, bytes::int8, at, yes, no, body from ${rowsOf([empty, full, empty], types)}`);
  const told = rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
  expect(told).toEqual([empty, full, empty]);
});

test("milliseconds stand for a time, and what a row has beside its columns does no harm", async () => {
  const rows = [{ at: 1_700_000_000_123, more: "x" }];
  expect(await db.rows(sql`select * from ${rowsOf(rows, { at: "timestamptz" }, "moments")}`)).toEqual([
    { at: new Date(1_700_000_000_123) },
  ]);
});

test("a statement's text is the same for any rows: it can be named, and no rows are no rows", async () => {
  const read = (rows: { id: string | null; text: string }[]) =>
    db.rows(
      named(
        "rows of a test",
      )`select due.text from ${rowsOf(rows, { id: "uuid", text: "text" })} order by text`,
    );
  expect(await read([])).toEqual([]);
  expect(
    await read([
      { id, text: "b" },
      { id: null, text: "a" },
    ]),
  ).toEqual([{ text: "a" }, { text: "b" }]);
});

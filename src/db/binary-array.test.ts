import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import {
  byteaArray,
  int4Array,
  int8Array,
  int8ArrayOfBytes,
  sql,
  textArray,
  timestamptzArray,
  uuidArray,
  type Database,
} from "./db.ts";

function eightBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

describe("an array in binary is the array that PostgreSQL reads", () => {
  let db: Database;
  beforeAll(async () => {
    db = await createTestDatabase({ max: 1 });
  });

  test("whatever its elements", async () => {
    const row = fc.record({
      id: fc.option(fc.oneof(fc.uuid(), fc.constant("0190a000-0000-7000-8000-000000000001"))),
      bytes: fc.uint8Array({ maxLength: 300 }),
      moment: fc.option(
        fc.date({ min: new Date("1901-01-01"), max: new Date("4000-01-01"), noInvalidDate: true }),
      ),
      small: fc.option(fc.integer()),
      number: fc.maxSafeInteger(),
      large: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      text: fc.option(fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !text.includes("\0"))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const read = await db.rows(sql`
          select id, bytes, moment, small, number, large::text, text from unnest(
            ${uuidArray(rows.map((row) => row.id))}::uuid[],
            ${byteaArray(rows.map((row) => row.bytes))}::bytea[],
            ${timestamptzArray(rows.map((row) => row.moment?.getTime() ?? null))}::timestamptz[],
            ${int4Array(rows.map((row) => row.small))}::int4[],
            ${int8Array(rows.map((row) => row.number))}::int8[],
            ${int8ArrayOfBytes(rows.map((row) => eightBytes(row.large)))}::int8[],
            ${textArray(rows.map((row) => row.text))}::text[]
          ) as t (id, bytes, moment, small, number, large, text)`);
        expect(read).toEqual(
          rows.map((row) => ({ ...row, bytes: Buffer.from(row.bytes), large: String(row.large) })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("and what is no uuid or no integer is refused before it is sent", () => {
    expect(() => uuidArray(["018f"])).toThrow(TypeError);
    expect(() => uuidArray(["zzzzzzzz-0000-0000-0000-000000000000"])).toThrow(TypeError);
    expect(() => int8Array([1.5])).toThrow(RangeError);
    expect(() => int4Array([1.5])).toThrow(RangeError);
    expect(() => int8ArrayOfBytes([Buffer.alloc(7)])).toThrow(RangeError);
  });
});

import * as fc from "fast-check";
import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { insertOneOfEach } from "../../test/support/one-of-each.ts";
import { newId } from "../base/base.ts";
import { contract, type Endpoint } from "../contract/contract.ts";
import { encodeCursor } from "../db/db.ts";

let api: TestApi;
let ids: Record<string, string>;
const lines: string[] = [];
beforeAll(async () => {
  const log = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
  api = await createTestApi({ log });
  ids = await insertOneOfEach(api, api, "secret");
});

const lists = Object.entries(contract as Record<string, Endpoint>)
  .filter(([route, { query }]) => route.startsWith("GET ") && query && "cursor" in query.shape)
  // What is found by its id has one page.
  .filter(([route]) => route !== "GET /api/v1/messages")
  .map(([route]) => route.slice("GET ".length));

const ask = (path: string, cursor: string) => {
  const url = path.replace(":id", ids[path.split("/")[3]!] ?? newId());
  const query = new URLSearchParams({ cursor, limit: "2" });
  return api.app.inject({
    url: `${url}?${query.toString()}`,
    headers: { authorization: `Bearer ${api.key}` },
  });
};

const two = (most: number) => fc.integer({ min: 0, max: most }).map((part) => String(part).padStart(2, "0"));
/** Times as PostgreSQL writes them, of days, hours and years that there may not be. */
const moment = fc
  .tuple(
    fc.oneof(fc.constantFrom(0, 1, 9_999, 294_276, 275_760), fc.integer({ min: 0, max: 99_999 })),
    two(13),
    two(32),
    two(25),
    two(61),
    two(61),
  )
  .chain(([year, month, day, hour, minute, second]) =>
    fc
      .constantFrom("", ".1", ".999999", ".1234567")
      .chain((part) =>
        fc
          .constantFrom("+00", "+05:30", "Z", "", " BC", "+00 BC")
          .map(
            (zone) =>
              `${String(year).padStart(4, "0")}-${month}-${day} ${hour}:${minute}:${second}${part}${zone}`,
          ),
      ),
  );
const id = fc.oneof(
  fc.constantFrom(
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    newId(),
    "x",
  ),
  fc.uuid(),
);
const part = fc.oneof(
  moment,
  id,
  fc.constantFrom("infinity", "-infinity", "now", "\u0000", "\ud800"),
  fc.string(),
  fc.integer(),
  fc.constant(null),
);
const cursor = fc.oneof(
  fc.tuple(moment, id).map(encodeCursor),
  fc.tuple(id).map(encodeCursor),
  fc.tuple(fc.string(), fc.string(), id).map(encodeCursor),
  fc.array(part, { maxLength: 4 }).map(encodeCursor),
  fc.base64String({ maxLength: 40 }),
);

test("each list that has pages is looked at", () => {
  expect(lists.length).toBeGreaterThan(7);
});

describe.each(lists)("%s", (path) => {
  test("a cursor of whatever is inside it is taken or refused, and never a fault of ours", async () => {
    await fc.assert(
      fc.asyncProperty(cursor, async (given) => {
        const { statusCode, body } = await ask(path, given.slice(0, 200));
        expect([statusCode === 200 || statusCode === 400, body, lines]).toEqual([true, body, []]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    "0000-01-01 00:00:00+00",
    "0000-12-31 23:59:59.999999+00",
    "294277-01-01 00:00:00+00",
    "0044-03-15 00:00:00+00 BC",
  ])("a time that PostgreSQL doesn't have (%s) is no cursor", async (time) => {
    const { statusCode, json } = await ask(path, encodeCursor([time, newId()]));
    expect([statusCode, json()]).toMatchObject([
      400,
      { code: "INVALID_REQUEST", detail: expect.stringContaining("`cursor`") as string },
    ]);
  });
});

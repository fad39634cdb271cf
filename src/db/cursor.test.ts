import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isId, Problem } from "../base/base.ts";
import { decodeCursor, encodeCursor } from "./db.ts";

const isText = (value: unknown): value is string => typeof value === "string";
const isUuid = (value: unknown): value is string => typeof value === "string" && isId(value);
const isCount = (value: unknown): value is number => typeof value === "number";

test("a cursor brings back the key that it was made of, and fits a URL", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (text, number) => {
      const cursor = encodeCursor([text, number]);
      expect(cursor).toMatch(/^[\w-]*$/);
      expect(decodeCursor<[string, number]>(cursor, [isText, isCount])).toEqual([text, number]);
    }),
  );
});

test("no cursor is the beginning", () => {
  expect(decodeCursor<[string]>(undefined, [isText])).toBeNull();
  expect(decodeCursor<[string]>(null, [isText])).toBeNull();
});

test("a cursor that we did not make is an INVALID_REQUEST, never an error of SQL", () => {
  for (const cursor of [
    "",
    "x",
    "%",
    encodeCursor([]),
    encodeCursor([1]),
    encodeCursor(["1; drop"]),
    "bnVsbA",
  ])
    expect(() => decodeCursor<[string]>(cursor, [isUuid])).toThrow(Problem);
});

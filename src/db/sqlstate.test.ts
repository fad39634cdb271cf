import { expect, test } from "vitest";
import { codeOf, isCollision, isInfrastructure } from "./sqlstate.ts";

const coded = (code: string, message = "it failed") => Object.assign(new Error(message), { code });

test.each([
  coded("08006"),
  coded("40001"),
  coded("40P01"),
  coded("53300"),
  coded("57P01"),
  coded("25P03"),
  coded("55P03"),
  coded("ECONNREFUSED"),
  coded("ENOENT"),
  new Error("Connection terminated unexpectedly"),
  new Error("timeout exceeded when trying to connect"),
  new Error("Query read timeout"),
  new Error("it failed", { cause: coded("57P03") }),
  new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]),
])("the database or the line to it: $code $message", (error) => {
  expect(isInfrastructure(error)).toBe(true);
});

test.each([
  coded("22003"),
  coded("23505", "Connection terminated, says a constraint"),
  coded("42P01"),
  new Error("it failed"),
  new AggregateError([coded("ECONNREFUSED"), coded("22003")]),
  new AggregateError([]),
  "Connection terminated",
  null,
])("the work itself: %s", (error) => {
  expect(isInfrastructure(error)).toBe(false);
});

test("only transactions that were in each other's way are tried again at once", () => {
  expect([coded("40001"), coded("40P01"), coded("08006"), null].map(isCollision)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([codeOf(coded("40001")), codeOf(new Error("x")), codeOf(undefined)]).toEqual(["40001", null, null]);
});

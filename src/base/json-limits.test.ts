import { expect, test } from "vitest";
import { holdsMoreThan, isDeeperThan } from "./base.ts";

test("depth counts what is open at once, not brackets, nor those inside of strings", () => {
  expect(isDeeperThan("[[]]", 2)).toBe(false);
  expect(isDeeperThan('[{"a":[]}]', 2)).toBe(true);
  expect(isDeeperThan(`[${"[],".repeat(500)}[]]`, 2)).toBe(false);
  expect(isDeeperThan(JSON.stringify(['[[[\\"[[[', "{{{"]), 2)).toBe(false);
  expect(isDeeperThan("[".repeat(500_000), 100)).toBe(true);
});

test("values are counted in lists and objects, not in strings", () => {
  const holds = (value: unknown) => JSON.stringify(value);
  expect(holdsMoreThan(holds([1, 2, 3]), 4)).toBe(false);
  expect(holdsMoreThan(holds([1, 2, 3]), 3)).toBe(true);
  expect(holdsMoreThan(holds({ a: { b: [], c: "" } }), 5)).toBe(false);
  expect(holdsMoreThan(holds({ a: { b: [], c: "" } }), 3)).toBe(true);
  expect(holdsMoreThan(holds(",[{".repeat(100_000)), 1)).toBe(false);
});

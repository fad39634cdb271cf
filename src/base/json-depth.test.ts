import { expect, test } from "vitest";
import { isDeeperThan } from "./base.ts";

test("depth counts what is open at once, not brackets, nor those inside of strings", () => {
  expect(isDeeperThan("[[]]", 2)).toBe(false);
  expect(isDeeperThan('[{"a":[]}]', 2)).toBe(true);
  expect(isDeeperThan(`[${"[],".repeat(500)}[]]`, 2)).toBe(false);
  expect(isDeeperThan(JSON.stringify(['[[[\\"[[[', "{{{"]), 2)).toBe(false);
  expect(isDeeperThan("[".repeat(500_000), 100)).toBe(true);
});

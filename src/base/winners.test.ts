import { expect, it } from "vitest";
import { winners } from "./winners.ts";

interface Row {
  key: string;
  at: number;
}

const isNewer = (a: Row, b: Row) => a.at > b.at;
const keyOf = ({ key }: Row) => key;

it("gives one row a key, the winner, in the order of the keys", () => {
  const rows = [
    { key: "b", at: 1 },
    { key: "a", at: 2 },
    { key: "b", at: 3 },
    { key: "B", at: 1 },
    { key: "a", at: 1 },
  ];
  const expected = [
    { key: "B", at: 1 },
    { key: "a", at: 2 },
    { key: "b", at: 3 },
  ];
  expect(winners(rows, keyOf, isNewer)).toEqual(expected);
  expect(winners(rows.toReversed(), keyOf, isNewer)).toEqual(expected);
});

it("keeps the first of rows that do not win over each other", () => {
  const rows = [
    { key: "a", at: 1, says: "one" },
    { key: "a", at: 1, says: "another" },
  ];
  expect(winners(rows, keyOf, isNewer)).toEqual([rows[0]]);
  expect(winners<Row>([], keyOf, isNewer)).toEqual([]);
});

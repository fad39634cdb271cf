import { expect, test } from "vitest";
import { indentJson } from "./indent-json.ts";

test("digits and braces inside of text stay as they stand, and escaped letters are read", () => {
  const json = '{"id":12345678901234567890,"t":"a\\u00e9 {,}\\" ","n":[],"o":{},"l":[1.0,true,null]}';
  const readable = indentJson(json) ?? "";
  expect(readable).toContain('"id": 12345678901234567890,\n');
  expect(readable).toContain('"t": "aé {,}\\" "');
  expect(readable).toContain('"l": [\n    1.0,\n');
  expect(readable).toContain('"n": [],\n  "o": {},');
  expect(JSON.parse(readable)).toEqual(JSON.parse(json));
});

test("escapes are read where they stand for letters, and stay where they must or can't be seen", () => {
  expect(indentJson('"Chlo\\u00e9 \\/docs\\/ \\ud83d\\ude00 \\u05d0"')).toBe('"Chloé /docs/ 😀 א"');
  expect(indentJson('"a\\nb \\u0022 \\\\ \\u0007"')).toBe('"a\\nb \\" \\\\ \\u0007"');
  // Half of an emoji, and marks that would turn the text around.
  expect(indentJson('"\\ud83d \\u202e"')).toBe('"\\ud83d \\u202e"');
});

test("what is no JSON is not touched", () => {
  expect(indentJson('{"a":')).toBeNull();
  expect(indentJson("")).toBeNull();
});

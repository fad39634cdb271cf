import { expect, test } from "vitest";
import { indentJson } from "./indent-json.ts";

test("every token stays as it stands: digits, escapes, and braces inside of text", () => {
  const json = '{"id":12345678901234567890,"t":"a\\u00e9 {,}\\" ","n":[],"o":{},"l":[1.0,true,null]}';
  const readable = indentJson(json) ?? "";
  expect(readable).toContain('"id": 12345678901234567890,\n');
  expect(readable).toContain('"t": "a\\u00e9 {,}\\" "');
  expect(readable).toContain('"l": [\n    1.0,\n');
  expect(readable).toContain('"n": [],\n  "o": {},');
  expect(JSON.parse(readable)).toEqual(JSON.parse(json));
});

test("what is no JSON is not touched", () => {
  expect(indentJson('{"a":')).toBeNull();
  expect(indentJson("")).toBeNull();
});

import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { neutralise, plainText, writeRow } from "./csv.ts";

it("quotes what needs it and ends lines as RFC 4180 says", () => {
  expect(writeRow(["Ana", 'says "hi", twice', "two\nlines", null, 4, true])).toBe(
    'Ana,"says ""hi"", twice","two\nlines",,4,true\r\n',
  );
});

it("keeps formulas from running, and leaves numbers of phones and numbers as they are", () => {
  expect(writeRow(["=1+1", "@sum", "-2", "+1 1", "+5511987654321", -2])).toBe(
    "'=1+1,'@sum,'-2,'+1 1,+5511987654321,-2\r\n",
  );
});

it("keeps what Excel takes for a formula in full width from running too", () => {
  for (const sign of "＝＋－＠") {
    expect(neutralise(`${sign}1`)).toBe(`'${sign}1`);
    expect(plainText(neutralise(`${sign}1`))).toBe(`${sign}1`);
  }
});

it("gives back any text that was neutralised, also one that began with an apostrophe", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => plainText(neutralise(text)) === text));
  for (const text of ["'=1", "''=1", "'quoted'", "+12345", "'+12345"])
    expect(plainText(neutralise(text))).toBe(text);
});

it("is read by a parser as the texts that were written", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
      const text = rows.map((row) => writeRow(row)).join("");
      const read = parse(text, { relax_column_count: true });
      expect(read.map((row) => row.map(plainText))).toEqual(rows);
    }),
  );
});

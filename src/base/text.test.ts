import { expect, test } from "vitest";
import { sentences, visible, withoutInvisible, withoutTurns, withPlainDigits } from "./text.ts";

test.each([
  ["a space", " "],
  ["nothing", ""],
  ["a Hangul filler", "\u3164"],
  ["a half-width Hangul filler", "\uffa0"],
  ["a mark of direction", "\u200e"],
  ["a Braille blank", "\u2800"],
  ["tabs, line ends and spaces of every width", "\t\n\u00a0\u2003\u3000\u202f"],
  ["zero-width characters", "\u200b\u200c\u200d\u2060\ufeff"],
  ["a soft hyphen", "\u00ad"],
  ["variation selectors and tags", "\ufe0f\u{e0041}\u{e0100}"],
  ["controls", "\u0001\u0085"],
  ["a Mongolian vowel separator", "\u180e"],
  ["a combining mark alone", "\u0301"],
  ["what could not be read", "\u0000\ufffd"],
])("%s shows nothing (F9)", (_, text) => {
  expect(visible(text)).toBeNull();
  expect(visible(`${text}A${text}`)).toBe(`${text}A${text}`);
});

test("letters of any script, digits, signs and emoji are seen", () => {
  for (const text of [".", "-", "0", "é", "你", "ا", "👍🏽", "❤️", "e\u0301", "हिन्दी", "한", "\u{1fae0}"])
    expect(visible(text)).toBe(text);
  expect(visible(null)).toBeNull();
});

test("what can't be seen is taken out of a text", () => {
  expect(withoutInvisible("5\u200b5\u202d3\u00ad1\u2066 9\ufe0f")).toBe("5531 9");
});

test("digits of every script that Unicode has are read by their value (F15)", () => {
  expect(withPlainDigits("５５٣١۹८7௬ 𝟘𝟙𝟗𝟬𝟵 🯰🯹")).toBe("55319876 01909 09");
  for (let point = 0; point < 0x1ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const digit = String.fromCodePoint(point);
    if (!/\p{Nd}/u.test(digit)) continue;
    // A run of ten begins where the value is zero.
    const zero = String.fromCodePoint(point - Number(withPlainDigits(digit)));
    expect([digit, withPlainDigits(zero)]).toEqual([digit, "0"]);
  }
});

test("sentences are joined as such, whether or not they came with their full stops", () => {
  expect(sentences("3 messages were lost", "Find out why.")).toBe("3 messages were lost. Find out why.");
  expect(sentences("Lost.", "Why?", "Really")).toBe("Lost. Why? Really.");
  expect(sentences("There is no such group:", "“gone”")).toBe("There is no such group. “gone”.");
  expect(sentences("取り消されました。", null, " ", "Next")).toBe("取り消されました。 Next.");
  expect(sentences(null, "")).toBeNull();
});

test("what turns a text around goes, and what joins or marks its letters stays", () => {
  expect(withoutTurns("Ivy \u202eexe.png\u2069")).toBe("Ivy exe.png");
  expect(withoutTurns("\u2067دانه\u200cها\u2069 👍🏽\u200d\u200f")).toBe("دانه\u200cها 👍🏽\u200d\u200f");
});

import { expect, test } from "vitest";
import { readDuration, writeDuration } from "./durations.ts";

test.each([
  ["150 ms", 0.15],
  ["2.5s", 2.5],
  ["2,5 s", 2.5],
  ["90", 90],
  ["1h 30min", 5_400],
  ["2 d", 172_800],
  ["0", 0],
])("%s is %f seconds", (text, seconds) => {
  expect(readDuration(text)).toBe(seconds);
});

test.each(["", "soon", "5 m", "-3 s", "2 s later", "s", "1 . 5"])("“%s” is no duration", (text) => {
  expect(readDuration(text)).toBe(null);
});

test.each([
  [0, "0 s"],
  [0.0005, "0.5 ms"],
  [0.15, "150 ms"],
  [3, "3 s"],
  [90, "1.5 min"],
  [100, "100 s"],
  [600, "10 min"],
  [28_800, "8 h"],
  [219_600, "61 h"],
  [604_800, "7 d"],
])("%f seconds are written %s, and read again they are the same", (seconds, text) => {
  expect(writeDuration(seconds)).toBe(text);
  expect(readDuration(text)).toBe(seconds);
});

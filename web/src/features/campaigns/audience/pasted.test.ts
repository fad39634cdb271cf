import { expect, test } from "vitest";
import { readNumbers, readPasted } from "./pasted.ts";

test("numbers are read a line each, or side by side", () => {
  expect(readPasted("+1 555 010 0100\n\n  0044 7700 900123 \r\n972525550177, 33639980142")).toEqual([
    { phone: "+1 555 010 0100", values: {}, line: 1 },
    { phone: "0044 7700 900123", values: {}, line: 3 },
    { phone: "972525550177", values: {}, line: 4 },
    { phone: "33639980142", values: {}, line: 4 },
  ]);
});

test("a first line without a number names the columns", () => {
  expect(readPasted("phone\tName\tcoupon\n+15550100100\tנועה לוי\tSPRING\n+15550100101\t\tSUMMER")).toEqual([
    { phone: "+15550100100", values: { Name: "נועה לוי", coupon: "SPRING" }, line: 2 },
    { phone: "+15550100101", values: { coupon: "SUMMER" }, line: 3 },
  ]);
});

test("nothing is nothing", () => {
  expect(readPasted(" \n\t\n")).toEqual([]);
  expect(readPasted("phone")).toEqual([]);
});

test("the numbers of a file are those of the column that has most of them, whatever stands beside it", () => {
  const file =
    '\ufeffName;Mobile;Since\r\n"Meyer; Ann";"+49 1511 0000001";2024\r\nBob;+49 1511 0000002;\r\nCem;none;2025\r\n\r\n';
  expect(readNumbers(file).map(({ phone, line }) => [phone, line])).toEqual([
    ["+49 1511 0000001", 2],
    ["+49 1511 0000002", 3],
    ["none", 4],
  ]);
  expect(readNumbers("+447700900111\n+33639980142").map(({ phone }) => phone)).toEqual([
    "+447700900111",
    "+33639980142",
  ]);
  expect(readNumbers("")).toEqual([]);
});

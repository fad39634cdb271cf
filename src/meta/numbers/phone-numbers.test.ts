import { expect, test } from "vitest";
import { dialledToday, variantsOf } from "./number-variants.ts";
import { judgeNumber, searchedNumbers as searchedParts } from "./phone-numbers.ts";
import { NUMBERS, PERSONAS } from "../../simulator/world/cast.ts";

/** Those that are looked for in every country's numbers. */
const searchedNumbers = (text: string, near: string[]) =>
  searchedParts(text, near).flatMap(({ digits, country }) => (country === null ? [digits] : []));

const NEW_YORK = "+1 212 555 0123";
const BERLIN = "4930123456";
const BRASIL = "+55 11 3333-4444";

test.each([
  ["+55 31 98765-4321"],
  ["5531987654321"],
  ["005531987654321"],
  ["00 55 31 98765 4321"],
  ["+55 (0)31 98765-4321"],
  ["+55 (0) 31 98765-4321"],
  ["+55 031 98765-4321"],
  ["(+55) 31 98765.4321"],
  ["\u200e+55\u00a031\u202f98765\u201143\u200b21"],
  ["+55 31 98765\u20134321"],
  ["+55 31 98765\u22124321"],
  ["５５31987654321"],
  ["＋５５（３１）９８７６５－４３２１"],
  ["٥٥٣١٩٨٧٦٥٤٣٢١"],
  ["५५३१९८७६५४३२१"],
  ["tel:+55-31-98765-4321"],
  ["TEL:98765-4321;phone-context=+55-31"],
  ["https://wa.me/5531987654321"],
  ["wa.me/+5531987654321?text=Oi%205"],
  ["http://www.wa.me/5531987654321/"],
  ["https://api.whatsapp.com/send?phone=5531987654321&text=Oi"],
  ["https://api.whatsapp.com/send/?text=1&phone=%2B55%2031%2098765-4321&type=phone_number"],
  ["whatsapp://send?phone=5531987654321"],
  ["5531987654321@s.whatsapp.net"],
  ["5531987654321:12@s.whatsapp.net"],
  ["5531987654321@c.us"],
])("%s is one number, wherever it is sent from (F15)", (written) => {
  for (const near of [NEW_YORK, BERLIN, BRASIL, null])
    expect(judgeNumber(written, near)).toEqual({ digits: "5531987654321" });
});

test.each([
  ["030 12345 030 12346", BERLIN],
  ["030 12345-030 12346", BERLIN],
  ["030-12345-030-12346", BERLIN],
  ["٠٣٠ ١٢٣٤٥ ٠٣٠ ١٢٣٤٦", BERLIN],
  ["+49 30 12345 030 12346", BERLIN],
  ["089 1234\u00a0089 1235", BERLIN],
  ["3 81234 24740123", "+6723812345"],
  ["888 4012 888 4012", "+6838884012"],
])("%s may be two numbers, and neither is guessed (F15)", (written, near) => {
  expect(judgeNumber(written, near)).toEqual({
    problem: expect.stringContaining("may be two phone numbers"),
  });
});

test.each([
  ["49 1512 3456789", BERLIN, "4915123456789"],
  ["030 1234 5678", BERLIN, "493012345678"],
  ["+49 30 12345 12346", BERLIN, "49301234512346"],
  ["+4930123450301234", BERLIN, "4930123450301234"],
  ["+39 06 698 1234", "+39066981234", "39066981234"],
  ["3 81234", "+6723812345", "672381234"],
])("%s is one number in groups (F15)", (written, near, digits) => {
  expect(judgeNumber(written, near)).toEqual({ digits });
});

test("a number as it is dialled at home is read with the country of the number that sends (F15)", () => {
  expect(judgeNumber("01512 3456789", BERLIN)).toEqual({ digits: "4915123456789" });
  expect(judgeNumber("(202) 555-0147", NEW_YORK)).toEqual({ digits: "12025550147" });
  expect(judgeNumber("31 98765-4321", BRASIL)).toEqual({ digits: "5531987654321" });
  expect(judgeNumber("612345678", "+34 600 111 222")).toEqual({ digits: "34612345678" });
  expect(judgeNumber("06 123456", "+39 06 698 1234")).toEqual({ digits: "3906123456" });
  // Meta's test numbers are of no area, but of a country.
  expect(judgeNumber("(202) 555-0147", "15550783881")).toEqual({ digits: "12025550147" });
});

test.each([
  ["612345678", "not a complete, valid phone number"],
  ["01512 3456789", "not a complete, valid phone number"],
  ["+1 650 555", "not a complete, valid phone number"],
  ["+55 31 98765-432", "not a complete, valid phone number"],
  ["+55 31 98765-43210", "not a complete, valid phone number"],
  ["+999 123 456 789", "not a complete, valid phone number"],
  ["+55 31 98765-4321 ext 5", "extension"],
  ["+55 31 98765-4321 ext. 5", "extension"],
  ["+55 31 98765-4321x5", "extension"],
  ["+55 31 98765-4321 #5", "extension"],
  ["+7 916 123-45-67 доб. 5", "extension"],
  ["tel:+55-31-98765-4321;ext=5", "extension"],
  ["+1 800 FLOWERS", "not a phone number"],
  ["https://wa.me/message/ABCDEFGH1234", "not a phone number"],
  ["Ana", "not a phone number"],
  ["", "not a phone number"],
  ["US.", "not a phone number"],
  ["+43 1 23456 / 23457", "not a phone number"],
  ["+49 30 901820/21", "not a phone number"],
  ["+39 333 1234567 / 8", "not a phone number"],
  ["+49 30/901820/21", "not a phone number"],
  ["+49 1512 345678²", "not a phone number"],
  ["+49 1512 345678₂", "not a phone number"],
  ["+1 202 555 0147 (0)", "not a phone number"],
  ["00000000000", "not a complete, valid phone number"],
])("%s is refused with a sentence that says what to do (F15)", (written, says) => {
  const judged = judgeNumber(written, NEW_YORK);
  expect(judged).toHaveProperty("problem", expect.stringContaining(says));
  expect((judged as { problem: string }).problem).toMatch(/(Write it with \+|Check its digits|without it)/);
});

test.each([
  ["+49 30/901820", "4930901820"],
  ["0049 (30) / 901820", "4930901820"],
  ["030/901820", "4930901820"],
  ["+49 (0) 30/901820", "4930901820"],
  ["0049 (0)30 901820", "4930901820"],
  ["+49 (0)1512 3456789", "4915123456789"],
])(
  "%s: a slash ends the area code, and the zero in brackets is not dialled from abroad (F15)",
  (written, digits) => {
    expect(judgeNumber(written, BERLIN)).toEqual({ digits });
  },
);

test("digits that may be two people's are not guessed at (F15)", () => {
  // In Texas, or a German mobile without its zero.
  const judged = judgeNumber("15123456789", BERLIN);
  expect(judged).toEqual({ problem: expect.stringContaining("may be +15123456789 or") });
  expect(judgeNumber("+15123456789", BERLIN)).toEqual({ digits: "15123456789" });
  expect(judgeNumber("015123456789", BERLIN)).toEqual({ digits: "4915123456789" });
});

test.each(["8 495 123-45-67", "8 (495) 123-45-67", "8-495-1234567", "8(495)1234567", "8495 123-45-67"])(
  "%s is dialled within Russia, and is no number of Vietnam (F15)",
  (written) => {
    for (const near of [NEW_YORK, BERLIN, BRASIL, null])
      expect(judgeNumber(written, near)).toEqual({ problem: expect.stringContaining("Write it with +") });
  },
);

test.each([
  ["8 495 123-45-67", "+7 495 000 00 00", "74951234567"],
  ["8 (495) 123-45-67", "+7 495 000 00 00", "74951234567"],
  ["84 95 123 4567", NEW_YORK, "84951234567"],
  ["84951234567", NEW_YORK, "84951234567"],
  ["+84 951 234 567", NEW_YORK, "84951234567"],
  ["8495 123 4567", "+84 28 1234 5678", "84951234567"],
  ["4915 1234 56789", NEW_YORK, "4915123456789"],
  ["49(1512)3456789", NEW_YORK, "4915123456789"],
])("%s from %s is %s, as its groups say (F15)", (written, near, digits) => {
  expect(judgeNumber(written, near)).toEqual({ digits });
});

test("Meta's test numbers and the sandbox's people can be written to (F15)", () => {
  for (const digits of [
    ...PERSONAS.map(({ wa_id }) => wa_id),
    ...NUMBERS.map(({ display_phone_number }) => display_phone_number),
    "15550783881",
    "12025550111",
  ]) {
    expect(judgeNumber(`+${digits}`, NEW_YORK)).toEqual({ digits });
    expect(judgeNumber(digits, NEW_YORK)).toEqual({ digits });
  }
});

test("the other ids by which WhatsApp knows the lines of Brazil, Mexico and Argentina (F15)", () => {
  for (const [one, other] of [
    ["5531987654321", "553187654321"],
    ["5215512345678", "525512345678"],
    ["5491123456789", "541123456789"],
  ] as const) {
    expect(variantsOf(one)).toEqual([other]);
    expect(variantsOf(other)).toEqual([one]);
    expect(judgeNumber(one, null)).toHaveProperty("digits");
    expect(judgeNumber(other, null)).toHaveProperty("digits");
  }
  expect(variantsOf("551133334444")).toEqual([]);
  expect(variantsOf("4915123456789")).toEqual([]);
});

test.each([
  ["044 998 123 4567", "+52 55 1234 5678", "529981234567"],
  ["045 998 123 4567", "+52 55 1234 5678", "529981234567"],
  ["01 998 123 4567", "+52 55 1234 5678", "529981234567"],
  ["998 123 4567", "+52 55 1234 5678", "529981234567"],
  ["(31) 8765-0555", BRASIL, "5531987650555"],
  ["031 98765-0555", BRASIL, "5531987650555"],
  ["0 15 31 98765-0555", BRASIL, "5531987650555"],
  ["011 15 3333-4444", "+54 11 4444 5555", "5491133334444"],
  ["11 15 3333-4444", "+54 11 4444 5555", "5491133334444"],
])("%s is read as it is, or was once, dialled at home (F16)", (written, near, digits) => {
  expect(judgeNumber(written, near)).toEqual({ digits });
});

test("a line without its area is no complete number, whatever goes before it (F15)", () => {
  expect(judgeNumber("15 3333 4444", "+54 11 4444 5555")).toHaveProperty("problem");
});

test("WhatsApp's old forms are shown as they are dialled today, other numbers as they are", () => {
  expect(dialledToday("5219981234567")).toBe("529981234567");
  expect(dialledToday("553187650555")).toBe("5531987650555");
  for (const as_it_is of ["529981234567", "5531987650555", "551133334444", "541133334444", "15219981234"])
    expect(dialledToday(as_it_is)).toBe(as_it_is);
});

test("a part of a number is looked for as it stands, a whole one in every way that it may be kept (F16)", () => {
  expect(searchedNumbers("+1 (650) 555", [])).toEqual(["1650555"]);
  expect(searchedNumbers("01512 345", [BERLIN])).toContain("1512345");
  expect(searchedNumbers("01512 3456789", [NEW_YORK, BERLIN])).toContain("4915123456789");
  expect(searchedNumbers("+49 (0)1512 3456789", [])).toContain("4915123456789");
  expect(searchedNumbers("+55 31 98765-4321 ext 5", [])).toContain("5531987654321");
  expect(searchedNumbers("+55 31 98765-4321", [])).toContain("553187654321");
  expect(searchedNumbers("0016", [])).toEqual(["0016"]);
  expect(searchedNumbers("007", [BERLIN])).toEqual(["007"]);
  expect(searchedNumbers("+55/31/98765/0016", [])).toContain("5531987650016");
  expect(searchedNumbers("5531987650016@s.whatsapp.net", [])).toContain("5531987650016");
  for (const no_number of ["Ana", "12", "00", "120363025246125486@g.us", "100% sure", "order 12345"])
    expect(searchedNumbers(no_number, [BERLIN])).toEqual([]);
});

test("a text of any length is judged at once", () => {
  for (const text of [
    "1 ".repeat(10_000),
    "(".repeat(20_000),
    "+49 1512 3456789 ".repeat(1_200),
    "1-".repeat(2_000),
  ]) {
    const start_ms = performance.now();
    expect(judgeNumber(text, "4915123456789")).toHaveProperty("problem");
    expect(performance.now() - start_ms).toBeLessThan(200);
  }
});

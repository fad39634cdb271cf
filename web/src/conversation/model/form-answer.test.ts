import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formAnswerOf } from "./form-answer.ts";

/** The content of the one message in a webhook of Meta's, as the API gives it. */
function content(name: string): Record<string, unknown> {
  const file = new URL(`../../../../test/fixtures/meta/messages.interactive-${name}.json`, import.meta.url);
  const { entry } = JSON.parse(readFileSync(file, "utf8")) as {
    entry: { changes: { value: { messages: { interactive: Record<string, unknown> }[] } }[] }[];
  };
  return entry[0]!.changes[0]!.value.messages[0]!.interactive;
}
const answer = (interactive: Record<string, unknown>) =>
  formAnswerOf({ type: "interactive", content: interactive });
const filled = (given: unknown) =>
  answer({
    type: "nfm_reply",
    nfm_reply: { name: "flow", body: "Sent", response_json: JSON.stringify(given) },
  })?.fields.map(({ label, value }) => `${label}: ${value}`);

test("what was filled in is shown field by field, without the token; a part within a part is named by both", () => {
  expect(answer(content("nfm-reply-nested.chatwoot"))).toEqual({
    title: "Filled in a form",
    body: null,
    fields: [
      { key: "rating", label: "Rating", value: "excellent" },
      { key: "comments", label: "Comments", value: "Great support" },
      { key: "appointment.day", label: "Appointment · Day", value: "Monday" },
      { key: "appointment.windows", label: "Appointment · Windows", value: "morning, afternoon" },
    ],
    broken: null,
  });
  expect(answer(content("nfm-reply.pywa"))!.fields).toHaveLength(5);
});

test("names that Meta's builder and programmers give to fields become words; values stay as they came", () => {
  expect(
    filled({
      screen_0_Full_name_0: "Ada",
      screen_1_Which_days_2: ["0_Monday", "3_Friday"],
      pickUpTime: 9,
      terms: true,
      note: "",
      photos: [{ id: 1, file_name: "tent.jpg" }, { id: 2 }],
      "3": null,
    }),
  ).toEqual([
    "3: –",
    "Full name: Ada",
    "Which days: 0_Monday, 3_Friday",
    "Pick up time: 9",
    "Terms: Yes",
    "Note: –",
    'Photos: tent.jpg, {"id":2}',
  ]);
  expect(filled(["a", "b"])).toEqual(["Answers: a, b"]);
});

test("an answer without fields says so, a broken one is kept as it came, and an address is Meta's own words", () => {
  for (const name of ["nfm-reply-missing-json.chatwoot", "nfm-reply-null-json.chatwoot"])
    expect(answer(content(name))).toEqual({
      title: "Filled in a form",
      body: null,
      fields: [],
      broken: null,
    });
  expect(answer(content("nfm-reply-invalid-json.chatwoot"))).toMatchObject({
    fields: [],
    broken: "{invalid-json",
  });
  expect(answer(content("nfm-reply-address.whatsapprs"))).toMatchObject({
    title: "Sent an address",
    body: expect.stringContaining("Goregaon") as string,
    fields: [],
  });
  expect(formAnswerOf({ type: "interactive", content: { type: "list_reply", list_reply: {} } })).toBeNull();
});

test("numbers are shown with the very digits that came, at every depth (F18)", () => {
  const response_json = `{"account": 412297329108006499, "price": 1.10, "tiny":-1.50e-7, "zero":0,
    "list": [10.00, 9007199254740993, "1.10"], "part": {"id":12345678901234567890, "said": "of 1.0 \\"2.0\\" m"}, "files": [{"id":412297329108006499}]}`;
  const { fields, broken } = answer({
    type: "nfm_reply",
    nfm_reply: { name: "flow", body: "Sent", response_json },
  })!;
  expect(broken).toBeNull();
  expect(fields.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "Account: 412297329108006499",
    "Price: 1.10",
    "Tiny: -1.50e-7",
    "Zero: 0",
    "List: 10.00, 9007199254740993, 1.10",
    "Part · Id: 12345678901234567890",
    'Part · Said: of 1.0 "2.0" m',
    'Files: {"id":412297329108006499}',
  ]);
  expect(answer({ type: "nfm_reply", nfm_reply: { response_json: '{"a": 01}' } })).toMatchObject({
    broken: '{"a": 01}',
  });
});

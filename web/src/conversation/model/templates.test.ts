import { expect, test } from "vitest";
import {
  fileOf,
  filled,
  filledIn,
  readSheet,
  sentForm,
  templateContent,
  templateNamed,
} from "./templates.ts";

const told = {
  message_template_title: "Order {{1}}",
  message_template_element: "Hello {{2}}, your order {{1}} is on its way. {{1}}!",
  message_template_buttons: [
    { message_template_button_type: "QUICK_REPLY", message_template_button_text: "Thanks" },
    {
      message_template_button_type: "URL",
      message_template_button_text: "Track it",
      message_template_button_url: "https://example.com/track/{{1}}",
    },
  ],
};

test("each blank of a template is asked for once, by the order of its number, wherever it stands", () => {
  const sheet = readSheet(told);
  expect(sheet.blanks.map(({ label }) => label)).toEqual([
    "{{1}} in the header",
    "{{1}}",
    "{{2}}",
    "End of the address of “Track it”",
  ]);
  const values = { "header 0 1": "4821", "body 0 1": " 4821 ", "body 0 2": "Ada", "buttons 1 1": "x9" };
  expect(filled(sheet.body ?? "", "body", values)).toBe("Hello Ada, your order 4821 is on its way. 4821!");
  expect(templateContent({ name: "order_update", language: "en_US" }, sheet, values)).toEqual({
    type: "template",
    name: "order_update",
    language: "en_US",
    header: [{ type: "text", text: "4821" }],
    body: [
      { type: "text", text: "4821" },
      { type: "text", text: "Ada" },
    ],
    buttons: [{ type: "url", index: 1, text: "x9" }],
  });
});

test("the parts are read as the Graph API lists them, too; named blanks go by their names", () => {
  const sheet = readSheet({
    components: [
      { type: "BODY", text: "Hi {{first_name}}" },
      { type: "FOOTER", text: "Bye" },
    ],
  });
  expect(sheet).toMatchObject({ header: null, body: "Hi {{first_name}}", footer: "Bye", buttons: [] });
  expect(filled(sheet.body ?? "", "body", {})).toBe("Hi {{first_name}}");
  expect(templateContent({ name: "hi", language: "de" }, sheet, { "body 0 first_name": "Ada" }).body).toEqual(
    [{ type: "text", name: "first_name", text: "Ada" }],
  );
});

test("of a template that Meta has told no parts of, nothing can be asked", () => {
  expect(readSheet(null)).toEqual({
    header: null,
    file: null,
    body: null,
    footer: null,
    buttons: [],
    blanks: [],
    codes: [],
    obstacle: null,
  });
});

const listed = (...components: Record<string, unknown>[]) => readSheet({ components });
const name = { name: "t", language: "en_US" };

test("a header that is a file takes one, which goes along by its id", () => {
  const sheet = listed({ type: "HEADER", format: "DOCUMENT" }, { type: "BODY", text: "Your receipt" });
  expect(sheet).toMatchObject({ header: null, file: "document", blanks: [] });
  const content = templateContent(name, sheet, {}, { id: "a-file", filename: "receipt.pdf" });
  expect(content.header).toEqual([{ type: "document", media: { id: "a-file" }, filename: "receipt.pdf" }]);
  const picture = listed({ type: "HEADER", format: "IMAGE" });
  expect(templateContent(name, picture, {}, { id: "a-file", filename: "x.png" }).header).toEqual([
    { type: "image", media: { id: "a-file" } },
  ]);
});

test("the code of an authentication template is asked for once, and goes to its button, too", () => {
  const sheet = listed(
    { type: "BODY", text: "*{{1}}* is your verification code." },
    {
      type: "BUTTONS",
      buttons: [{ type: "URL", text: "Copy code", url: "https://www.whatsapp.com/otp/code/?code=otp{{1}}" }],
    },
  );
  expect(sheet.blanks.map(({ label }) => label)).toEqual(["{{1}}"]);
  expect(templateContent(name, sheet, { "body 0 1": "123456" })).toMatchObject({
    body: [{ type: "text", text: "123456" }],
    buttons: [{ type: "url", index: 0, text: "123456" }],
  });
});

test("what Meta was shown as an example says what belongs into a blank", () => {
  const examples = (...components: Record<string, unknown>[]) =>
    listed(...components).blanks.map(({ example }) => example);
  expect(
    examples(
      { type: "HEADER", format: "TEXT", text: "Order {{1}}", example: { header_text: ["4821"] } },
      { type: "BODY", text: "{{1}}, {{2}}, {{3}}", example: { body_text: [["Ada", "Friday"]] } },
    ),
  ).toEqual(["4821", "Ada", "Friday", null]);
  const named = { body_text_named_params: [{ param_name: "day", example: "Friday" }] };
  expect(examples({ type: "BODY", text: "{{name}}, {{day}}", example: named })).toEqual([null, "Friday"]);
});

test("a button that copies a code asks for it", () => {
  const sheet = listed({
    type: "BUTTONS",
    buttons: [
      { type: "QUICK_REPLY", text: "No" },
      { type: "COPY_CODE", text: "Copy offer code" },
    ],
  });
  expect(sheet.blanks).toMatchObject([{ label: "Code that “Copy offer code” copies", as: "copy_code" }]);
  expect(templateContent(name, sheet, { "buttons 1 1": "SPRING" }).buttons).toEqual([
    { type: "copy_code", index: 1, code: "SPRING" },
  ]);
});

test.each([
  [{ type: "carousel", cards: [] }, "it has cards"],
  [{ type: "HEADER", format: "LOCATION" }, "its header is a place"],
  [{ type: "BUTTONS", buttons: [{ type: "MPM", text: "See all" }] }, "it shows products"],
])("what can't be filled in here says so: %j", (part, obstacle) => {
  expect(listed({ type: "BODY", text: "Hi" }, part).obstacle).toBe(obstacle);
});

test("before the server has answered it looks as it will", () => {
  const sheet = listed(
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Hello {{name}}, {{day}}" },
  );
  const values = { "body 0 name": "Ada", "body 0 day": "Friday" };
  const part = sentForm(templateContent(name, sheet, values, { id: "a-file", filename: null }));
  expect(part).toMatchObject({ name: "t", language: { code: "en_US" } });
  expect(filled("Hello {{name}}, {{day}}", "body", filledIn(part))).toBe("Hello Ada, Friday");
  expect(fileOf(part)).toEqual({ type: "image", id: "a-file", filename: null });
});

test("a template that was sent tells what was filled in, and its file", () => {
  const part = {
    components: [
      { type: "header", parameters: [{ type: "image", image: { id: "a-file" } }] },
      { type: "body", parameters: [{ type: "text", parameter_name: "day", text: "Friday" }] },
    ],
  };
  expect(filledIn(part)["body 0 day"]).toBe("Friday");
  expect(fileOf(part)).toEqual({ type: "image", id: "a-file", filename: null });
  expect(fileOf({ components: [{ type: "header", parameters: [{ type: "text", text: "x" }] }] })).toBeNull();
});

test("of two templates of a name the one that is there counts", () => {
  const one = (id: string, status: string) => ({ ...name, id, status }) as never;
  expect(templateNamed([one("old", "DELETED"), one("new", "PAUSED")], name)).toMatchObject({ id: "new" });
  expect(templateNamed([one("old", "DELETED")], name)).toMatchObject({ id: "old" });
  expect(templateNamed([], name)).toBeUndefined();
});

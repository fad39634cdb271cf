import { expect, test } from "vitest";
import { filled, readSheet, templateContent } from "./templates.ts";

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
  expect(readSheet(null)).toEqual({ header: null, body: null, footer: null, buttons: [], blanks: [] });
});

import { describe, expect, it } from "vitest";
import { checkTemplate, type Component, editProblem, type TemplateForm } from "./template-rules.ts";

const form = (components: Component[], about: Partial<TemplateForm> = {}): TemplateForm => ({
  name: "order_update",
  language: "en_US",
  category: "UTILITY",
  parameter_format: "POSITIONAL",
  message_send_ttl_seconds: null,
  components,
  ...about,
});
const codes = (given: TemplateForm) => checkTemplate(given).map(({ field, code }) => `${field} ${code}`);
const body = (text: string, ...samples: string[]) => ({
  type: "BODY",
  text,
  example: { body_text: [samples] },
});
const plain = body("Your order is on its way.");
const buttons = (...list: object[]) => [plain, { type: "BUTTONS", buttons: list }];
const reply = (text: string) => ({ type: "QUICK_REPLY", text });
const link = (url: string, example?: string) => ({ type: "URL", text: "Track", url, example });
const card = (text: string | null, kind = "IMAGE", button: object = reply("This one")) => ({
  components: [
    { type: "HEADER", format: kind, example: { header_handle: ["4:aW"] } },
    ...(text === null ? [] : [{ type: "BODY", text }]),
    { type: "BUTTONS", buttons: [button] },
  ],
});
const cards = (...list: object[]) =>
  form([plain, { type: "CAROUSEL", cards: list }], { category: "MARKETING" });
const code = (button: object, ...more: Component[]) =>
  form([{ type: "BODY" }, ...more, { type: "BUTTONS", buttons: [button] }], { category: "AUTHENTICATION" });
const app = { package_name: "com.example.shop", signature_hash: "K8a/AINcGX7" };

describe("each limit is told at the field where it belongs", () => {
  it.each<[string, TemplateForm, string[]]>([
    ["nothing is wrong", form([plain]), []],
    ["no name", form([plain], { name: "" }), ["name NAME_MISSING"]],
    ["a name with capitals", form([plain], { name: "Order" }), ["name NAME_FORM"]],
    ["a name of 513", form([plain], { name: "a".repeat(513) }), ["name TOO_LONG"]],
    ["a language that is none", form([plain], { language: "en-US" }), ["language LANGUAGE_UNKNOWN"]],
    [
      "a lifetime of a day for utility",
      form([plain], { message_send_ttl_seconds: 86_400 }),
      ["message_send_ttl_seconds TTL_RANGE"],
    ],
    ["no body", form([]), ["body.text TEXT_MISSING"]],
    ["a body of 1,024", form([body("x".repeat(1_024))]), []],
    ["a body of 1,025", form([body("x".repeat(1_025))]), ["body.text TOO_LONG"]],
    ["a variable in front", form([body("{{1}}, it is on its way", "Ada")]), ["body.text VARIABLE_AT_EDGE"]],
    ["a variable at the end", form([body("It is on its way, {{1}}", "Ada")]), ["body.text VARIABLE_AT_EDGE"]],
    [
      "two variables side by side",
      form([body("Hello dear {{1}} {{2}}, it is on its way", "A", "B")]),
      ["body.text VARIABLES_ADJACENT"],
    ],
    [
      "a gap in the numbers",
      form([body("Hello {{1}}, order {{3}} is on its way", "A", "", "B")]),
      ["body.text VARIABLE_SEQUENCE"],
    ],
    [
      "a name among numbers",
      form([body("Hello {{name}}, it is on its way", "A")]),
      ["body.text VARIABLE_NUMBER", "body.example.name SAMPLE_MISSING"],
    ],
    ["no sample", form([body("Hello {{1}}, it is on its way")]), ["body.example.1 SAMPLE_MISSING"]],
    ["braces that are left open", form([body("Hello {{1}, it is on its way")]), ["body.text BRACES"]],
    [
      "many variables for few words",
      form([body("a {{1}} b {{2}} c", "A", "B")]),
      ["body.text TOO_FEW_WORDS"],
    ],
    [
      "named parameters",
      form(
        [
          {
            type: "BODY",
            text: "Hello {{first_name}}, welcome to us",
            example: { body_text_named_params: [{ param_name: "first_name", example: "Ada" }] },
          },
        ],
        { parameter_format: "NAMED" },
      ),
      [],
    ],
    [
      "a named parameter with capitals",
      form(
        [
          {
            type: "BODY",
            text: "Hello {{Name}}, welcome to us",
            example: { body_text_named_params: [{ param_name: "Name", example: "Ada" }] },
          },
        ],
        { parameter_format: "NAMED" },
      ),
      ["body.text VARIABLE_NAME"],
    ],
    [
      "a header of 61",
      form([{ type: "HEADER", format: "TEXT", text: "x".repeat(61) }, plain]),
      ["header.text TOO_LONG"],
    ],
    [
      "a header with two variables",
      form([
        { type: "HEADER", format: "TEXT", text: "{{1}} of {{2}}", example: { header_text: ["a", "b"] } },
        plain,
      ]),
      ["header.text TOO_MANY_VARIABLES"],
    ],
    [
      "a header with an emoji",
      form([{ type: "HEADER", format: "TEXT", text: "Sale 🌷" }, plain]),
      ["header.text HEADER_EMOJI"],
    ],
    [
      "a picture without a sample",
      form([{ type: "HEADER", format: "IMAGE" }, plain]),
      ["header.example SAMPLE_MISSING"],
    ],
    ["a place", form([{ type: "HEADER", format: "LOCATION" }, plain]), []],
    [
      "a footer with a variable",
      form([plain, { type: "FOOTER", text: "For {{1}} only" }]),
      ["footer.text FOOTER_VARIABLE"],
    ],
    [
      "eleven buttons",
      form(buttons(...Array.from({ length: 11 }, (_, at) => reply(`No. ${at}`)))),
      ["buttons TOO_MANY_BUTTONS"],
    ],
    [
      "three links",
      form(buttons(...[1, 2, 3].map((at) => ({ ...link("https://example.com"), text: `Track ${at}` })))),
      ["buttons TOO_MANY_OF_KIND"],
    ],
    [
      "quick replies on both sides",
      form(buttons(reply("a"), link("https://example.com"), reply("b"))),
      ["buttons BUTTONS_MIXED"],
    ],
    ["a button of 26", form(buttons(reply("x".repeat(26)))), ["buttons.0.text TOO_LONG"]],
    ["the same words twice", form(buttons(reply("Yes"), reply("yes"))), ["buttons.1.text TEXT_TWICE"]],
    [
      "a variable in the midst of an address",
      form(buttons(link("https://example.com/{{1}}/x", "https://example.com/1/x"))),
      ["buttons.0.url URL_VARIABLE"],
    ],
    [
      "an open address without a sample",
      form(buttons(link("https://example.com/{{1}}"))),
      ["buttons.0.example SAMPLE_MISSING"],
    ],
    ["a link to WhatsApp", form(buttons(link("https://wa.me/4915112345"))), ["buttons.0.url URL_WHATSAPP"]],
    [
      "a phone number without its country",
      form(buttons({ type: "PHONE_NUMBER", text: "Call", phone_number: "0151" })),
      ["buttons.0.phone_number PHONE_FORM"],
    ],
    [
      "a coupon of 16",
      form(buttons({ type: "COPY_CODE", example: "x".repeat(16) })),
      ["buttons.0.example TOO_LONG"],
    ],
    [
      "a form without its id",
      form(buttons({ type: "FLOW", text: "Book" })),
      ["buttons.0.flow_id FLOW_MISSING"],
    ],
    [
      "a catalogue beside another button",
      form(buttons({ type: "CATALOG", text: "View" }, reply("No"))),
      ["buttons BUTTON_ALONE"],
    ],
    ["one card", cards(card("a")), ["cards CARD_COUNT"]],
    ["two cards", cards(card("a"), card("b")), []],
    ["cards that differ", cards(card("a"), card(null)), ["cards.1 CARDS_DIFFER"]],
    ["a card of 161", cards(card("x".repeat(161)), card("b")), ["cards.0.body.text TOO_LONG"]],
    [
      "a card with a document",
      cards(card("a", "DOCUMENT"), card("b", "DOCUMENT")),
      ["cards.0.header HEADER_KIND", "cards.1.header HEADER_KIND"],
    ],
    ["a one-time code", code({ type: "OTP", otp_type: "COPY_CODE" }), []],
    [
      "a code after 91 minutes",
      code({ type: "OTP", otp_type: "COPY_CODE" }, { type: "FOOTER", code_expiration_minutes: 91 }),
      ["footer.minutes CODE_MINUTES"],
    ],
    ["one tap without an app", code({ type: "OTP", otp_type: "ONE_TAP" }), ["buttons.0.apps APP_COUNT"]],
    [
      "zero tap without the terms",
      code({ type: "OTP", otp_type: "ZERO_TAP", supported_apps: [app] }),
      ["buttons.0.terms TERMS"],
    ],
    [
      "a code with a header",
      code({ type: "OTP", otp_type: "COPY_CODE" }, { type: "HEADER", format: "TEXT", text: "Code" }),
      ["header PART_UNFIT"],
    ],
    [
      "an offer without a link",
      form([plain, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Two for one" } }], {
        category: "MARKETING",
      }),
      ["buttons OFFER_LINK"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(codes(given)).toEqual(expected);
  });
});

it("Meta takes one edit of an approved template a day and ten in 30 days; of one that was rejected as many as one likes", () => {
  const now_ms = Date.parse("2026-11-30T12:00:00Z");
  const ago = (...hours: number[]) => hours.map((each) => new Date(now_ms - each * 3_600_000));
  expect(editProblem("APPROVED", ago(23), now_ms)).toContain("one edit");
  expect(editProblem("APPROVED", ago(25), now_ms)).toBeNull();
  expect(editProblem("APPROVED", ago(25, 50, 75, 100, 125, 150, 175, 200, 225, 250), now_ms)).toContain(
    "ten edits",
  );
  expect(editProblem("REJECTED", ago(1, 2, 3), now_ms)).toBeNull();
  expect(editProblem("PENDING", [], now_ms)).toContain("reviewing");
  expect(editProblem("DISABLED", [], now_ms)).toContain("only while");
});

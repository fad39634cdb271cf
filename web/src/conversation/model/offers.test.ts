import { expect, test } from "vitest";
import { questionOf, templateOffers } from "./offers.ts";

const offer = (content: Record<string, unknown>) => questionOf({ type: "interactive", content });
const choices = (content: Record<string, unknown>) =>
  offer({ body: { text: "b" }, ...content }).offers.flatMap((one) =>
    one.kind === "list"
      ? one.sections.flatMap(({ rows }) => rows.map(({ title }) => `${title} (${one.title})`))
      : `${one.title} (${one.kind})`,
  );
const row = (title: string) => ({ id: title, title });

test("every kind of question shows what there is to tap on", () => {
  expect(
    choices({ type: "button", action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] } }),
  ).toEqual(["Yes (button_reply)"]);
  expect(
    choices({
      type: "list",
      action: {
        button: "Open",
        sections: [{ rows: [row("Monday")] }, { title: "t", rows: [row("Friday")] }],
      },
    }),
  ).toEqual(["Monday (Open)", "Friday (Open)"]);
  const link = { name: "cta_url", parameters: { display_text: "Track it", url: "https://x.example" } };
  expect(choices({ type: "cta_url", action: link })).toEqual(["Track it (url)"]);
  const parameters = { flow_message_version: "3", flow_id: "1", flow_cta: "Book a table" };
  expect(choices({ type: "flow", action: { name: "flow", parameters } })).toEqual(["Book a table (flow)"]);
  expect(choices({ type: "location_request_message", action: { name: "send_location" } })).toEqual([
    "Send location (location)",
  ]);
  expect(choices({ type: "request_contact_info", action: { name: "request_contact_info" } })).toEqual([
    "Share contact info (contact)",
  ]);
  expect(choices({ type: "catalog_message", action: { name: "catalog_message" } })).toEqual([
    "View catalog (order)",
  ]);
});

test("a tap answers with what was sent: ids of buttons and rows, a flow's token", () => {
  const buttons = [
    { type: "reply", reply: { id: "y", title: "Yes" } },
    { type: "reply", reply: {} },
  ];
  expect(offer({ type: "button", action: { buttons } }).offers).toEqual([
    { kind: "button_reply", title: "Yes", id: "y" },
  ]);
  const rows = [{ id: "m", title: "Medium", description: "38-40" }, { title: "Large" }];
  expect(offer({ type: "list", action: { sections: [{ title: "Women", rows }] } }).offers).toEqual([
    {
      kind: "list",
      title: "Choose",
      sections: [
        {
          title: "Women",
          rows: [
            { id: "m", title: "Medium", description: "38-40" },
            { id: "Large", title: "Large", description: null },
          ],
        },
      ],
    },
  ]);
  const parameters = { flow_cta: "Book", flow_token: "t" };
  expect(offer({ type: "flow", action: { parameters } }).offers).toMatchObject([{ flow_token: "t" }]);
});

test("a link is one only if it leads to the web", () => {
  const cta = (url: string) =>
    offer({ type: "cta_url", action: { parameters: { display_text: "See", url } } }).offers;
  expect(cta("https://x.example")).toEqual([{ kind: "url", title: "See", url: "https://x.example" }]);
  for (const url of ["javascript:alert(1)", "data:text/html,x", " https://x.example"])
    expect(cta(url)).toEqual([{ kind: "other", title: "See" }]);
});

test("a template's buttons, in the form of the Graph API, with what was filled in when it was sent", () => {
  const BUTTONS = [
    { type: "QUICK_REPLY", text: "Yes" },
    { type: "QUICK_REPLY", text: "No" },
    { type: "URL", text: "Track", url: "https://track.example/{{1}}" },
    { type: "PHONE_NUMBER", text: "Call", phone_number: "+12025550190" },
    { type: "FLOW", text: "Book" },
  ];
  const button = (index: string, parameter: object) => ({ type: "button", index, parameters: [parameter] });
  const components = [
    { type: "body", parameters: [] },
    button("0", { type: "payload", payload: "YES_1" }),
    button("2", { type: "text", text: "4821" }),
    button("4", { type: "action", action: { flow_token: "t" } }),
  ];
  expect(templateOffers({ components: [{ type: "BUTTONS", buttons: BUTTONS }] }, { components })).toEqual([
    { kind: "button", title: "Yes", payload: "YES_1" },
    { kind: "button", title: "No", payload: "No" },
    { kind: "url", title: "Track", url: "https://track.example/4821" },
    { kind: "phone", title: "Call", phone: "+12025550190" },
    { kind: "flow", title: "Book", flow_token: "t" },
  ]);
});

test("header, footer and products stand with it", () => {
  const sections = [{ product_items: ["tent-2", "tent-3"].map((id) => ({ product_retailer_id: id })) }];
  expect(
    offer({
      type: "product_list",
      header: { type: "text", text: "For the coast" },
      body: { text: "b" },
      footer: { text: "While they last" },
      action: { catalog_id: "1", sections },
    }),
  ).toEqual({
    header: { text: "For the coast" },
    body: "b",
    footer: "While they last",
    products: ["tent-2", "tent-3"],
    offers: [{ kind: "order", title: "View items", catalog_id: "1", products: ["tent-2", "tent-3"] }],
  });
  const product = offer({ type: "product", action: { catalog_id: "1", product_retailer_id: "tent-3" } });
  expect([product.body, product.products]).toEqual([null, ["tent-3"]]);
  const pictured = offer({
    type: "button",
    header: { type: "image", image: { id: "1" } },
    body: { text: "b" },
  });
  expect(pictured.header).toEqual({ type: "image", id: "1", filename: null });
});

import { expect, test } from "vitest";
import { questionOf } from "./offers.ts";

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
    "View catalog (other)",
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
    offers: [{ kind: "other", title: "View items" }],
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

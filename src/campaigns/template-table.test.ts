import { afterAll, expect, it } from "vitest";
import { createGraph } from "../meta/meta.ts";
import { createGraphStandIn, createSimulator, NUMBERS } from "../simulator/simulator.ts";
import { contentOf, type PlaceValue } from "./definition/definition.ts";
import { placesOf } from "./definition/template-places.ts";

/** What a campaign makes of each kind of header, button and variables is created, approved, sent and taken by Meta's stand-in. */

const number = NUMBERS[0]!;
const simulator = createSimulator({ target_url: "http://127.0.0.1:9", app_secret: "secret" });
const standIn = createGraphStandIn({
  simulator,
  token: "TOKEN",
  approved: 1,
  throughput: 1_000_000,
  management_calls_per_h: null,
  odds: { failed: 0 },
  deliver: () => Promise.resolve(),
  pause: () => Promise.resolve(),
});
const graph = createGraph({ base_url: await standIn.listen(0), token: () => "TOKEN" });
afterAll(async () => {
  await graph.stop();
  await standIn.stop();
  await simulator.stop();
});

type Part = Record<string, unknown>;
const file = async (mime_type: string) => {
  const body = Buffer.from(mime_type);
  const uploaded = await graph.uploadSample({ body, size_bytes: body.length, mime_type, filename: "sample" });
  if (uploaded.outcome !== "done") throw new Error(JSON.stringify(uploaded));
  return { header_handle: [uploaded.value.handle] };
};
const header = (format: string, more: Part = {}): Part => ({ type: "HEADER", format, ...more });
const headers: Record<string, Part | null> = {
  none: null,
  text: header("TEXT", { text: "Your order" }),
  variable: header("TEXT", { text: "Order {{1}} today", example: { header_text: ["4821"] } }),
  image: header("IMAGE", { example: await file("image/png") }),
  video: header("VIDEO", { example: await file("video/mp4") }),
  document: header("DOCUMENT", { example: await file("application/pdf") }),
  location: header("LOCATION"),
};
const named_header = header("TEXT", {
  text: "Order {{order}} today",
  example: { header_text_named_params: [{ param_name: "order", example: "4821" }] },
});
const url = "https://example.com/orders";
const buttons: Record<string, Part | null> = {
  none: null,
  "quick reply": { type: "QUICK_REPLY", text: "Yes" },
  url: { type: "URL", text: "Track", url },
  "url with a variable": { type: "URL", text: "Track", url: `${url}/{{1}}`, example: [`${url}/4821`] },
  phone: { type: "PHONE_NUMBER", text: "Call us", phone_number: "+4720000000" },
  "copy code": { type: "COPY_CODE", example: "SAVE20" },
  flow: { type: "FLOW", text: "Book", flow_id: "1234567890", flow_action: "navigate", navigate_screen: "A" },
};
const body = (text: string, example?: Part): Part => ({ type: "BODY", text, ...(example && { example }) });
const bodies: Record<string, Part> = {
  "0": body("Your order is on its way to you."),
  "1": body("Hello {{1}}, your order is on its way.", { body_text: [["Ada"]] }),
  n: body("Hello {{1}}, your order {{2}} is on its way and comes on {{3}}, we think.", {
    body_text: [["Ada", "4821", "Friday"]],
  }),
  named: body("Hello {{first_name}}, your order {{number}} is on its way to you.", {
    body_text_named_params: ["first_name", "number"].map((param_name) => ({ param_name, example: "4821" })),
  }),
};

const valueFor = (kind: string): PlaceValue => {
  if (kind === "text") return { text: "4821" };
  if (kind === "location") return { latitude: 59.91, longitude: 10.75, name: "Shop", address: "Oslo" };
  return { media: { link: "https://example.com/file" } };
};

const table = Object.keys(headers).flatMap((top) =>
  Object.keys(buttons).flatMap((below) => Object.keys(bodies).map((middle) => ({ top, below, middle }))),
);

it("of every header, button and kind of variables a campaign's message is taken", async () => {
  expect(table).toHaveLength(7 * 7 * 4);
  for (const [at, { top, below, middle }] of table.entries()) {
    const is_named = middle === "named";
    const first = is_named && top === "variable" ? named_header : headers[top]!;
    const button = buttons[below]!;
    const components = [first, bodies[middle]!, button && { type: "BUTTONS", buttons: [button] }].filter(
      (each) => each !== null,
    );
    const name = `campaign_${at}`;
    const created = await graph.createTemplate(number.waba_id, {
      name,
      language: "en_US",
      category: "MARKETING",
      parameter_format: is_named ? "NAMED" : "POSITIONAL",
      components,
    });
    await standIn.drain();
    const places = placesOf({ components });
    const values = new Map(places.map(({ place, kind }) => [place, valueFor(kind)]));
    const template = { id: null, name, language: "en_US", status: "APPROVED", category: "MARKETING" };
    const content = contentOf({ ...template, components: { components }, places, unsupported: null }, values);
    const to = { phone: `447700${String(900_000 + at)}` };
    const sent = await graph.send(number.phone_number_id, { to, content });
    expect({ top, below, middle, created: created.outcome, sent }).toMatchObject({
      created: "done",
      sent: { outcome: "sent" },
    });
  }
});

import { afterAll, expect, it } from "vitest";
import { createGraph, type OutgoingContent } from "../src/meta/meta.ts";
import { checkTemplate, type Component } from "../src/template-rules/template-rules.ts";
import { createGraphStandIn, createSimulator, NUMBERS } from "../src/simulator/simulator.ts";

/** Each kind of header with each kind of button and each kind of variables: created, approved, sent, and taken. */

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

type Content = Extract<OutgoingContent, { type: "template" }>;
const files = { IMAGE: "image/png", VIDEO: "video/mp4", DOCUMENT: "application/pdf" } as const;
type FileKind = keyof typeof files;
const handles = new Map<FileKind, string>();
for (const [kind, mime_type] of Object.entries(files) as [FileKind, string][]) {
  const body = Buffer.from(`a ${kind}`);
  const uploaded = await graph.uploadSample({ body, size_bytes: body.length, mime_type, filename: "sample" });
  if (uploaded.outcome !== "done") throw new Error(JSON.stringify(uploaded));
  handles.set(kind, uploaded.value.handle);
}

const media = { link: "https://example.com/file" };
const fileHeader = (kind: FileKind): Header => ({
  part: { type: "HEADER", format: kind, example: { header_handle: [handles.get(kind)!] } },
  sent: [{ type: kind.toLowerCase() as "image" | "video" | "document", media }],
});
interface Header {
  part: Component | null;
  sent?: Content["header"];
  /** Of a template with named parameters. */
  named?: { part: Component; sent: Content["header"] };
}
const headers: Record<string, Header> = {
  none: { part: null },
  text: { part: { type: "HEADER", format: "TEXT", text: "Your order" } },
  "text with a variable": {
    part: { type: "HEADER", format: "TEXT", text: "Order {{1}} today", example: { header_text: ["4821"] } },
    sent: [{ type: "text", text: "4821" }],
    named: {
      part: {
        type: "HEADER",
        format: "TEXT",
        text: "Order {{order}} today",
        example: { header_text_named_params: [{ param_name: "order", example: "4821" }] },
      },
      sent: [{ type: "text", name: "order", text: "4821" }],
    },
  },
  image: fileHeader("IMAGE"),
  video: fileHeader("VIDEO"),
  document: fileHeader("DOCUMENT"),
  location: {
    part: { type: "HEADER", format: "LOCATION" },
    sent: [{ type: "location", latitude: 59.91, longitude: 10.75, name: "Shop", address: "Oslo" }],
  },
};
const buttons: Record<string, { button: Component | null; sent?: Content["buttons"] }> = {
  none: { button: null },
  "quick reply": {
    button: { type: "QUICK_REPLY", text: "Yes" },
    sent: [{ type: "quick_reply", index: 0, payload: "YES" }],
  },
  url: { button: { type: "URL", text: "Track", url: "https://example.com/orders" } },
  "url with a variable": {
    button: {
      type: "URL",
      text: "Track",
      url: "https://example.com/orders/{{1}}",
      example: ["https://example.com/orders/4821"],
    },
    sent: [{ type: "url", index: 0, text: "4821" }],
  },
  phone: { button: { type: "PHONE_NUMBER", text: "Call us", phone_number: "+4720000000" } },
  "copy code": {
    button: { type: "COPY_CODE", example: "SAVE20" },
    sent: [{ type: "copy_code", index: 0, code: "SAVE20" }],
  },
  flow: {
    button: {
      type: "FLOW",
      text: "Book",
      flow_id: "1234567890",
      flow_action: "navigate",
      navigate_screen: "A",
    },
    sent: [{ type: "flow", index: 0, flow_token: "unused" }],
  },
};
const bodies: Record<string, { part: Component; sent?: Content["body"] }> = {
  "0": { part: { type: "BODY", text: "Your order is on its way to you." } },
  "1": {
    part: { type: "BODY", text: "Hello {{1}}, your order is on its way.", example: { body_text: [["Ada"]] } },
    sent: [{ type: "text", text: "Ada" }],
  },
  n: {
    part: {
      type: "BODY",
      text: "Hello {{1}}, your order {{2}} is on its way and comes on {{3}}, we think.",
      example: { body_text: [["Ada", "4821", "Friday"]] },
    },
    sent: ["Ada", "4821", "Friday"].map((text) => ({ type: "text" as const, text })),
  },
  named: {
    part: {
      type: "BODY",
      text: "Hello {{first_name}}, your order {{number}} is on its way to you.",
      example: {
        body_text_named_params: [
          { param_name: "first_name", example: "Ada" },
          { param_name: "number", example: "4821" },
        ],
      },
    },
    sent: [
      { type: "text", name: "first_name", text: "Ada" },
      { type: "text", name: "number", text: "4821" },
    ],
  },
};

const table = Object.entries(headers).flatMap(([header]) =>
  Object.keys(buttons).flatMap((button) =>
    Object.keys(bodies).map((variables) => ({ header, button, variables })),
  ),
);

it("of every header, button and kind of variables a template is created, approved, sent and taken", async () => {
  expect(table).toHaveLength(7 * 7 * 4);
  for (const [at, { header, button, variables }] of table.entries()) {
    const is_named = variables === "named";
    const top = is_named ? { ...headers[header]!, ...headers[header]!.named } : headers[header]!;
    const { part, sent: body = [] } = bodies[variables]!;
    const { button: below, sent: taps = [] } = buttons[button]!;
    const template = {
      name: `table_${at}`,
      language: "en_US",
      category: "MARKETING",
      parameter_format: is_named ? ("NAMED" as const) : ("POSITIONAL" as const),
      components: [top.part, part, below && { type: "BUTTONS", buttons: [below] }].filter(
        (each) => each !== null,
      ),
    };
    const faults = checkTemplate({ ...template, message_send_ttl_seconds: null });
    const created = await graph.createTemplate(number.waba_id, template);
    await standIn.drain();
    const content: Content = {
      type: "template",
      name: template.name,
      language: "en_US",
      ...(top.sent ? { header: top.sent } : {}),
      body,
      buttons: taps,
    };
    const to = { phone: `447700${String(900_000 + at)}` };
    const sent = await graph.send(number.phone_number_id, { to, content });
    expect({ header, button, variables, faults, created: created.outcome, sent }).toMatchObject({
      faults: [],
      created: "done",
      sent: { outcome: "sent" },
    });
  }
});

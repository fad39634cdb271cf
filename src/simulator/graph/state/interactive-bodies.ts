import { z } from "zod";
import { body, medium, mediaLink, text, whole } from "../protocol/protocol.ts";

/** Interactive messages. Source of each: Meta's page of that message. */
const textHeader = z.object({ type: z.literal("text"), text: text(60) });
const header = z.discriminatedUnion("type", [
  textHeader,
  z.object({ type: z.literal("image"), image: medium() }),
  z.object({ type: z.literal("video"), video: medium() }),
  z.object({ type: z.literal("document"), document: medium() }),
]);
const frame = {
  header: header.optional(),
  footer: z.object({ text: text(60) }).optional(),
};
const distinct = (items: readonly { id: string }[]) =>
  new Set(items.map(({ id }) => id)).size === items.length;
/** WhatsApp counts these itself, and says so in this way. */
const counted = <Item extends z.ZodType>(item: Item, name: string, least: number, most: number) =>
  z
    .array(item)
    .refine(
      ({ length }) => length >= least && length <= most,
      `Invalid ${name} count. Min allowed ${name}: ${least}, Max allowed ${name}: ${most}`,
    );

/** The page only advises how long the button may be. */
const flow = z
  .strictObject({
    flow_message_version: z.literal("3"),
    flow_id: z.string().regex(/^\d+$/).optional(),
    flow_name: z.string().min(1).optional(),
    flow_cta: text(30).refine(
      (cta) => !/\p{Emoji_Presentation}/u.test(cta),
      "flow_cta doesn't support emoji",
    ),
    flow_token: z.string().min(1).optional(),
    mode: z.enum(["draft", "published"]).optional(),
    flow_action: z.enum(["navigate", "data_exchange"]).default("navigate"),
    flow_action_payload: z
      .strictObject({
        screen: z.string().min(1).optional(),
        data: z
          .record(z.string(), z.unknown())
          .refine((data) => Object.keys(data).length > 0, "data must be a non-empty object")
          .optional(),
      })
      .optional(),
  })
  .refine(
    ({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined),
    "Exactly one of flow_id and flow_name is required",
  )
  .refine(
    ({ flow_action, flow_action_payload }) => flow_action === "navigate" || flow_action_payload === undefined,
    "flow_action_payload is allowed with navigate only",
  );

const openLink = z.object({
  name: z.literal("cta_url"),
  parameters: z.object({ display_text: text(20), url: z.url() }),
});
const replyButtons = z.object({
  buttons: counted(
    z.object({ type: z.literal("reply"), reply: z.object({ id: text(256), title: text(20) }) }),
    "buttons",
    1,
    3,
  ).refine((buttons) => distinct(buttons.map(({ reply }) => reply)), "Duplicate button id"),
});

/** Cards of pictures, or of products. */
const cardBody = z.object({
  text: text(160).refine((words) => words.split("\n").length <= 3, "A card's body has up to 2 line breaks"),
});
const pictureCard = z.object({
  card_index: whole(0, 9),
  type: z.enum(["cta_url", "quick_reply"]).optional(),
  header: z.discriminatedUnion("type", [
    z.object({ type: z.literal("image"), image: medium() }),
    z.object({ type: z.literal("video"), video: medium() }),
  ]),
  body: cardBody.optional(),
  action: z.union([
    openLink,
    z.object({
      buttons: counted(
        z.object({
          type: z.literal("quick_reply"),
          quick_reply: z.object({ id: text(256), title: text(20) }),
        }),
        "buttons",
        1,
        3,
      ),
    }),
  ]),
});
const productCard = z.object({
  card_index: whole(0, 9),
  type: z.literal("product"),
  action: z.object({ catalog_id: text(256), product_retailer_id: text(256) }),
});
const cards = z
  .union([counted(productCard, "cards", 2, 10), counted(pictureCard, "cards", 2, 10)])
  .superRefine(
    (given: readonly { card_index: number; header?: { type: string }; action: object }[], context) => {
      const say = (message: string) => context.addIssue({ code: "custom", message });
      if (new Set(given.map(({ card_index }) => card_index)).size < given.length) say("Duplicate card_index");
      if (new Set(given.map(({ header }) => header?.type)).size > 1)
        say("All cards must have the same header type");
      const catalogs = given.map(({ action }) => ("catalog_id" in action ? action.catalog_id : null));
      if (new Set(catalogs).size > 1) say("All cards must reference the same catalog_id");
    },
  );

/** Orders and their payments, of Brazil, India and Singapore alike. */
const amount = z.object({ value: z.coerce.number().int().min(0), offset: z.coerce.number().int().min(1) });
const reference_id = z.string().regex(/^[\w.-]{1,60}$/);
const order = z.object({
  status: z.literal("pending"),
  catalog_id: z.string().optional(),
  expiration: z.object({ timestamp: z.coerce.string(), description: text(120) }).optional(),
  items: z
    .array(
      z.object({
        retailer_id: z.string().optional(),
        name: text(60),
        amount,
        quantity: z.coerce.number().int().min(1),
        sale_amount: amount.optional(),
      }),
    )
    .min(1),
  subtotal: amount,
  tax: amount.optional(),
  shipping: amount.optional(),
  discount: amount.optional(),
});
const orderDetails = z
  .object({
    reference_id,
    type: z.enum(["digital-goods", "physical-goods"]),
    payment_type: z.string().optional(),
    payment_settings: z.array(z.looseObject({ type: z.string() })).optional(),
    currency: z.string().regex(/^[A-Z]{3}$/),
    total_amount: amount,
    order: order.optional(),
  })
  .refine(
    ({ order: of, total_amount }) =>
      of === undefined ||
      total_amount.value ===
        of.subtotal.value + (of.tax?.value ?? 0) + (of.shipping?.value ?? 0) - (of.discount?.value ?? 0),
    "total_amount must equal subtotal + tax + shipping - discount",
  )
  .refine(
    ({ order: of }) =>
      of === undefined ||
      of.subtotal.value ===
        of.items.reduce((sum, item) => sum + (item.sale_amount ?? item.amount).value * item.quantity, 0),
    "subtotal must equal the sum of the items",
  );

export const interactive = z.discriminatedUnion("type", [
  z.object({ type: z.literal("button"), ...frame, body: body(1_024), action: replyButtons }),
  z.object({
    type: z.literal("list"),
    ...frame,
    body: body(4_096),
    action: z.object({
      button: text(20),
      sections: counted(
        z.object({
          title: z.string().max(24).optional(),
          rows: z
            .array(z.object({ id: text(200), title: text(24), description: z.string().max(72).optional() }))
            .min(1),
        }),
        "sections",
        1,
        10,
      )
        .refine(
          (sections) => sections.flatMap(({ rows }) => rows).length <= 10,
          "Total row count exceed max allowed count: 10",
        )
        .refine((sections) => distinct(sections.flatMap(({ rows }) => rows)), "Duplicate row id"),
    }),
  }),
  z.object({ type: z.literal("cta_url"), ...frame, body: body(1_024), action: openLink }),
  z.object({
    type: z.literal("location_request_message"),
    body: body(1_024),
    action: z.object({ name: z.literal("send_location") }),
  }),
  z.strictObject({
    type: z.literal("flow"),
    header: textHeader.optional(),
    footer: frame.footer,
    body: body(1_024),
    action: z.strictObject({ name: z.literal("flow"), parameters: flow }),
  }),
  z.strictObject({
    type: z.literal("product"),
    body: body(1_024).optional(),
    footer: frame.footer,
    action: z.object({ catalog_id: text(256), product_retailer_id: text(256) }),
  }),
  z.object({
    type: z.literal("product_list"),
    header: textHeader,
    body: body(1_024),
    footer: frame.footer,
    action: z.object({
      catalog_id: text(256),
      sections: counted(
        z.object({
          title: z.string().max(24).optional(),
          product_items: z.array(z.object({ product_retailer_id: text(256) })).min(1),
        }),
        "sections",
        1,
        10,
      )
        .refine(
          (sections) => sections.flatMap(({ product_items }) => product_items).length <= 30,
          "Total product count exceed max allowed count: 30",
        )
        .refine(
          (sections) => sections.length === 1 || sections.every(({ title }) => !!title),
          "Section title is required",
        ),
    }),
  }),
  z.object({
    type: z.literal("catalog_message"),
    body: body(1_024),
    footer: frame.footer,
    action: z.strictObject({
      name: z.literal("catalog_message"),
      parameters: z.strictObject({ thumbnail_product_retailer_id: text(256) }).optional(),
    }),
  }),
  z.object({
    type: z.literal("call_permission_request"),
    body: body(1_024).optional(),
    action: z.object({ name: z.literal("call_permission_request") }),
  }),
  z.strictObject({
    type: z.literal("request_contact_info"),
    body: body(1_024),
    action: z.strictObject({ name: z.literal("request_contact_info") }),
  }),
  z.object({
    type: z.literal("voice_call"),
    ...frame,
    body: body(1_024),
    action: z.object({
      name: z.literal("voice_call"),
      parameters: z
        .object({
          display_text: text(20).optional(),
          ttl_minutes: whole(1, 43_200).optional(),
          payload: z.string().max(512).optional(),
        })
        .optional(),
    }),
  }),
  z.strictObject({ type: z.literal("carousel"), body: body(1_024), action: z.object({ cards }) }),
  z.object({
    type: z.literal("address_message"),
    ...frame,
    body: body(1_024),
    action: z.object({
      name: z.literal("address_message"),
      parameters: z.looseObject({
        country: z.string().regex(/^[A-Za-z]{2}$/),
        values: z.record(z.string(), z.string()).optional(),
        saved_addresses: z.array(z.looseObject({ id: z.string() })).optional(),
        validation_errors: z.record(z.string(), z.string()).optional(),
      }),
    }),
  }),
  z.object({
    type: z.literal("order_details"),
    header: z
      .union([z.object({ type: z.literal("image"), image: z.union([medium(), mediaLink.loose()]) }), header])
      .optional(),
    footer: frame.footer,
    body: body(1_024),
    action: z.object({ name: z.literal("review_and_pay"), parameters: orderDetails }),
  }),
  z.object({
    type: z.literal("order_status"),
    ...frame,
    body: body(1_024),
    action: z.object({
      name: z.literal("review_order"),
      parameters: z.object({
        reference_id,
        order: z
          .object({
            status: z.enum([
              "pending",
              "processing",
              "partially_shipped",
              "partially-shipped",
              "shipped",
              "completed",
              "canceled",
            ]),
            description: z.string().max(120).optional(),
          })
          .optional(),
        payment: z
          .object({
            status: z.enum(["pending", "captured", "failed"]),
            timestamp: z.coerce.number().int().optional(),
          })
          .optional(),
      }),
    }),
  }),
]);

import { z } from "zod";
import { GraphFault } from "./graph-faults.ts";

/**
 * What Meta checks of `POST /{phone_number_id}/messages` before it says yes. Written from its reference and not from
 * our own checks, so that each finds the other's mistakes.
 */
const text = (limit: number) => z.string().min(1).max(limit);
const mediaId = z.object({ id: z.string().regex(/^\d+$/) });
const mediaLink = z.object({ link: z.url({ protocol: /^https?$/ }) });
const medium = z.union([mediaId.loose(), mediaLink.loose()]);
const captioned = medium.and(z.object({ caption: z.string().max(1_024).optional() }));

const textHeader = z.object({ type: z.literal("text"), text: text(60) });
const header = z.discriminatedUnion("type", [
  textHeader,
  z.object({ type: z.literal("image"), image: medium }),
  z.object({ type: z.literal("video"), video: medium }),
  z.object({ type: z.literal("document"), document: medium }),
]);
const frame = {
  header: header.optional(),
  footer: z.object({ text: text(60) }).optional(),
};
const body = (limit: number) => z.object({ text: text(limit) });
const distinct = (items: readonly { id: string }[]) =>
  new Set(items.map(({ id }) => id)).size === items.length;

/** Source: Meta's page of flow messages, which only advises how long the button may be. */
const flow = z
  .strictObject({
    flow_message_version: z.literal("3"),
    flow_id: z.string().regex(/^\d+$/).optional(),
    flow_name: z.string().min(1).optional(),
    flow_cta: text(30).refine((cta) => !/\p{Emoji_Presentation}/u.test(cta), "Emoji are not supported"),
    flow_token: z.string().min(1).optional(),
    mode: z.enum(["draft", "published"]).optional(),
    flow_action: z.enum(["navigate", "data_exchange"]).default("navigate"),
    flow_action_payload: z
      .strictObject({
        screen: z.string().min(1).optional(),
        data: z
          .record(z.string(), z.unknown())
          .refine((data) => Object.keys(data).length > 0, "Must be a non-empty object")
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

const interactive = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("button"),
    ...frame,
    body: body(1_024),
    action: z.object({
      buttons: z
        .array(z.object({ type: z.literal("reply"), reply: z.object({ id: text(256), title: text(20) }) }))
        .min(1)
        .max(3)
        .refine((buttons) => distinct(buttons.map(({ reply }) => reply)), "Duplicate button id"),
    }),
  }),
  z.object({
    type: z.literal("list"),
    ...frame,
    body: body(4_096),
    action: z.object({
      button: text(20),
      sections: z
        .array(
          z.object({
            title: z.string().max(24).optional(),
            rows: z
              .array(z.object({ id: text(200), title: text(24), description: z.string().max(72).optional() }))
              .min(1),
          }),
        )
        .min(1)
        .max(10)
        .refine((sections) => sections.flatMap(({ rows }) => rows).length <= 10, "Total row count exceeds 10")
        .refine((sections) => distinct(sections.flatMap(({ rows }) => rows)), "Duplicate row id"),
    }),
  }),
  z.object({
    type: z.literal("cta_url"),
    ...frame,
    body: body(1_024),
    action: z.object({
      name: z.literal("cta_url"),
      parameters: z.object({ display_text: text(20), url: z.url() }),
    }),
  }),
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
      sections: z
        .array(
          z.object({
            title: z.string().max(24).optional(),
            product_items: z.array(z.object({ product_retailer_id: text(256) })).min(1),
          }),
        )
        .min(1)
        .max(10)
        .refine(
          (sections) => sections.flatMap(({ product_items }) => product_items).length <= 30,
          "Total product count exceeds 30",
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
]);

const parameter = z.looseObject({
  type: z.enum([
    "text",
    "currency",
    "date_time",
    "image",
    "video",
    "document",
    "location",
    "payload",
    "coupon_code",
    "action",
    "product",
    "limited_time_offer",
    "tap_target_configuration",
  ]),
  parameter_name: z.string().optional(),
  text: z.string().optional(),
});
const template = z.object({
  name: text(512),
  language: z.object({ code: text(10) }).loose(),
  components: z
    .array(
      z.object({
        type: z
          .string()
          .transform((type) => type.toLowerCase())
          .pipe(
            z.enum([
              "header",
              "body",
              "button",
              "footer",
              "carousel",
              "limited_time_offer",
              "tap_target_configuration",
            ]),
          ),
        sub_type: z.string().optional(),
        index: z.union([z.string().regex(/^\d$/), z.number().int()]).optional(),
        parameters: z.array(parameter).default([]),
        cards: z
          .array(z.looseObject({ card_index: z.number().int().min(0).max(9) }))
          .min(1)
          .max(10)
          .optional(),
      }),
    )
    .default([]),
});

const BODIES = {
  text: z.object({ body: text(4_096), preview_url: z.boolean().optional() }),
  image: captioned,
  video: captioned,
  audio: medium.and(z.object({ voice: z.boolean().optional() })),
  document: captioned.and(z.object({ filename: z.string().optional() })),
  sticker: medium,
  location: z.object({
    latitude: z.coerce.number().min(-90).max(90),
    longitude: z.coerce.number().min(-180).max(180),
    name: z.string().optional(),
    address: z.string().optional(),
  }),
  contacts: z
    .array(
      z.looseObject({
        name: z
          .looseObject({ formatted_name: text(1_024) })
          .refine((name) => Object.keys(name).length > 1, "At least one more name part is needed"),
      }),
    )
    .min(1),
  reaction: z.object({ message_id: z.string().startsWith("wamid."), emoji: z.string() }),
  interactive,
  template,
} as const;
type Type = keyof typeof BODIES;

const frameOf = z.object({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.enum(["individual", "group"]).optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.string().default("text"),
  context: z.object({ message_id: z.string().startsWith("wamid.") }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
});

const readReceipt = z.object({
  messaging_product: z.literal("whatsapp"),
  status: z.literal("read"),
  message_id: z.string().startsWith("wamid."),
  typing_indicator: z.object({ type: z.literal("text") }).optional(),
});

export interface TakenTemplate {
  name: string;
  language: string;
  parameters: Record<"header" | "body", { name: string | null }[]>;
  /** The places of the buttons that have parameters. */
  buttons: number[];
}

export type Taken =
  | { kind: "read"; wamid: string }
  | {
      kind: "message";
      type: Type;
      to: string | null;
      user_id: string | null;
      callback_data: string | null;
      /** Files that it names by id. */
      media_ids: string[];
      voice: boolean;
      template: TakenTemplate | null;
    };

/** Throws a GraphFault that says what Meta would. */
export function takeMessage(body: unknown): Taken {
  if (typeof body === "object" && body !== null && "status" in body) {
    return { kind: "read", wamid: parse(readReceipt, body, "").message_id };
  }
  const { type, to, recipient, biz_opaque_callback_data } = parse(frameOf, body, "");
  if (to === undefined && recipient === undefined) throw new GraphFault(100, "The parameter to is required.");
  if (!Object.hasOwn(BODIES, type))
    throw new GraphFault(
      100,
      `Param type must be one of {${Object.keys(BODIES).join(", ")}} - got "${type}".`,
    );
  const known = type as Type;
  const given = (body as Record<string, unknown>)[known];
  if (given === undefined) throw new GraphFault(131008, `Required parameter is missing: ${known}`);
  const content = parse(BODIES[known], decoded(given), known);
  return {
    kind: "message",
    type: known,
    to: to ?? null,
    user_id: to === undefined ? (recipient ?? null) : null,
    callback_data: biz_opaque_callback_data ?? null,
    media_ids: mediaIds(content),
    voice: known === "audio" && (content as { voice?: boolean }).voice === true,
    template: known === "template" ? templateOf(content as z.infer<typeof template>) : null,
  };
}

/** Graph takes any part that is an object or a list as its JSON in a string, too. */
function decoded(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
}

function parse<Shape extends z.ZodType>(shape: Shape, value: unknown, path: string): z.infer<Shape> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  const place = [path, ...issue.path].filter((part) => part !== "").join(".");
  const missing = issue.code === "invalid_type" && issue.message.endsWith("undefined");
  if (missing && path !== "") throw new GraphFault(131008, `Required parameter is missing: ${place}`);
  throw new GraphFault(path === "" ? 100 : 131009, `Invalid parameter ${place}: ${issue.message}`);
}

/** Each file named by an id, wherever it stands. What is in an `action` has ids of its own: of buttons, rows, forms. */
function mediaIds(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = mediaId.safeParse(value);
  const parts = Object.entries(value).flatMap(([name, part]) => (name === "action" ? [] : mediaIds(part)));
  return [...(own.success ? [own.data.id] : []), ...parts];
}

function templateOf({ name, language, components }: z.infer<typeof template>): TakenTemplate {
  const of = (wanted: "header" | "body") =>
    components
      .filter(({ type }) => type === wanted)
      .flatMap(({ parameters }) =>
        parameters.map(({ parameter_name }) => ({ name: parameter_name ?? null })),
      );
  const buttons = components.flatMap(({ type, index }) =>
    type === "button" && index !== undefined ? [Number(index)] : [],
  );
  return { name, language: language.code, parameters: { header: of("header"), body: of("body") }, buttons };
}

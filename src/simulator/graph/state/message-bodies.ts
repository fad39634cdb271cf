import { z } from "zod";
import {
  type Body,
  checked,
  flag,
  GraphFault,
  graphFault,
  mediaIn,
  medium,
  missing,
  type NamedMedium,
  text,
  whole,
  parsedJson,
} from "../protocol/protocol.ts";
import { interactive } from "./interactive-bodies.ts";

/**
 * What Meta checks of `POST /{phone_number_id}/messages` before it says yes. Written from its reference and not from
 * our own checks, so that each finds the other's mistakes.
 */
const parameter = z.looseObject({
  type: z
    .string()
    .transform((type) => type.toLowerCase())
    .pipe(
      z.enum([
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
    ),
  parameter_name: z.string().optional(),
  text: z.string().optional(),
  coupon_code: z.string().optional(),
  image: medium().optional(),
  video: medium().optional(),
  document: medium({ filename: z.string().optional() }).optional(),
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

const caption = z.string().max(1_024).optional();
const BODIES = {
  text: z.object({ body: text(4_096), preview_url: flag.optional() }),
  image: medium({ caption }),
  video: medium({ caption }),
  audio: medium({ voice: flag.optional() }),
  document: medium({ caption, filename: z.string().optional() }),
  sticker: medium(),
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
  reaction: z.object({ message_id: z.string().startsWith("wamid."), emoji: z.string().optional() }),
  /** Of groups alone. */
  pin: z
    .object({
      type: z.enum(["pin", "unpin"]),
      message_id: z.string().startsWith("wamid."),
      expiration_days: whole(1, 30).optional(),
    })
    .refine(
      ({ type, expiration_days }) => type === "unpin" || expiration_days !== undefined,
      "expiration_days is required to pin a message",
    ),
  interactive,
  template,
} as const;
type Type = keyof typeof BODIES;

/** Source: Meta's page of groups. */
const OF_GROUPS: readonly Type[] = [
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "template",
  "reaction",
  "pin",
];

const product = z.literal("whatsapp");
const frameOf = z.object({
  messaging_product: product,
  recipient_type: z.enum(["individual", "group"]).default("individual"),
  to: z.union([z.string(), z.number().transform(String)]).optional(),
  recipient: z.string().optional(),
  type: z.string().default("text"),
  biz_opaque_callback_data: z.string().max(512).optional(),
});
const context = z.object({ message_id: z.string().startsWith("wamid.") });

const readReceipt = z.object({
  messaging_product: product,
  status: z.literal("read"),
  message_id: z.string().startsWith("wamid."),
});
const typing = z.object({ type: z.literal("text") });

export interface TakenParameter {
  type: string;
  /** Of a template whose parameters have names. */
  name: string | null;
  /** Of a parameter of text, of a coupon, or of a code. */
  text: string | null;
}

export interface TakenTemplate {
  name: string;
  language: string;
  parameters: Record<"header" | "body", TakenParameter[]>;
  buttons: { index: number; parameters: TakenParameter[] }[];
}

export type Taken =
  | { kind: "read"; wamid: string }
  | {
      kind: "message";
      type: Type;
      to: string | null;
      user_id: string | null;
      /** `to` is a group. */
      isGroup: boolean;
      callback_data: string | null;
      /** Files that it names by id. */
      media: NamedMedium[];
      voice: boolean;
      template: TakenTemplate | null;
    };

/** Throws a GraphFault that says what Meta would. */
export function takeMessage(body: Body): Taken {
  if (body["status"] !== undefined) {
    const { message_id } = checked(readReceipt, body);
    const indicator = body["typing_indicator"];
    if (indicator !== undefined) checked(typing, decoded(indicator), "typing_indicator");
    return { kind: "read", wamid: message_id };
  }
  const { type, recipient_type, to, recipient, biz_opaque_callback_data } = checked(frameOf, body);
  if (to === undefined && recipient === undefined) throw missing("to");
  const isGroup = recipient_type === "group";
  const known = type.toLowerCase() as Type;
  if (!Object.hasOwn(BODIES, known))
    throw graphFault(
      `(#100) Param type must be one of {${Object.keys(BODIES).join(", ").toUpperCase()}} - got "${type}".`,
    );
  if (isGroup ? !OF_GROUPS.includes(known) : known === "pin")
    throw new GraphFault(
      131051,
      `Messages of type ${known} can't be sent to ${isGroup ? "a group" : "one person"}.`,
    );
  if (body["context"] !== undefined) checked(context, decoded(body["context"]), "context");
  const content = checked(BODIES[known], decoded(body[known]), known);
  return {
    kind: "message",
    type: known,
    to: to ?? null,
    user_id: to === undefined ? (recipient ?? null) : null,
    isGroup,
    callback_data: biz_opaque_callback_data ?? null,
    media: mediaIn(content, known),
    voice: known === "audio" && (content as { voice?: boolean }).voice === true,
    template: known === "template" ? templateOf(content as z.infer<typeof template>) : null,
  };
}

/** Graph takes any part that is an object or a list as its JSON in a string, too. */
function decoded(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return parsedJson(given);
  } catch {
    return given;
  }
}

function templateOf({ name, language, components }: z.infer<typeof template>): TakenTemplate {
  const taken = ({ type, parameter_name, text: words, coupon_code }: z.infer<typeof parameter>) => ({
    type,
    name: parameter_name ?? null,
    text: words ?? coupon_code ?? null,
  });
  const of = (wanted: "header" | "body") =>
    components.filter(({ type }) => type === wanted).flatMap(({ parameters }) => parameters.map(taken));
  const buttons = components.flatMap(({ type, index, parameters }) =>
    type === "button" ? [{ index: Number(index ?? 0), parameters: parameters.map(taken) }] : [],
  );
  return { name, language: language.code, parameters: { header: of("header"), body: of("body") }, buttons };
}

import { z } from "zod";
import { Card } from "./outgoing.ts";

/** What a customer does on the sandbox's phone, in Meta's words for it: one thing, and what goes along with it. */
const text = (limit: number) => z.string().min(1).max(limit);
const Wamid = text(500);
const Digits = z.string().regex(/^\d{6,20}$/, "write a number in digits, with its country");
const url = z.url({ protocol: /^https?$/ }).max(2_048);

/** One that was put there by `POST /api/v1/sandbox/media`, or a sample. */
const file = { id: text(100).optional(), sample: z.literal(true).optional() };
const isNamed = ({ id, sample }: { id?: string | undefined; sample?: true | undefined }) =>
  (id === undefined) !== (sample === undefined);
const NAMED = 'name the file: {"sample": true}, or the `id` of one that was uploaded';
const captioned = { caption: text(1_024).optional() };

export const Order = z.strictObject({
  catalog_id: text(100),
  text: text(1_024).optional(),
  product_items: z
    .array(
      z.strictObject({
        product_retailer_id: text(100),
        quantity: z.number().int().min(1).max(999),
        item_price: z.number().min(0),
        currency: z.string().length(3),
      }),
    )
    .min(1)
    .max(100),
});

/** The ad or post that was tapped before. */
export const Referral = z.strictObject({
  source_url: url,
  source_id: text(100),
  source_type: z.enum(["ad", "post"]),
  headline: text(500).optional(),
  body: text(2_000).optional(),
  media_type: z.enum(["image", "video"]).optional(),
  image_url: url.optional(),
  video_url: url.optional(),
  thumbnail_url: url.optional(),
  ctwa_clid: text(500).optional(),
  ref: text(500).optional(),
});

export const Words = text(4_096);
export const Emoji = z.string().max(20);
/** What a step of a scenario says in the same words, under the same rules. */
export const spoken = {
  text: Words.optional(),
  location: z
    .strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: text(200).optional(),
      address: text(500).optional(),
    })
    .optional(),
  contacts: z.array(Card).min(1).max(257).optional(),
  /** A tap on a template's quick reply. */
  button: z.strictObject({ payload: text(256), text: text(256) }).optional(),
  button_reply: z.strictObject({ id: text(256), title: text(20) }).optional(),
  list_reply: z
    .strictObject({ id: text(200), title: text(24), description: z.string().max(72).optional() })
    .optional(),
  /** What a flow's screens were filled in with. */
  flow_reply: z.record(z.string(), z.unknown()).optional(),
  call_permission: z.enum(["accept", "reject"]).optional(),
  order: Order.optional(),
  /** The person has another number from now on. */
  new_number: Digits.optional(),
  /** Something that Meta doesn't pass on, by Meta's name: `poll_creation`, `view_once`, … */
  unsupported: z
    .string()
    .regex(/^[a-z_]{1,64}$/, "write Meta's name of it, as poll_creation")
    .optional(),
};

const { text: written, location, contacts, new_number, unsupported, ...taps } = spoken;

/** What can be passed on, and what an ad can begin. */
const told = {
  text: written,
  image: z
    .strictObject({ ...file, ...captioned })
    .refine(isNamed, NAMED)
    .optional(),
  video: z
    .strictObject({ ...file, ...captioned })
    .refine(isNamed, NAMED)
    .optional(),
  /** `voice`: recorded in the chat. */
  audio: z
    .strictObject({ ...file, voice: z.boolean().optional() })
    .refine(isNamed, NAMED)
    .optional(),
  /** The sample of `text/plain` is another than that of a PDF. */
  document: z
    .strictObject({
      ...file,
      ...captioned,
      filename: text(255).optional(),
      mime_type: z.enum(["application/pdf", "text/plain"]).optional(),
    })
    .refine(isNamed, NAMED)
    .optional(),
  sticker: z
    .strictObject({ ...file, animated: z.boolean().optional() })
    .refine(isNamed, NAMED)
    .optional(),
  location,
  contacts,
};
const said = {
  ...told,
  ...taps,
  /** An empty emoji takes it back. */
  reaction: z.strictObject({ message_id: Wamid, emoji: Emoji }).optional(),
  edit: z.strictObject({ message_id: Wamid, text: Words }).optional(),
  /** Deletes this message of theirs. */
  revoke: Wamid.optional(),
  new_number,
  unsupported,
};
type Said = keyof typeof said;
const SAID = Object.keys(said) as Said[];

export const Played = z
  .strictObject({
    from: Digits,
    profile_name: z.string().max(200).optional(),
    phone_number_id: z.string().max(40),
    ...said,
    context_wamid: Wamid.optional(),
    forwarded: z.boolean().optional(),
    referral: Referral.optional(),
  })
  .refine((body) => SAID.filter((name) => body[name] !== undefined).length === 1, {
    error: `say exactly one thing: ${SAID.join(", ")}`,
  })
  .refine(
    (body) =>
      (body.forwarded !== true && body.referral === undefined) ||
      SAID.some((name) => name in told && body[name] !== undefined),
    { error: `only these can be forwarded or come from an ad: ${Object.keys(told).join(", ")}` },
  )
  .refine((body) => body.forwarded !== true || body.context_wamid === undefined, {
    error: "what is forwarded answers no message: leave out forwarded or context_wamid",
  });

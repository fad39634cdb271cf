import { z } from "zod";

/**
 * What can be written to a person, as the API takes it: the kinds of src/meta/message/outgoing.ts. Here stands its form alone;
 * Meta's limits are checked when it is queued and answered in words (MESSAGE_INVALID).
 */
const text = z.string().max(10_000);
const optionalText = z.exactOptional(text);
/** A file that was uploaded (our id, or Meta's), or one that Meta fetches. */
export const Media = z.union([
  z.object({ id: z.string().min(1).max(100) }).strict(),
  z.object({ link: z.url({ protocol: /^https?$/ }).max(2_048) }).strict(),
]);
export const Header = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text }),
  ...(["image", "video", "document"] as const).map((type) =>
    z.object({ type: z.literal(type), media: Media, filename: optionalText }),
  ),
]);
const place = {
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: optionalText,
  address: optionalText,
};
const frame = { header: z.exactOptional(Header), body: text, footer: optionalText };
const named = { name: optionalText };
export const Parameter = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), ...named, text }),
  z.object({
    type: z.literal("currency"),
    ...named,
    fallback: text,
    code: z.string().length(3),
    amount_1000: z.number().int(),
  }),
  z.object({ type: z.literal("date_time"), ...named, fallback: text }),
  ...(["image", "video", "document"] as const).map((type) =>
    z.object({ type: z.literal(type), ...named, media: Media, filename: optionalText }),
  ),
  z.object({ type: z.literal("location"), ...place }),
]);
const index = z.number().int().min(0).max(9);
export const TemplateButton = z.discriminatedUnion("type", [
  z.object({ type: z.literal("quick_reply"), index, payload: text }),
  z.object({ type: z.literal("url"), index, text }),
  z.object({ type: z.literal("copy_code"), index, code: text }),
  z.object({
    type: z.literal("flow"),
    index,
    flow_token: text,
    data: z.exactOptional(z.record(z.string(), z.unknown())),
  }),
]);
export const Card = z.object({
  name: z.object({ formatted_name: text }).catchall(text),
  phones: z.exactOptional(
    z.array(z.object({ phone: text, type: optionalText, wa_id: optionalText })).max(20),
  ),
  emails: z.exactOptional(z.array(z.object({ email: text, type: optionalText })).max(20)),
  addresses: z.exactOptional(z.array(z.record(z.string(), text)).max(20)),
  org: z.exactOptional(z.record(z.string(), text)),
  urls: z.exactOptional(z.array(z.object({ url: text, type: optionalText })).max(20)),
  birthday: optionalText,
});
const caption = optionalText;

export const OutgoingContent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), body: text, preview_url: z.exactOptional(z.boolean()) }),
  z.object({ type: z.literal("image"), media: Media, caption }),
  z.object({ type: z.literal("video"), media: Media, caption }),
  z.object({ type: z.literal("audio"), media: Media, voice: z.exactOptional(z.boolean()) }),
  z.object({ type: z.literal("document"), media: Media, caption, filename: optionalText }),
  z.object({ type: z.literal("sticker"), media: Media }),
  z.object({ type: z.literal("location"), ...place }),
  z.object({ type: z.literal("contacts"), contacts: z.array(Card).min(1).max(257) }),
  // An emoji of null takes the reaction back.
  z.object({
    type: z.literal("reaction"),
    target_wamid: z.string().min(1).max(500),
    emoji: z.string().max(40).nullable(),
  }),
  z.object({
    type: z.literal("buttons"),
    ...frame,
    buttons: z.array(z.object({ id: text, title: text })).max(20),
  }),
  z.object({
    type: z.literal("list"),
    ...frame,
    button: text,
    sections: z
      .array(
        z.object({
          title: optionalText,
          rows: z.array(z.object({ id: text, title: text, description: optionalText })).max(50),
        }),
      )
      .max(50),
  }),
  z.object({ type: z.literal("cta_url"), ...frame, text, url: z.string().max(2_048) }),
  z.object({ type: z.literal("location_request"), body: text }),
  z.object({ type: z.literal("contact_request"), body: text }),
  z.object({
    type: z.literal("flow"),
    ...frame,
    flow: z.union([z.object({ id: text }).strict(), z.object({ name: text }).strict()]),
    cta: text,
    token: optionalText,
    action: z.exactOptional(
      z.discriminatedUnion("type", [
        z.object({
          type: z.literal("navigate"),
          screen: text,
          data: z.exactOptional(z.record(z.string(), z.unknown())),
        }),
        z.object({ type: z.literal("data_exchange") }),
      ]),
    ),
    mode: z.exactOptional(z.enum(["draft", "published"])),
  }),
  z.object({
    type: z.literal("catalog"),
    body: text,
    footer: optionalText,
    thumbnail_product_retailer_id: optionalText,
  }),
  z.object({
    type: z.literal("product"),
    body: optionalText,
    footer: optionalText,
    catalog_id: text,
    product_retailer_id: text,
  }),
  z.object({
    type: z.literal("product_list"),
    ...frame,
    header: Header,
    catalog_id: text,
    sections: z
      .array(z.object({ title: optionalText, product_retailer_ids: z.array(text).max(100) }))
      .max(50),
  }),
  z.object({
    type: z.literal("template"),
    name: z.string().min(1).max(512),
    language: z.string().min(1).max(20),
    header: z.exactOptional(z.array(Parameter).max(20)),
    body: z.exactOptional(z.array(Parameter).max(100)),
    buttons: z.exactOptional(z.array(TemplateButton).max(10)),
  }),
]);

/** A template of a group (`/api/v1/template_groups`): which one, the customer's language decides, or `language`. */
export const TemplateGroupContent = z.object({
  type: z.literal("template_group"),
  group_id: z.uuid(),
  language: z.exactOptional(z.string().min(1).max(20)),
  header: z.exactOptional(z.array(Parameter).max(20)),
  body: z.exactOptional(z.array(Parameter).max(100)),
  buttons: z.exactOptional(z.array(TemplateButton).max(10)),
});

/** What a request to send may say. */
export const RequestedContent = z.discriminatedUnion("type", [
  ...OutgoingContent.options,
  TemplateGroupContent,
]);

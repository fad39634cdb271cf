import type { Offer } from "../../conversation/model/offers.ts";
import { withPlus } from "../../conversation/model/people.ts";
import type { Persona, SandboxMedium, SandboxMessage } from "../../lib/types.ts";
import { kindOfFile } from "../../lib/server/upload.ts";
import { AD_WORDS, FRIEND, ORDER_NOTE, PLACE } from "./sample-texts.ts";

/** What the customer does, without who they are. */
export type Play = Omit<SandboxMessage, "from" | "profile_name" | "phone_number_id">;
/** A file of the customer's own, as their phone still shows it. */
export interface Preview {
  url: string;
  mime_type: string;
  filename: string;
  size_bytes: number;
}

const ORDER = {
  catalog_id: "194836987003835",
  text: ORDER_NOTE,
  product_items: [
    { product_retailer_id: "rain-jacket-blue-m", quantity: 1, item_price: 89, currency: "EUR" },
    { product_retailer_id: "merino-socks-39", quantity: 2, item_price: 14.9, currency: "EUR" },
  ],
};
export const AD = {
  source_url: "https://fb.me/3cr4Wqqkv",
  source_id: "120226305854810726",
  source_type: "ad",
  ...AD_WORDS,
  media_type: "image",
  image_url: "https://scontent.xx.fbcdn.net/rainwear.jpg",
  ctwa_clid: "ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwFF4",
} as const;

export const SAMPLES = {
  image: { image: { sample: true } },
  video: { video: { sample: true } },
  voice: { audio: { sample: true, voice: true } },
  document: { document: { sample: true } },
  plain: { document: { sample: true, mime_type: "text/plain" } },
  sticker: { sticker: { sample: true } },
  animated: { sticker: { sample: true, animated: true } },
  contact: { contacts: [FRIEND] },
  location: { location: PLACE },
  order: { order: ORDER },
} as const satisfies Record<string, Play>;

/** One of each that the business offers, at a price that its catalog might say; what is usual, when it named nothing. */
export const orderOf = ({ catalog_id, products }: Extract<Offer, { kind: "order" }>): Play => ({
  order: {
    ...ORDER,
    ...(catalog_id === null ? {} : { catalog_id }),
    ...(products.length === 0
      ? {}
      : {
          product_items: products.map((product_retailer_id) => ({
            product_retailer_id,
            quantity: 1,
            item_price: 24.9,
            currency: "EUR",
          })),
        }),
  },
});

/** The customer's own card, as WhatsApp shares it when it is asked for. */
export const ownCard = ({ name, wa_id }: Persona): Play => ({
  contacts: [
    {
      name: { formatted_name: name, first_name: name.split(" ")[0] ?? name },
      phones: [{ phone: withPlus(wa_id), wa_id, type: "CELL" }],
    },
  ],
});

/** What can be passed on, and what can come from an ad. */
export const isTold = (play: Play): boolean =>
  [
    play.text,
    play.image,
    play.video,
    play.audio,
    play.document,
    play.sticker,
    play.location,
    play.contacts,
  ].some((each) => each !== undefined);

/** With a caption, where WhatsApp has one; null where it has none. */
export function withCaption(play: Play, caption: string): Play | null {
  if (caption === "") return play;
  if (play.image) return { ...play, image: { ...play.image, caption } };
  if (play.video) return { ...play, video: { ...play.video, caption } };
  if (play.document) return { ...play, document: { ...play.document, caption } };
  return null;
}

const MB = 1024 * 1024;
/** What is larger goes as a document. */
const LIMIT_BYTES = { image: 5 * MB, video: 16 * MB, audio: 16 * MB, sticker: 500 * 1024 } as const;
/** Of an `audio/…` of another kind a phone makes a document, too. */
const HEARD = /^audio\/(?:aac|amr|mpeg|mp4|ogg)(?:;|$)/;

/** A file of the customer's own: in the way in which WhatsApp's phones send such a file. */
export function playOfFile({ id, mime_type, size_bytes }: SandboxMedium, filename: string): Play {
  const kind = kindOfFile(mime_type);
  const fits = kind !== "document" && size_bytes <= LIMIT_BYTES[kind];
  return fits && (kind !== "audio" || HEARD.test(mime_type))
    ? { [kind]: { id } }
    : { document: { id, filename: filename.slice(0, 255) } };
}

/** What a tap on an offer of the business says; null where it asks for more than a tap, or goes elsewhere. */
export function answerTo(offer: Offer, persona: Persona): Play | null {
  switch (offer.kind) {
    case "button_reply":
      return { button_reply: { id: offer.id, title: offer.title } };
    case "button":
      return { button: { payload: offer.payload, text: offer.title } };
    case "location":
      return { location: PLACE };
    case "contact":
      return ownCard(persona);
    case "order":
      return orderOf(offer);
    default:
      return null;
  }
}

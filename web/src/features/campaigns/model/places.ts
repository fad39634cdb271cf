import {
  type Component,
  listOf,
  partOf,
  recordOf,
  samplesOf,
  textOf,
  typeOf,
  variablesIn,
} from "../../../../../src/template-rules/template-rules.ts";
import { PLACES } from "../wizard-texts.ts";

/** A place of a template that takes something with each message. */
export interface Place {
  /** As the API names it: `body.1`, `header.media`, `buttons.0.url`, `cards.1.body.first_name`. */
  key: string;
  label: string;
  takes: "text" | "image" | "video" | "document" | "location" | "time";
  /** What the template's author filled in for Meta's review. */
  example: string;
}

/** Every place that must have a value, in the order of the message. */
export function placesOf(components: readonly Component[]): Place[] {
  const offer = recordOf(partOf(components, "LIMITED_TIME_OFFER")?.["limited_time_offer"]);
  const cards = listOf(partOf(components, "CAROUSEL")?.["cards"]);
  return [
    ...ofParts(components, "", (what) => what),
    ...(offer["has_expiration"] === true
      ? [
          {
            key: "limited_time_offer.expires_at",
            label: PLACES.offer_ends,
            takes: "time" as const,
            example: "",
          },
        ]
      : []),
    ...cards.flatMap((card, at) =>
      ofParts(listOf(recordOf(card)["components"]), `cards.${at}.`, (what) => PLACES.card(at + 1, what)),
    ),
  ];
}

function ofParts(components: readonly Component[], at: string, named: (what: string) => string): Place[] {
  const header = partOf(components, "HEADER");
  const body = partOf(components, "BODY");
  const buttons = listOf(partOf(components, "BUTTONS")?.["buttons"]);
  return [
    ...headerPlaces(header, at, named),
    ...textPlaces(body, "body", at, (name) => named(PLACES.body(name))),
    ...(isCode(body)
      ? [{ key: `${at}body.1`, label: named(PLACES.one_time_code), takes: "text" as const, example: "" }]
      : []),
    ...buttons.flatMap((button, index) => buttonPlaces(button, `${at}buttons.${index}`, named)),
  ];
}

const CODE_PAGE = "https://www.whatsapp.com/otp/";

/** Meta writes the words of a template for codes itself. */
const isCode = (body: Component | undefined): boolean =>
  body !== undefined &&
  "add_security_recommendation" in body &&
  variablesIn(textOf(body["text"])).length === 0;

function headerPlaces(header: Component | undefined, at: string, named: (what: string) => string): Place[] {
  if (!header) return [];
  const format = typeOf(header["format"]);
  switch (format) {
    case "IMAGE":
    case "VIDEO":
    case "DOCUMENT": {
      const takes = format.toLowerCase() as "image" | "video" | "document";
      return [{ key: `${at}header.media`, label: named(PLACES.files[takes]), takes, example: "" }];
    }
    case "LOCATION":
      return [{ key: `${at}header.location`, label: named(PLACES.location), takes: "location", example: "" }];
    default:
      return textPlaces(header, "header", at, (name) => named(PLACES.header(name)));
  }
}

function textPlaces(
  part: Component | undefined,
  place: "header" | "body",
  at: string,
  label: (name: string) => string,
): Place[] {
  if (!part) return [];
  const names = variablesIn(textOf(part["text"])).toSorted((a, b) => Number(a) - Number(b) || 0);
  const samples = samplesOf(part, place, names);
  return names.map((name) => ({
    key: `${at}${place}.${name}`,
    label: label(name),
    takes: "text",
    example: samples[name] ?? "",
  }));
}

function buttonPlaces(button: Component, key: string, named: (what: string) => string): Place[] {
  const words = textOf(button["text"]);
  const sample = button["example"];
  const example = textOf(Array.isArray(sample) ? sample[0] : sample);
  switch (typeOf(button["type"])) {
    case "URL":
      // Meta lists the button of a template for codes as a link to a page of its own: its code is the one of the body.
      if (textOf(button["url"]).startsWith(CODE_PAGE)) return [];
      return variablesIn(textOf(button["url"])).length > 0
        ? [{ key: `${key}.url`, label: named(PLACES.url(words)), takes: "text", example }]
        : [];
    case "COPY_CODE":
      return [{ key: `${key}.code`, label: named(PLACES.coupon), takes: "text", example }];
    default:
      return [];
  }
}

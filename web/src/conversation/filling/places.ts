import {
  type Component,
  listOf,
  partOf,
  samplesOf,
  textOf,
  typeOf,
  variablesIn,
} from "../../../../src/template-rules/template-rules.ts";
import { PLACES } from "./texts.ts";

/** A place of a template that takes something with each message. */
export interface Place {
  /** As the API names it: `body.1`, `header.media`, `buttons.0.url`. */
  key: string;
  label: string;
  takes: "text" | "image" | "video" | "document" | "location";
  /** What the template's author filled in for Meta's review. */
  example: string;
}

/** What campaigns can't fill in. */
const UNSENDABLE = ["CAROUSEL", "LIMITED_TIME_OFFER", "MPM", "SPM"];
export const isSendable = (components: readonly Component[]): boolean =>
  !components
    .flatMap((part) => [part, ...listOf(part["buttons"])])
    .some(({ type }) => UNSENDABLE.includes(typeOf(type)));

/** Every place that must have a value, in the order of the message. */
export function placesOf(components: readonly Component[]): Place[] {
  const body = partOf(components, "BODY");
  const buttons = listOf(partOf(components, "BUTTONS")?.["buttons"]);
  return [
    ...headerPlaces(partOf(components, "HEADER")),
    ...textPlaces(body, "body", PLACES.body),
    ...(isCode(body)
      ? [{ key: "body.1", label: PLACES.one_time_code, takes: "text" as const, example: "" }]
      : []),
    ...buttons.flatMap(buttonPlaces),
  ];
}

const CODE_PAGE = "https://www.whatsapp.com/otp/";

/** Meta writes the words of a template for codes itself. */
const isCode = (body: Component | undefined): boolean =>
  body !== undefined &&
  "add_security_recommendation" in body &&
  variablesIn(textOf(body["text"])).length === 0;

function headerPlaces(header: Component | undefined): Place[] {
  const format = typeOf(header?.["format"]);
  switch (format) {
    case "IMAGE":
    case "VIDEO":
    case "DOCUMENT": {
      const takes = format.toLowerCase() as "image" | "video" | "document";
      return [{ key: "header.media", label: PLACES.files[takes], takes, example: "" }];
    }
    case "LOCATION":
      return [{ key: "header.location", label: PLACES.location, takes: "location", example: "" }];
    default:
      return textPlaces(header, "header", PLACES.header);
  }
}

function textPlaces(
  part: Component | undefined,
  place: "header" | "body",
  label: (name: string) => string,
): Place[] {
  if (!part) return [];
  const names = variablesIn(textOf(part["text"])).toSorted((a, b) => Number(a) - Number(b) || 0);
  const samples = samplesOf(part, place, names);
  return names.map((name) => ({
    key: `${place}.${name}`,
    label: label(name),
    takes: "text",
    example: samples[name] ?? "",
  }));
}

function buttonPlaces(button: Component, index: number): Place[] {
  const sample = button["example"];
  const example = textOf(Array.isArray(sample) ? sample[0] : sample);
  switch (typeOf(button["type"])) {
    case "URL":
      // Meta lists the button of a template for codes as a link to a page of its own: its code is the one of the body.
      if (textOf(button["url"]).startsWith(CODE_PAGE)) return [];
      return variablesIn(textOf(button["url"])).length > 0
        ? [{ key: `buttons.${index}.url`, label: PLACES.url(textOf(button["text"])), takes: "text", example }]
        : [];
    case "COPY_CODE":
      return [{ key: `buttons.${index}.code`, label: PLACES.coupon, takes: "text", example }];
    default:
      return [];
  }
}

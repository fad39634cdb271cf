import { tableOf } from "../../base/base.ts";
import { listOf, recordOf, samplesOf, textOf, variablesIn } from "../../template-rules/template-rules.ts";

/** A place of a template that a message by it fills. */
export interface Place {
  /** `body.1`, `header.media`, `buttons.0.url`: as CampaignVariables names it. */
  place: string;
  kind: "text" | "image" | "video" | "document" | "location";
  /** Nothing can be sent without it. */
  required: boolean;
  /** The author's own example. */
  sample: string | null;
}

/** Whether a template can have a place of this name. */
export const isPlace = (name: string): boolean =>
  /^(?:cards\.\d+\.)?(?:header\.(?:media|location|\w+)|body\.\w+|buttons\.\d\.(?:url|code|payload))$/.test(
    name,
  ) || name === "limited_time_offer.expires_at";

type Part = Record<string, unknown>;

const MEDIA = tableOf<"image" | "video" | "document">({
  IMAGE: "image",
  VIDEO: "video",
  DOCUMENT: "document",
  GIF: "video",
});

/** In the order in which one reads them. `components` in either of Meta's forms (src/templates/components.ts). */
export function placesOf(components: Record<string, unknown> | null): Place[] {
  return partsOf(components).flatMap((part, _, parts): Place[] => {
    switch (kindOf(part["type"])) {
      case "HEADER":
        return headerPlaces(part);
      case "BODY":
        return textPlaces("body", part);
      case "BUTTONS":
        return listOf(part["buttons"]).flatMap((button, index) => buttonPlaces(button, index, parts));
      default:
        return [];
    }
  });
}

const kindOf = (type: unknown): string => textOf(type).toUpperCase();

/** Components as the Graph API lists them; what webhooks tell is put into that form. */
export function partsOf(components: Record<string, unknown> | null): Part[] {
  if (components === null) return [];
  if (Array.isArray(components["components"])) return listOf(components["components"]);
  const text = (key: string) => textOf(components[`message_template_${key}`]);
  const buttons = listOf(components["message_template_buttons"]).map((button) => ({
    type: button["message_template_button_type"],
    text: button["message_template_button_text"],
    url: button["message_template_button_url"],
  }));
  return [
    ...(text("title") === "" ? [] : [{ type: "HEADER", format: "TEXT", text: text("title") }]),
    ...(text("element") === "" ? [] : [{ type: "BODY", text: text("element") }]),
    ...(buttons.length === 0 ? [] : [{ type: "BUTTONS", buttons }]),
  ];
}

/** Parts that a message can't be given its values for. */
const UNSUPPORTED = tableOf<string>({
  CAROUSEL: "Carousels can't be sent by campaigns.",
  LIMITED_TIME_OFFER: "Limited-time offers can't be sent by campaigns.",
  MPM: "Templates with several products can't be sent by campaigns.",
  SPM: "Templates of a product can't be sent by campaigns.",
});

export function unsupportedIn(components: Record<string, unknown> | null): string | null {
  const parts = partsOf(components);
  const kinds = parts.flatMap((part) =>
    [part, ...listOf(part["buttons"])].map((each) => kindOf(each["type"])),
  );
  return kinds.flatMap((kind) => UNSUPPORTED[kind] ?? [])[0] ?? null;
}

function headerPlaces(part: Part): Place[] {
  const format = kindOf(part["format"]);
  const media = MEDIA[format];
  if (media !== undefined) return [{ place: "header.media", kind: media, required: true, sample: null }];
  if (format === "LOCATION")
    return [{ place: "header.location", kind: "location", required: true, sample: null }];
  return textPlaces("header", part);
}

function textPlaces(where: "header" | "body", part: Part): Place[] {
  const names = variablesIn(textOf(part["text"]));
  const samples = samplesOf(part, where, names);
  return names.map((name) => ({
    place: `${where}.${name}`,
    kind: "text",
    required: true,
    sample: samples[name] || null,
  }));
}

function buttonPlaces(button: Part, index: number, parts: readonly Part[]): Place[] {
  const example = recordOf(button)["example"];
  const sample = textOf(Array.isArray(example) ? example[0] : example) || null;
  const place = (name: string, required: boolean): Place => {
    return { place: `buttons.${index}.${name}`, kind: "text", required, sample };
  };
  switch (kindOf(button["type"])) {
    case "URL":
      // The code of an authentication template is the one in its body.
      if (isCode(button) && parts.some((part) => kindOf(part["type"]) === "BODY")) return [];
      return variablesIn(textOf(button["url"])).length > 0 ? [place("url", true)] : [];
    case "COPY_CODE":
      return [place("code", true)];
    case "QUICK_REPLY":
      return [{ ...place("payload", false), sample: null }];
    default:
      return [];
  }
}

/** Meta lists the button of an authentication template as a link to its own page of codes. */
export const isCode = (button: Part): boolean =>
  kindOf(button["type"]) === "OTP" || textOf(button["url"]).startsWith("https://www.whatsapp.com/otp/");

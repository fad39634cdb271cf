import type { OutgoingContent } from "../../meta/meta.ts";
import { listOf, textOf } from "../../template-rules/template-rules.ts";
import type { CampaignTemplate } from "./campaign-templates.ts";
import { isCode, partsOf, type Place } from "./template-places.ts";

type TemplateContent = Extract<OutgoingContent, { type: "template" }>;
type Parameter = NonNullable<TemplateContent["header"]>[number];
type Button = NonNullable<TemplateContent["buttons"]>[number];

/** What stands in a place. */
export type PlaceValue =
  | { text: string }
  | { media: { id: string } | { link: string } }
  | { latitude: number; longitude: number; name: string; address: string };

/** What a message by the template says with these values, by place; every required one is there. */
export function contentOf(
  template: CampaignTemplate,
  values: ReadonlyMap<string, PlaceValue>,
): TemplateContent {
  const header = parametersOf("header", template.places, values);
  const body = parametersOf("body", template.places, values);
  const buttons = buttonsOf(template, values);
  return {
    type: "template",
    name: template.name,
    language: template.language,
    ...(header.length === 0 ? {} : { header }),
    ...(body.length === 0 ? {} : { body }),
    ...(buttons.length === 0 ? {} : { buttons }),
  };
}

function parametersOf(
  part: "header" | "body",
  places: readonly Place[],
  values: ReadonlyMap<string, PlaceValue>,
): Parameter[] {
  return places.flatMap(({ place, kind }): Parameter[] => {
    const value = values.get(place);
    if (!place.startsWith(`${part}.`) || value === undefined) return [];
    if ("text" in value) {
      const name = place.slice(part.length + 1);
      return [{ type: "text", ...(/^\d+$/.test(name) ? {} : { name }), text: value.text }];
    }
    if ("media" in value) return [{ type: kind as "image" | "video" | "document", media: value.media }];
    return [{ type: "location", ...value }];
  });
}

/** Meta wants a parameter of each button that has one; those of forms and codes are no person's choice. */
function buttonsOf({ components }: CampaignTemplate, values: ReadonlyMap<string, PlaceValue>): Button[] {
  const parts = partsOf(components);
  const buttons = parts.find((part) => textOf(part["type"]).toUpperCase() === "BUTTONS");
  return listOf(buttons?.["buttons"]).flatMap((button, index): Button[] => {
    const given = (name: string) => {
      const value = values.get(`buttons.${index}.${name}`);
      return value !== undefined && "text" in value ? value.text : undefined;
    };
    const url = given("url") ?? (isCode(button) ? codeIn(values) : undefined);
    if (url !== undefined) return [{ type: "url", index, text: url }];
    const code = given("code");
    if (code !== undefined) return [{ type: "copy_code", index, code }];
    const payload = given("payload");
    if (payload !== undefined) return [{ type: "quick_reply", index, payload }];
    if (textOf(button["type"]).toUpperCase() === "FLOW")
      return [{ type: "flow", index, flow_token: "unused" }];
    return [];
  });
}

function codeIn(values: ReadonlyMap<string, PlaceValue>): string | undefined {
  const value = values.get("body.1");
  return value !== undefined && "text" in value ? value.text : undefined;
}

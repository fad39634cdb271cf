import { checkButtons } from "./check-buttons.ts";
import { checkCarousel } from "./check-cards.ts";
import { checkCodes } from "./check-codes.ts";
import { checkOffer } from "./check-offer.ts";
import { checkBody, checkFooter, checkHeader } from "./check-texts.ts";
import {
  type Component,
  createFaults,
  type Faults,
  partOf,
  type TemplateFault,
  type TemplateForm,
  textOf,
  typeOf,
} from "./form.ts";
import { LANGUAGES } from "./languages.ts";
import { LIMITS } from "./limits.ts";

const CATEGORIES = ["MARKETING", "UTILITY", "AUTHENTICATION"];
const PARTS = ["HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"];

/** Everything that is wrong with the template, part by part; nothing: Meta takes its form. */
export function checkTemplate(form: TemplateForm): TemplateFault[] {
  const faults = createFaults();
  checkAbout(form, faults);
  const { components } = form;
  checkParts(components, faults);
  if (form.category === "AUTHENTICATION") checkCodes(components, faults);
  else {
    const format = form.parameter_format;
    const header = partOf(components, "HEADER");
    const buttons = partOf(components, "BUTTONS");
    if (header) checkHeader(header, { format, field: "header" }, faults);
    checkBody(partOf(components, "BODY"), { format, field: "body", most: LIMITS.body }, faults);
    checkFooter(partOf(components, "FOOTER"), faults);
    if (buttons) checkButtons(buttons, "buttons", faults);
    checkCarousel(form, faults);
    checkOffer(form, faults);
  }
  return faults.list;
}

function checkAbout(
  { name, language, category, message_send_ttl_seconds: ttl_s }: TemplateForm,
  faults: Faults,
) {
  if (name === "") faults.add("name", "NAME_MISSING", "Enter a name.");
  else if (!/^[a-z0-9_]+$/.test(name))
    faults.add("name", "NAME_FORM", "Use only small letters (a to z), digits and underscores in the name.");
  else if (name.length > LIMITS.name)
    faults.add("name", "TOO_LONG", `Use at most ${LIMITS.name} characters in the name.`);
  if (!Object.hasOwn(LANGUAGES, language))
    faults.add("language", "LANGUAGE_UNKNOWN", "Choose one of the languages that Meta takes.");
  if (!CATEGORIES.includes(category)) faults.add("category", "CATEGORY_MISSING", "Choose a category.");
  const range = LIMITS.ttl_s[category];
  if (ttl_s !== null && range && (!Number.isInteger(ttl_s) || ttl_s < range.least || ttl_s > range.most))
    faults.add(
      "message_send_ttl_seconds",
      "TTL_RANGE",
      `For this category Meta takes ${range.least.toLocaleString("en")} to ${range.most.toLocaleString("en")} seconds.`,
    );
}

function checkParts(components: readonly Component[], faults: Faults): void {
  const types = components.map((each) => typeOf(each["type"]));
  for (const type of new Set(types)) {
    if (!PARTS.includes(type))
      faults.add("components", "PART_UNKNOWN", `Meta knows no part of the type ${textOf(type) || "(none)"}.`);
    else if (types.filter((each) => each === type).length > 1)
      faults.add("components", "PART_TWICE", `The part ${type} is there twice. Keep one of them.`);
  }
}

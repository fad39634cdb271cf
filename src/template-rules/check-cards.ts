import { checkButtons } from "./check-buttons.ts";
import { checkBody, checkHeader } from "./check-texts.ts";
import { type Component, type Faults, listOf, partOf, type TemplateForm, textOf, typeOf } from "./form.ts";
import { LIMITS } from "./limits.ts";

const HEADERS = ["IMAGE", "VIDEO", "PRODUCT"];

/** All cards have the same parts in the same order: Meta lays them out by the first. */
export function checkCarousel(
  { category, components, parameter_format }: TemplateForm,
  faults: Faults,
): void {
  const carousel = partOf(components, "CAROUSEL");
  if (!carousel) return;
  if (category !== "MARKETING" && category !== "UTILITY")
    faults.add("category", "CATEGORY_UNFIT", "Cards are for marketing and utility templates.");
  for (const type of ["HEADER", "FOOTER", "BUTTONS"])
    if (partOf(components, type))
      faults.add(
        type.toLowerCase(),
        "PART_UNFIT",
        "A template with cards has only a message above them. Put pictures and buttons into the cards.",
      );
  const cards = listOf(carousel["cards"]);
  const { least, most } = LIMITS.cards;
  if (cards.length < least || cards.length > most)
    faults.add("cards", "CARD_COUNT", `Use ${least} to ${most} cards.`);
  const first = cards[0] && shapeOf(cards[0]);
  for (const [at, card] of cards.entries()) {
    checkCard(card, { format: parameter_format, field: `cards.${at}` }, faults);
    if (first !== undefined && shapeOf(card) !== first)
      faults.add(
        `cards.${at}`,
        "CARDS_DIFFER",
        "All cards must be alike: the same kind of header, with or without text, and the same buttons.",
      );
  }
}

function checkCard(
  card: Component,
  { format, field }: { format: TemplateForm["parameter_format"]; field: string },
  faults: Faults,
): void {
  const components = listOf(card["components"]);
  const header = partOf(components, "HEADER");
  if (!header || !HEADERS.includes(typeOf(header["format"])))
    faults.add(`${field}.header`, "HEADER_KIND", "Each card shows a picture, a video or a product.");
  else checkHeader(header, { format, field: `${field}.header` }, faults);
  const body = partOf(components, "BODY");
  if (body) checkBody(body, { format, field: `${field}.body`, most: LIMITS.card_body }, faults);
  const buttons = partOf(components, "BUTTONS");
  if (!buttons) return faults.add(`${field}.buttons`, "BUTTONS_MISSING", "Each card needs a button.");
  checkButtons(buttons, `${field}.buttons`, faults);
  if (listOf(buttons["buttons"]).length > LIMITS.card_buttons)
    faults.add(
      `${field}.buttons`,
      "TOO_MANY_BUTTONS",
      `A card takes at most ${LIMITS.card_buttons} buttons.`,
    );
}

function shapeOf(card: Component): string {
  const components = listOf(card["components"]);
  const buttons = listOf(partOf(components, "BUTTONS")?.["buttons"]);
  return [
    typeOf(partOf(components, "HEADER")?.["format"]),
    textOf(partOf(components, "BODY")?.["text"]) === "" ? "" : "text",
    ...buttons.map((button) => typeOf(button["type"])),
  ].join(" ");
}

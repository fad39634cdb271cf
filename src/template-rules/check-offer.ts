import { tooLong } from "./check-texts.ts";
import { type Faults, listOf, partOf, recordOf, type TemplateForm, textOf, typeOf } from "./form.ts";
import { LIMITS } from "./limits.ts";

/** A limited-time offer: its name, and a countdown where it ends. */
export function checkOffer({ category, components }: TemplateForm, faults: Faults): void {
  const part = partOf(components, "LIMITED_TIME_OFFER");
  if (!part) return;
  const offer = recordOf(part["limited_time_offer"]);
  const text = textOf(offer["text"]).trim();
  if (text === "") faults.add("offer.text", "TEXT_MISSING", "Name the offer.");
  tooLong(text, LIMITS.offer, "offer.text", "the offer's name", faults);
  if (category !== "MARKETING") faults.add("category", "CATEGORY_UNFIT", "Offers are marketing templates.");
  if (partOf(components, "FOOTER"))
    faults.add("footer", "PART_UNFIT", "A template with an offer takes no footer. Remove it.");
  const header = partOf(components, "HEADER");
  if (header && !["IMAGE", "VIDEO"].includes(typeOf(header["format"])))
    faults.add("header", "HEADER_KIND", "The header of an offer is a picture or a video.");
  const body = textOf(partOf(components, "BODY")?.["text"]);
  if (body.length <= LIMITS.body)
    tooLong(body, LIMITS.offer_body, "body.text", "the message of an offer", faults);
  const kinds = listOf(partOf(components, "BUTTONS")?.["buttons"]).map((button) => typeOf(button["type"]));
  if (!kinds.includes("URL"))
    faults.add("buttons", "OFFER_LINK", "An offer needs a button that opens a link.");
  if (offer["has_expiration"] === true && !kinds.includes("COPY_CODE"))
    faults.add("buttons", "OFFER_CODE", "An offer that ends needs a button that copies its code.");
}

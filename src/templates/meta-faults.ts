import type { GraphError } from "../meta/meta.ts";
import type { DraftView } from "./draft-views.ts";

/** Where a fault belongs that Meta has found, by its subcode. */
const FIELDS: Readonly<Record<number, string>> = {
  2388023: "name",
  2388024: "name",
  2388047: "header.text",
  2388072: "body.text",
  2388073: "footer.text",
  2388273: "header.example",
  2388293: "body.text",
  2388299: "body.text",
};
const WORDS: readonly [RegExp, string][] = [
  [/\bfooter\b/i, "footer.text"],
  [/\bheader\b/i, "header"],
  [/\bbuttons?\b/i, "buttons"],
  [/\bcards?\b|carousel/i, "cards"],
  [/\bbody\b/i, "body.text"],
  [/\blanguage\b/i, "language"],
  [/\bcategory\b/i, "category"],
  [/\bname\b/i, "name"],
];

/** Meta's no, as the draft keeps it: at the field where it belongs, or (null) about the whole. */
export function refusalOf(error: GraphError): NonNullable<DraftView["refusal"]> {
  const { says, advice, code, subcode, title, message } = error;
  const details = error.details ?? message;
  const told = [title, details, message].filter((each) => each !== null).join(" ");
  const field =
    (subcode === null ? undefined : FIELDS[subcode]) ?? WORDS.find(([word]) => word.test(told))?.[1];
  // Nothing is wrong with the template when it is Meta that wants to wait, or the token.
  const about_it = error.behaviour === "give_up" || code === 100;
  return { says, advice, details, code, subcode, field: about_it ? (field ?? null) : null };
}

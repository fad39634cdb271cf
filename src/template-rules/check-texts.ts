import { tableOf } from "../base/table-of.ts";
import { type Component, type Faults, textOf, typeOf } from "./form.ts";
import { LIMITS } from "./limits.ts";
import { sampleOf, samplesOf } from "./samples.ts";
import { areAdjacent, emojiIn, hasLooseBraces, isAtEdge, variablesIn, wordsBeside } from "./variables.ts";

type Format = "POSITIONAL" | "NAMED";
interface Place {
  format: Format;
  /** `header`, `body`, `cards.0.body`. */
  field: string;
}

const FILES = ["IMAGE", "VIDEO", "DOCUMENT"];
const FILE_WORDS = tableOf<string>({ IMAGE: "picture", VIDEO: "video", DOCUMENT: "PDF" });

export function checkHeader(header: Component, { format, field }: Place, faults: Faults): void {
  const kind = typeOf(header["format"]);
  if (FILES.includes(kind)) {
    if (sampleOf(header) === null)
      faults.add(`${field}.example`, "SAMPLE_MISSING", `Add a sample ${FILE_WORDS[kind]} for Meta's review.`);
    return;
  }
  if (kind === "LOCATION" || kind === "PRODUCT") return;
  if (kind !== "TEXT")
    return faults.add(field, "HEADER_KIND", "Choose what the header shows: a text, a file or a place.");
  const text = textOf(header["text"]);
  if (text.trim() === "")
    return faults.add(`${field}.text`, "TEXT_MISSING", "Enter the header, or remove it.");
  tooLong(text, LIMITS.header, `${field}.text`, "the header", faults);
  if (/[\n\r*_~`]/.test(text.replaceAll(/\{\{\w+\}\}/g, "")))
    faults.add(
      `${field}.text`,
      "HEADER_FORMAT",
      "A header has one line and no formatting: remove line breaks and the signs * _ ~ `.",
    );
  else if (emojiIn(text) > 0)
    faults.add(`${field}.text`, "HEADER_EMOJI", "Meta takes no emoji in a header. Put it into the body.");
  const names = variablesIn(text);
  if (names.length > 1)
    faults.add(`${field}.text`, "TOO_MANY_VARIABLES", "A header takes one variable. Remove the others.");
  checkVariables(text, { format, field }, faults);
  checkSamples(header, "header", names, { format, field }, faults);
}

export function checkBody(
  body: Component | undefined,
  { format, field, most }: Place & { most: number },
  faults: Faults,
): void {
  const text = textOf(body?.["text"]);
  if (text.trim() === "") return faults.add(`${field}.text`, "TEXT_MISSING", "Enter the message.");
  tooLong(text, most, `${field}.text`, "the message", faults);
  if (isAtEdge(text))
    faults.add(
      `${field}.text`,
      "VARIABLE_AT_EDGE",
      "A variable can't be at the start or the end of the message. Put words before and after it.",
    );
  if (areAdjacent(text))
    faults.add(
      `${field}.text`,
      "VARIABLES_ADJACENT",
      "Put words between two variables that follow each other.",
    );
  const names = variablesIn(text);
  checkVariables(text, { format, field }, faults);
  checkSamples(body, "body", names, { format, field }, faults);
  if (names.length > 0 && wordsBeside(text) < 2 * names.length + 1)
    faults.warn(
      `${field}.text`,
      "TOO_FEW_WORDS",
      "There are many variables for so few words. Meta may reject it; write more around them.",
    );
  if (/\n\s*\n\s*\n/.test(text))
    faults.warn(`${field}.text`, "EMPTY_LINES", "Meta may reject more than one empty line in a row.");
  if (emojiIn(text) > LIMITS.emoji)
    faults.warn(`${field}.text`, "MANY_EMOJI", `Meta may reject more than ${LIMITS.emoji} emoji.`);
}

export function checkFooter(footer: Component | undefined, faults: Faults): void {
  if (!footer) return;
  const text = textOf(footer["text"]);
  if (text.trim() === "") return faults.add("footer.text", "TEXT_MISSING", "Enter the footer, or remove it.");
  tooLong(text, LIMITS.footer, "footer.text", "the footer", faults);
  if (/\{\{|\}\}/.test(text))
    faults.add("footer.text", "FOOTER_VARIABLE", "A footer takes no variables. Put them into the message.");
  if (/[\n\r]/.test(text)) faults.add("footer.text", "FOOTER_LINES", "A footer has one line.");
}

export function tooLong(text: string, most: number, field: string, what: string, faults: Faults): void {
  if (text.length > most)
    faults.add(
      field,
      "TOO_LONG",
      `Use at most ${most.toLocaleString("en")} characters for ${what}; there are ${text.length.toLocaleString("en")}.`,
    );
}

/** {{1}}, {{2}}, … without a gap; or names of small letters, digits and underscores. */
function checkVariables(text: string, { format, field }: Place, faults: Faults): void {
  if (hasLooseBraces(text))
    return faults.add(
      `${field}.text`,
      "BRACES",
      format === "NAMED"
        ? "Write each variable with two braces on each side, like {{first_name}}."
        : "Write each variable with two braces on each side, like {{1}}.",
    );
  const names = variablesIn(text);
  if (format === "NAMED") {
    const odd = names.find((name) => !/^[a-z_][a-z0-9_]*$/.test(name));
    if (odd !== undefined)
      faults.add(
        `${field}.text`,
        "VARIABLE_NAME",
        `Rename the variable {{${odd}}}: use small letters, digits and underscores, and begin with a letter.`,
      );
    return;
  }
  const odd = names.find((name) => !/^[1-9]\d*$/.test(name));
  if (odd !== undefined)
    return faults.add(
      `${field}.text`,
      "VARIABLE_NUMBER",
      `Variables are numbers here: write {{1}} and not {{${odd}}}, or choose named variables for the whole template (parameter_format NAMED in the API).`,
    );
  const numbers = names.map(Number);
  if (numbers.some((number, at) => number !== at + 1))
    faults.add(
      `${field}.text`,
      "VARIABLE_SEQUENCE",
      "Number the variables in their order, from {{1}} on and without a gap.",
    );
}

function checkSamples(
  part: Component | undefined,
  place: "body" | "header",
  names: readonly string[],
  { format, field }: Place,
  faults: Faults,
): void {
  const samples = samplesOf(part, place, names, format);
  for (const name of names)
    if (samples[name]?.trim() === "")
      faults.add(
        `${field}.example.${name}`,
        "SAMPLE_MISSING",
        `Give an example of what {{${name}}} will be.`,
      );
}

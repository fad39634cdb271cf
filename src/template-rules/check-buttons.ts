import { tableOf } from "../base/table-of.ts";
import { tooLong } from "./check-texts.ts";
import { type Component, type Faults, listOf, textOf, typeOf } from "./form.ts";
import { LIMITS } from "./limits.ts";
import { variablesIn } from "./variables.ts";

const KINDS = [
  "QUICK_REPLY",
  "URL",
  "PHONE_NUMBER",
  "COPY_CODE",
  "FLOW",
  "VOICE_CALL",
  "CATALOG",
  "MPM",
  "SPM",
];
const KIND_NAMES = tableOf<string>({
  URL: "links",
  PHONE_NUMBER: "calls to a number",
  COPY_CODE: "coupon codes",
  VOICE_CALL: "WhatsApp calls",
  FLOW: "forms",
  CATALOG: "catalogues",
  MPM: "product lists",
});
/** These are the only button of their template. */
const ALONE = ["CATALOG", "MPM", "SPM"];
/** Meta writes their words itself. */
const WORDLESS = ["COPY_CODE"];

export function checkButtons(part: Component, field: string, faults: Faults): void {
  const buttons = listOf(part["buttons"]);
  if (buttons.length === 0)
    return faults.add(field, "BUTTONS_MISSING", "Add a button, or remove the buttons.");
  if (buttons.length > LIMITS.buttons)
    faults.add(field, "TOO_MANY_BUTTONS", `Use at most ${LIMITS.buttons} buttons.`);
  const kinds = buttons.map((button) => typeOf(button["type"]));
  for (const [kind, most] of Object.entries(LIMITS.buttons_of_kind)) {
    const count = kinds.filter((each) => each === kind).length;
    if (count > most)
      faults.add(
        field,
        "TOO_MANY_OF_KIND",
        `Meta takes at most ${most} of the buttons for ${KIND_NAMES[kind]}.`,
      );
  }
  if (buttons.length > 1 && kinds.some((kind) => ALONE.includes(kind)))
    faults.add(field, "BUTTON_ALONE", "A button for products must be the only one. Remove the others.");
  if (areMixed(kinds))
    faults.add(
      field,
      "BUTTONS_MIXED",
      "Keep the quick replies together: all before the other buttons, or all after them.",
    );
  checkTexts(buttons, field, faults);
  for (const [at, button] of buttons.entries()) checkButton(button, `${field}.${at}`, faults);
}

/** Quick replies between others, or others between quick replies. */
function areMixed(kinds: readonly string[]): boolean {
  const turns = kinds.filter(
    (kind, at) => at > 0 && (kind === "QUICK_REPLY") !== (kinds[at - 1] === "QUICK_REPLY"),
  );
  return turns.length > 1;
}

function checkTexts(buttons: readonly Component[], field: string, faults: Faults): void {
  const seen = new Set<string>();
  for (const [at, button] of buttons.entries()) {
    if (WORDLESS.includes(typeOf(button["type"]))) continue;
    const text = textOf(button["text"]).trim();
    if (text === "") faults.add(`${field}.${at}.text`, "TEXT_MISSING", "Enter the words on the button.");
    else if (seen.has(text.toLowerCase()))
      faults.add(`${field}.${at}.text`, "TEXT_TWICE", "Two buttons have the same words. Change one of them.");
    seen.add(text.toLowerCase());
    tooLong(text, LIMITS.button, `${field}.${at}.text`, "the button", faults);
    if (/\{\{|\}\}/.test(text))
      faults.add(`${field}.${at}.text`, "BUTTON_VARIABLE", "A button's words take no variables.");
  }
}

function checkButton(button: Component, field: string, faults: Faults): void {
  const kind = typeOf(button["type"]);
  if (!KINDS.includes(kind)) return faults.add(field, "BUTTON_KIND", "Choose what the button does.");
  if (kind === "URL") checkUrl(button, field, faults);
  if (kind === "PHONE_NUMBER") {
    const phone = textOf(button["phone_number"]).replaceAll(/[\s()-]/g, "");
    if (!/^\+?[1-9]\d{4,18}$/.test(phone) || phone.length > LIMITS.phone)
      faults.add(
        `${field}.phone_number`,
        "PHONE_FORM",
        "Enter a phone number with + and its country code, at most 20 characters.",
      );
  }
  if (kind === "COPY_CODE") {
    const code = exampleOf(button);
    if (code === "") faults.add(`${field}.example`, "SAMPLE_MISSING", "Give an example of a coupon code.");
    tooLong(code, LIMITS.code, `${field}.example`, "the code", faults);
  }
  if (kind === "FLOW" && ["flow_id", "flow_name", "flow_json"].every((name) => textOf(button[name]) === ""))
    faults.add(`${field}.flow_id`, "FLOW_MISSING", "Enter the id of the form that the button opens.");
}

/** Meta takes a list of one, and a text alone. */
export function exampleOf(button: Component): string {
  const { example } = button;
  return textOf(Array.isArray(example) ? example[0] : example).trim();
}

function checkUrl(button: Component, field: string, faults: Faults): void {
  const url = textOf(button["url"]).trim();
  const plain = url.replaceAll(/\{\{[^{}]*\}\}/g, "");
  if (url === "")
    return faults.add(`${field}.url`, "URL_MISSING", "Enter the address that the button opens.");
  if (!/^https?:\/\//i.test(url) || !URL.canParse(plain))
    return faults.add(`${field}.url`, "URL_FORM", "Enter a complete address that begins with https://.");
  tooLong(plain, LIMITS.url, `${field}.url`, "the address", faults);
  if (/^(?:[\w-]+\.)?(?:wa\.me|whatsapp\.com)$/i.test(new URL(plain).hostname))
    faults.add(
      `${field}.url`,
      "URL_WHATSAPP",
      "Meta takes no links to WhatsApp itself. Use your own website.",
    );
  const names = variablesIn(url);
  if (names.length === 0) return;
  if (names.length > 1 || names[0] !== "1" || !url.endsWith("{{1}}"))
    return faults.add(
      `${field}.url`,
      "URL_VARIABLE",
      "An address takes one variable, {{1}}, and only at its end.",
    );
  if (exampleOf(button) === "")
    faults.add(`${field}.example`, "SAMPLE_MISSING", "Give an example of the whole address, or of its end.");
}

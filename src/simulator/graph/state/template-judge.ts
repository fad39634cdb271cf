import { tableOf } from "../../../base/base.ts";
import { GraphFault } from "../protocol/protocol.ts";
import type { StandInTemplate } from "./stand-in-template.ts";

type Part = Readonly<Record<string, unknown>>;
interface Judged {
  category: string;
  parameter_format: "POSITIONAL" | "NAMED";
  components: readonly Part[];
}

/**
 * What Meta refuses of a template before anyone reviews it. Written beside Wharf's own rules (src/template-rules) and not
 * by them, so that each is a test of the other.
 */
export function judgeTemplate({ category, parameter_format: format, components }: Judged): void {
  const part = (type: string) => components.find((each) => word(each["type"]) === type);
  const types = components.map((each) => word(each["type"]));
  if (new Set(types).size < types.length) throw refused(2_388_043, "A component is there more than once.");
  const body = part("BODY");
  if (category === "AUTHENTICATION") return judgeCode(components);
  if (!body) throw refused(2_388_043, "components must hold a BODY.");
  const offer = part("LIMITED_TIME_OFFER");
  const carousel = part("CAROUSEL");
  const header = part("HEADER");
  if (header) judgeHeader(header, format);
  judgeText("body", body, format, offer ? 600 : 1_024);
  const footer = part("FOOTER");
  if (footer && (text(footer).length > 60 || text(footer).trim() === "" || /[{\n]/.test(text(footer))))
    throw refused(2_388_073, "footer: at most 60 characters, on one line and without parameters.");
  const buttons = part("BUTTONS");
  if (buttons) judgeButtons(partsOf(buttons["buttons"]), 10);
  if (carousel) judgeCarousel(carousel, format, Boolean(header ?? footer ?? buttons));
  if (offer) judgeOffer(offer, { category, footer, buttons: partsOf(buttons?.["buttons"]) });
}

const word = (value: unknown): string => (typeof value === "string" ? value.toUpperCase() : "");
const text = (part: Part): string => (typeof part["text"] === "string" ? part["text"] : "");
const partsOf = (value: unknown): Part[] => (Array.isArray(value) ? (value as Part[]) : []);
const refused = (subcode: number, details: string): GraphFault =>
  new GraphFault(100, details, { subcode, user_title: TITLES[subcode] ?? "Invalid parameter" });
const TITLES: Readonly<Record<number, string>> = {
  2388040: "Character Limit Exceeded",
  2388043: 'Message Template "components" param is missing expected field(s)',
  2388047: "Message header format is incorrect",
  2388072: "Message body format is incorrect",
  2388073: "Message footer format is incorrect",
  2388293: "Parameters words ratio exceeds limit",
  2388299: "Leading or trailing params not allowed",
};

const parametersOf = (words: string): string[] => {
  const names: string[] = [];
  for (const [, name] of words.matchAll(/\{\{(.*?)\}\}/g)) if (!names.includes(name!)) names.push(name!);
  return names;
};

function judgeHeader(header: Part, format: Judged["parameter_format"]): void {
  const kind = word(header["format"]);
  if (["IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT"].includes(kind)) return;
  if (kind !== "TEXT") throw refused(2_388_047, "header: its format is none that there is.");
  const words = text(header);
  if (words.length > 60) throw refused(2_388_040, "header: at most 60 characters.");
  if (words.trim() === "" || /[\n*_~`]|\p{Extended_Pictographic}/u.test(words.replace(/\{\{.*?\}\}/g, "")))
    throw refused(2_388_047, "header: no new lines, formatting characters or emoji.");
  if (parametersOf(words).length > 1) throw refused(2_388_047, "header: at most one parameter.");
  judgeParameters("header", header, format);
}

function judgeText(at: string, part: Part, format: Judged["parameter_format"], most: number): void {
  const words = text(part).trim();
  if (words === "") throw refused(2_388_072, `${at}: the text is missing.`);
  if (text(part).length > most) throw refused(2_388_040, `${at}: at most ${most} characters.`);
  if (words.startsWith("{{") || words.endsWith("}}"))
    throw refused(2_388_299, "Variables can't be at the start or end of the template.");
  if (/\}\}\s*\{\{/.test(words)) throw refused(2_388_072, `${at}: parameters stand side by side.`);
  judgeParameters("body", part, format);
  const names = parametersOf(words);
  const others = words.replace(/\{\{.*?\}\}/g, " ").match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  if (others < names.length) throw refused(2_388_293, `${at}: too many parameters for its length.`);
}

/** From 1 on without a gap, or by names; each with an example. */
function judgeParameters(at: "header" | "body", part: Part, format: Judged["parameter_format"]): void {
  const names = parametersOf(text(part));
  const subcode = at === "header" ? 2_388_047 : 2_388_072;
  const isFine = format === "NAMED" ? /^[a-z_][a-z0-9_]*$/ : /^[1-9][0-9]*$/;
  if (names.some((name) => !isFine.test(name)))
    throw refused(subcode, `${at}: a parameter's name is not right.`);
  if (format === "POSITIONAL" && names.some((name, place) => Number(name) !== place + 1))
    throw refused(subcode, `${at}: parameters must be numbered from 1 on, in their order.`);
  if (/\{\{|\}\}/.test(text(part).replace(/\{\{.*?\}\}/g, "")))
    throw refused(subcode, `${at}: stray braces.`);
  if (names.length === 0) return;
  const example = (part["example"] ?? {}) as Part;
  const given = example[`${at}_text`];
  const row = Array.isArray(given) && Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
  const count =
    format === "NAMED"
      ? partsOf(example[`${at}_text_named_params`]).filter(({ param_name }) =>
          names.includes(String(param_name)),
        ).length
      : Array.isArray(row)
        ? row.filter((each) => typeof each === "string" && each.trim() !== "").length
        : 0;
  if (count < names.length)
    throw refused(2_388_043, `component of type ${at.toUpperCase()} is missing expected field(s) (example)`);
}

const KINDS = tableOf<number>({
  QUICK_REPLY: 10,
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  FLOW: 1,
  VOICE_CALL: 1,
  CATALOG: 1,
  MPM: 1,
  SPM: 1,
});

function judgeButtons(buttons: readonly Part[], most: number): void {
  const bad = (details: string) => refused(2_388_043, `component of type BUTTONS: ${details}`);
  if (buttons.length === 0 || buttons.length > most) throw bad(`from 1 to ${most} buttons.`);
  const kinds = buttons.map(({ type }) => word(type));
  for (const kind of kinds) {
    const limit = KINDS[kind];
    if (limit === undefined) throw bad(`there is no button of the type ${kind}.`);
    if (kinds.filter((each) => each === kind).length > limit) throw bad(`too many of the type ${kind}.`);
  }
  if (buttons.length > 1 && kinds.some((kind) => ["CATALOG", "MPM", "SPM"].includes(kind)))
    throw bad("it must be alone.");
  const shape = kinds.map((kind) => (kind === "QUICK_REPLY" ? "q" : "c")).join("");
  if (!/^(?:q*c*|c*q*)$/.test(shape)) throw bad("quick replies must be grouped.");
  for (const [at, button] of buttons.entries()) judgeButton(button, kinds[at]!, bad);
}

function judgeButton(button: Part, kind: string, bad: (details: string) => GraphFault): void {
  const example = Array.isArray(button["example"]) ? (button["example"] as unknown[])[0] : button["example"];
  const has_example = typeof example === "string" && example.trim() !== "";
  if (kind !== "COPY_CODE") {
    if (text(button).trim() === "") throw bad("text is missing.");
    if (text(button).length > 25) throw refused(2_388_040, "button: at most 25 characters.");
    if (text(button).includes("{{")) throw bad("no parameters in a button's text.");
  }
  if (kind === "COPY_CODE") {
    if (!has_example) throw bad("the example of a code is missing.");
    if (example.length > 15) throw refused(2_388_040, "button: a code has at most 15 characters.");
  }
  const phone = typeof button["phone_number"] === "string" ? button["phone_number"] : "";
  if (kind === "PHONE_NUMBER" && !/^\+?\d[\d\s()-]{4,18}$/.test(phone))
    throw bad("phone_number is not valid.");
  if (kind === "FLOW" && !button["flow_id"] && !button["flow_name"] && !button["flow_json"])
    throw bad("a flow is missing.");
  if (kind !== "URL") return;
  const url = typeof button["url"] === "string" ? button["url"] : "";
  if (!/^https?:\/\/[^\s{}]+\.[^\s{}]+/.test(url) && !/^https?:\/\/localhost/.test(url))
    throw bad("url is not valid.");
  if (url.length > 2_000) throw refused(2_388_040, "button: a url has at most 2000 characters.");
  if (/^https?:\/\/(?:\w+\.)?(?:wa\.me|whatsapp\.com)(?:\/|$)/.test(url))
    throw bad("no direct links to WhatsApp.");
  if (!url.includes("{{")) return;
  if (!/^[^{}]*\{\{1\}\}$/.test(url)) throw bad("a url has one parameter, at its end.");
  if (!has_example) throw bad("the example of the url is missing.");
}

function judgeCarousel(carousel: Part, format: Judged["parameter_format"], has_more: boolean): void {
  const bad = (details: string) => refused(2_388_043, `component of type CAROUSEL: ${details}`);
  const cards = partsOf(carousel["cards"]).map((card) => partsOf(card["components"]));
  if (has_more) throw bad("only a BODY may stand beside it.");
  if (cards.length < 2 || cards.length > 10) throw bad("from 2 to 10 cards.");
  const shapes = cards.map((parts) => {
    const own = (type: string) => parts.find((each) => word(each["type"]) === type);
    const kind = word(own("HEADER")?.["format"]);
    if (!["IMAGE", "VIDEO", "PRODUCT"].includes(kind))
      throw bad("a card's header is IMAGE, VIDEO or PRODUCT.");
    const body = own("BODY");
    if (body) judgeText("body", body, format, 160);
    const buttons = partsOf(own("BUTTONS")?.["buttons"]);
    judgeButtons(buttons, 2);
    return [kind, Boolean(body), ...buttons.map(({ type }) => word(type))].join();
  });
  if (new Set(shapes).size > 1) throw bad("all cards must have the same components.");
}

function judgeOffer(
  part: Part,
  { category, footer, buttons }: { category: string; footer: Part | undefined; buttons: readonly Part[] },
): void {
  const offer = (part["limited_time_offer"] ?? {}) as Part;
  const bad = (details: string) => refused(2_388_043, `component of type LIMITED_TIME_OFFER: ${details}`);
  const name = text(offer);
  if (name.trim() === "") throw bad("text is missing.");
  if (name.length > 16) throw refused(2_388_040, "limited_time_offer: at most 16 characters.");
  if (category !== "MARKETING") throw bad("the category must be MARKETING.");
  if (footer) throw bad("no FOOTER beside it.");
  const kinds = buttons.map(({ type }) => word(type));
  if (!kinds.includes("URL")) throw bad("a URL button is missing.");
  if (offer["has_expiration"] === true && !kinds.includes("COPY_CODE"))
    throw bad("a COPY_CODE button is missing.");
}

function judgeCode(components: readonly Part[]): void {
  const bad = (details: string) => refused(2_388_043, `AUTHENTICATION template: ${details}`);
  const types = components.map((each) => word(each["type"]));
  if (types.some((type) => !["BODY", "FOOTER", "BUTTONS"].includes(type)))
    throw bad("only BODY, FOOTER and BUTTONS.");
  const buttons = partsOf(components.find((each) => word(each["type"]) === "BUTTONS")?.["buttons"]);
  const [button] = buttons;
  if (!types.includes("BODY") || !button || buttons.length !== 1 || word(button["type"]) !== "OTP")
    throw bad("a BODY and one OTP button.");
  const kind = word(button["otp_type"]);
  if (!["COPY_CODE", "ONE_TAP", "ZERO_TAP"].includes(kind)) throw bad("otp_type is not valid.");
  const apps = partsOf(button["supported_apps"]);
  if (
    kind !== "COPY_CODE" &&
    (apps.length === 0 || apps.some(({ signature_hash }) => String(signature_hash).length !== 11))
  )
    throw bad("supported_apps with package_name and signature_hash.");
  if (kind === "ZERO_TAP" && button["zero_tap_terms_accepted"] !== true)
    throw bad("zero_tap_terms_accepted must be true.");
  const minutes = components.find((each) => word(each["type"]) === "FOOTER")?.["code_expiration_minutes"];
  if (minutes !== undefined && !(Number(minutes) >= 1 && Number(minutes) <= 90))
    throw bad("code_expiration_minutes is 1 to 90.");
}

/** The texts of authentication templates are Meta's, and only their options the business's; its button is listed as a link. */
export function withMetaTexts(components: readonly Part[]): StandInTemplate["components"] {
  return components.map((component) => {
    const type = word(component["type"]);
    if (type === "BODY") {
      const warning = component["add_security_recommendation"] === true;
      const words = `*{{1}}* is your verification code.${warning ? " For your security, do not share this code." : ""}`;
      return { ...component, type, text: words, example: { body_text: [["123456"]] } };
    }
    const minutes = component["code_expiration_minutes"];
    if (type === "FOOTER" && minutes !== undefined)
      return { ...component, type, text: `This code expires in ${Number(minutes)} minutes.` };
    if (type === "BUTTONS") return { ...component, type, buttons: partsOf(component["buttons"]).map(asLink) };
    return { ...component, type };
  });
}

function asLink(button: Part): Part {
  if (word(button["type"]) !== "OTP") return button;
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${word(button["otp_type"])}&code=otp`;
  const words = text(button) === "" ? "Copy code" : text(button);
  return { type: "URL", text: words, url: `${url}{{1}}`, example: [`${url}123456`] };
}

import {
  type Component,
  isNamed,
  listOf,
  partOf,
  type Sample,
  samplesOf,
  type TemplateFault,
  type TemplateForm,
  textOf,
  typeOf,
  variablesIn,
} from "../../../../src/template-rules/template-rules.ts";
import type { Draft } from "./queries.ts";

/** What is being written: a draft as the API takes it. */
export type Form = Omit<TemplateForm, "components"> & {
  waba_id: string | undefined;
  components: Record<string, unknown>[];
  allow_category_change: boolean;
};
export type Layout = "standard" | "cards" | "offer";
type Format = TemplateForm["parameter_format"];

/** The order in which Meta shows them. */
const ORDER = ["HEADER", "LIMITED_TIME_OFFER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL"];

export const emptyForm = (): Form => ({
  waba_id: undefined,
  name: "",
  language: "en",
  category: "UTILITY",
  parameter_format: "POSITIONAL",
  components: [{ type: "BODY", text: "" }],
  message_send_ttl_seconds: null,
  allow_category_change: true,
});

export function formOf(draft: Draft): Form {
  const { waba_id, name, language, category, parameter_format, components, message_send_ttl_seconds } = draft;
  return {
    waba_id,
    name,
    language,
    category,
    parameter_format,
    components,
    message_send_ttl_seconds,
    allow_category_change: draft.allow_category_change,
  };
}

/** With this part in place of the one of its type; null takes it out. */
export function withPart(components: readonly Component[], type: string, part: Component | null) {
  const others = components.filter((each) => typeOf(each["type"]) !== type);
  const all = part === null ? others : [...others, part];
  return all
    .toSorted((a, b) => ORDER.indexOf(typeOf(a["type"])) - ORDER.indexOf(typeOf(b["type"])))
    .map((each) => ({ ...each }));
}

function exampleOf(place: "header" | "body", names: readonly string[], samples: Sample, format: Format) {
  if (names.length === 0) return undefined;
  if (format === "NAMED")
    return {
      [`${place}_text_named_params`]: names.map((name) => ({
        param_name: name,
        example: samples[name] ?? "",
      })),
    };
  const row = names.toSorted((a, b) => Number(a) - Number(b)).map((name) => samples[name] ?? "");
  return place === "body" ? { body_text: [row] } : { header_text: row };
}

/** A header or a body with these words; examples of variables that stay are kept. */
export function withText(
  part: Component,
  place: "header" | "body",
  text: string,
  format: Format,
  samples: Sample = {},
) {
  const before = samplesOf(part, place, variablesIn(textOf(part["text"])));
  const { example: _, ...rest } = part;
  const example = exampleOf(place, variablesIn(text), { ...before, ...samples }, format);
  return { ...rest, text, ...(example ? { example } : {}) };
}

const placeOf = (part: Component): "header" | "body" | null => {
  const type = typeOf(part["type"]);
  if (type === "BODY") return "body";
  return type === "HEADER" && typeOf(part["format"]) === "TEXT" ? "header" : null;
};

/** The form with these parts: whether variables are named follows from what is written, and examples follow that. */
export function withComponents(form: Form, components: readonly Component[]): Form {
  const format: Format = isNamed(textsIn(components)) ? "NAMED" : "POSITIONAL";
  const rewritten = (part: Component): Record<string, unknown> => {
    const place = placeOf(part);
    if (place !== null) return withText(part, place, textOf(part["text"]), format);
    const cards = part["cards"];
    if (!Array.isArray(cards)) return { ...part };
    return {
      ...part,
      cards: listOf(cards).map((card) => ({ components: listOf(card["components"]).map(rewritten) })),
    };
  };
  const changed =
    format === form.parameter_format ? components.map((each) => ({ ...each })) : components.map(rewritten);
  return { ...form, parameter_format: format, components: changed };
}

const textsIn = (components: readonly Component[]): string[] =>
  components.flatMap((part) => [
    placeOf(part) === null ? "" : textOf(part["text"]),
    ...listOf(part["cards"]).flatMap((card) => textsIn(listOf(card["components"]))),
  ]);

export const layoutOf = (components: readonly Component[]): Layout =>
  partOf(components, "CAROUSEL") ? "cards" : partOf(components, "LIMITED_TIME_OFFER") ? "offer" : "standard";

export const newCard = (): Record<string, unknown> => ({
  components: [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "" },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "" }] },
  ],
});

/** Another layout; the words that fit both stay. */
export function withLayout(components: readonly Component[], layout: Layout) {
  const body = partOf(components, "BODY") ?? { type: "BODY", text: "" };
  if (layout === "cards") return [{ ...body }, { type: "CAROUSEL", cards: [newCard(), newCard()] }];
  const plain = withPart(withPart(components, "CAROUSEL", null), "LIMITED_TIME_OFFER", null);
  if (layout === "standard") return plain;
  const parts = withPart(withPart(plain, "FOOTER", null), "HEADER", { type: "HEADER", format: "IMAGE" });
  const buttons = [
    { type: "COPY_CODE", example: "" },
    { type: "URL", text: "", url: "" },
  ];
  const offer = { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "", has_expiration: true } };
  return withPart(withPart(parts, "LIMITED_TIME_OFFER", offer), "BUTTONS", { type: "BUTTONS", buttons });
}

/** The parts of a template for codes, and back to those of any other. */
export function forCategory(components: readonly Component[], before: string, category: string) {
  if (category === "AUTHENTICATION" && before !== category)
    return [
      { type: "BODY", add_security_recommendation: true },
      { type: "FOOTER", code_expiration_minutes: 10 },
      { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", text: "" }] },
    ];
  if (before === "AUTHENTICATION" && category !== before) return [{ type: "BODY", text: "" }];
  return components.map((each) => ({ ...each }));
}

/** What is only not filled in yet is said once it was tried to submit. */
const isMissing = ({ code }: TemplateFault) => code.endsWith("_MISSING");

/** The sentence for a field, should there be one to say now. */
export function sayer(faults: readonly TemplateFault[], tried: boolean, refusal: Draft["refusal"]) {
  return (field: string): string | undefined => {
    const own = faults.filter((fault) => fault.field === field && (tried || !isMissing(fault)));
    const refused = refusal?.field === field ? [refusal.details ?? refusal.says] : [];
    const all = [...refused, ...own.map(({ says }) => says)];
    return all.length === 0 ? undefined : all.join(" ");
  };
}
export type Say = ReturnType<typeof sayer>;

/** A part of a template in Meta's form: `{type: "BODY", text, …}`, a button, or what stands in them. */
export type Component = Readonly<Record<string, unknown>>;

/**
 * A template as it is written, in Meta's form but for one thing: the sample of a file in a header is
 * `example.media_id`, a file of the media library, which becomes Meta's handle when the template is submitted.
 */
export interface TemplateForm {
  name: string;
  language: string;
  category: string;
  parameter_format: "POSITIONAL" | "NAMED";
  components: readonly Component[];
  message_send_ttl_seconds: number | null;
}

/** `field` is where: `name`, `body.text`, `body.example.2`, `buttons.0.url`, `cards.1.header.example`. */
export interface TemplateFault {
  field: string;
  code: string;
  /** What is wrong and what to do, for people. */
  says: string;
  /** A warning is for the author to think of; Meta may take it all the same. */
  level: "error" | "warning";
}

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const typeOf = (value: unknown): string => textOf(value).toUpperCase();
export const recordOf = (value: unknown): Component =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Component) : {};
export const listOf = (value: unknown): Component[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];

/** The first part of this type. */
export const partOf = (components: readonly Component[], type: string): Component | undefined =>
  components.find((each) => typeOf(each["type"]) === type);

/** Gathers what is wrong. */
export interface Faults {
  list: TemplateFault[];
  add(field: string, code: string, says: string): void;
  warn(field: string, code: string, says: string): void;
}

export function createFaults(): Faults {
  const list: TemplateFault[] = [];
  return {
    list,
    add: (field, code, says) => void list.push({ field, code, says, level: "error" }),
    warn: (field, code, says) => void list.push({ field, code, says, level: "warning" }),
  };
}

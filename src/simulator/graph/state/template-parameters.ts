import { GraphFault } from "../protocol/protocol.ts";
import type { TakenParameter, TakenTemplate } from "./message-bodies.ts";
import type { StandInTemplate } from "./stand-in-template.ts";

const BODY_LENGTH = 1_024;
const HEADER_LENGTH = 60;
/** Of an authentication template's code, and of a coupon. */
const CODE_LENGTH = 15;

/** Throws the fault of a message that doesn't fill in its template as it was approved. */
export function checkParameters(template: StandInTemplate, used: TakenTemplate): void {
  const { header, body } = used.parameters;
  for (const parameter of [...header, ...body, ...used.buttons.flatMap(({ parameters }) => parameters)])
    checkText(parameter);
  for (const part of ["header", "body"] as const) checkPart(template, part, used.parameters[part]);
  checkButtons(template, used);
}

function checkText({ type, text }: TakenParameter): void {
  if (type !== "text") return;
  if (text === null || text.trim() === "")
    throw new GraphFault(131008, "Parameter of type text is missing text value");
  if (/[\n\r\t]| {5}/.test(text))
    throw new GraphFault(
      132018,
      "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
    );
}

function checkPart(
  template: StandInTemplate,
  part: "header" | "body",
  given: readonly TakenParameter[],
): void {
  const found = template.components.find(({ type }) => type === part.toUpperCase());
  const format = part === "body" ? "TEXT" : (found?.format ?? "TEXT").toUpperCase();
  if (format !== "TEXT") {
    const [file] = given;
    if (given.length !== 1 || file?.type.toUpperCase() !== format)
      throw new GraphFault(
        132012,
        `${part}: Format mismatch, expected ${format}, received ${file?.type.toUpperCase() ?? "UNKNOWN"}`,
      );
    return;
  }
  const wanted = namesIn(found?.text);
  if (wanted.length !== given.length)
    throw new GraphFault(
      132000,
      `${part}: number of localizable_params (${given.length}) does not match the expected number of params (${wanted.length})`,
    );
  const other = given.find(({ type }) => !["text", "currency", "date_time"].includes(type));
  if (other)
    throw new GraphFault(
      132012,
      `${part}: Format mismatch, expected TEXT, received ${other.type.toUpperCase()}`,
    );
  if (
    template.parameter_format === "NAMED" &&
    !wanted.every((name) => given.some((one) => one.name === name))
  )
    throw new GraphFault(132012, `${part}: parameter names do not match those of the template`);
  checkLength(template, part, found?.text ?? "", wanted, given);
}

/** With the parameters in their places. */
function checkLength(
  template: StandInTemplate,
  part: "header" | "body",
  text: string,
  wanted: readonly string[],
  given: readonly TakenParameter[],
): void {
  const filled = wanted.reduce((words, name, at) => {
    const own = template.parameter_format === "NAMED" ? given.find((one) => one.name === name) : given[at];
    return words.replaceAll(`{{${name}}}`, own?.text ?? "");
  }, text);
  const most = part === "body" ? BODY_LENGTH : HEADER_LENGTH;
  if (filled.length > most)
    throw new GraphFault(132005, `${part}: the text is longer than ${most} characters when it is filled in`);
  if (part === "body" && template.category === "AUTHENTICATION") given.forEach(checkCode);
}

function checkCode({ text }: TakenParameter): void {
  if ((text?.length ?? 0) > CODE_LENGTH)
    throw new GraphFault(132008, `The code must be at most ${CODE_LENGTH} characters long`);
}

/** Buttons whose address is completed by each message, and codes to copy, want a parameter. */
function checkButtons(template: StandInTemplate, { buttons: used }: TakenTemplate): void {
  const buttons = template.components.find(({ type }) => type === "BUTTONS")?.["buttons"];
  if (!Array.isArray(buttons)) return;
  for (const [index, button] of (buttons as { type?: string; url?: unknown }[]).entries()) {
    const isCode = button.type?.toUpperCase() === "COPY_CODE";
    const isOpen = typeof button.url === "string" && button.url.includes("{{");
    const given = used.find((one) => one.index === index)?.parameters[0];
    if ((isCode || isOpen) && !given)
      throw new GraphFault(
        131008,
        `buttons: Button at index ${index} of type ${isCode ? "CopyCode" : "Url"} requires a parameter`,
      );
    if (given && (isCode || (isOpen && template.category === "AUTHENTICATION"))) checkCode(given);
  }
}

const namesIn = (text: string | undefined): string[] => [
  ...new Set([...(text ?? "").matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!)),
];

import { type Component, listOf } from "../../../../src/template-rules/template-rules.ts";
import type { Template } from "../../lib/types.ts";
import { readSheet } from "../model/templates.ts";

/** Meta tells the parts in two forms; the preview takes the one of its lists. */
export function listedParts(components: Template["components"]): Component[] {
  const listed = listOf(components?.["components"]);
  if (listed.length > 0 || components === null) return listed;
  const { header, body, footer, buttons } = readSheet(components);
  return [
    ...(header === null ? [] : [{ type: "HEADER", format: "TEXT", text: header }]),
    ...(body === null ? [] : [{ type: "BODY", text: body }]),
    ...(footer === null ? [] : [{ type: "FOOTER", text: footer }]),
    ...(buttons.length === 0
      ? []
      : [{ type: "BUTTONS", buttons: buttons.map((text) => ({ type: "URL", text })) }]),
  ];
}

import type { Reply } from "../../../../src/contract/contract.ts";

type Template = Reply<"GET /api/v1/templates">["data"][number];
interface Component {
  type?: string;
  text?: string;
  format?: string;
  buttons?: { type?: string; text?: string }[];
}
/** As Meta lists them; null: only a webhook told of the template, which is not all that it says. */
function componentsOf({ components }: Template): Component[] | null {
  const listed = (components as { components?: unknown } | null)?.components;
  return Array.isArray(listed) ? (listed as Component[]) : null;
}

/** Templates by which people may be asked: approved, of the number's account, no marketing, and nothing to fill in. */
export const askingTemplates = (templates: readonly Template[], waba_id: string | null): Template[] =>
  templates.filter(
    (template) =>
      template.waba_id === waba_id &&
      template.name !== null &&
      template.language !== null &&
      template.status === "APPROVED" &&
      template.category?.toUpperCase() !== "MARKETING" &&
      template.category?.toUpperCase() !== "AUTHENTICATION" &&
      componentsOf(template)?.every(
        ({ text, format }) =>
          !/\{\{/.test(text ?? "") && (format === undefined || format.toUpperCase() === "TEXT"),
      ),
  );

/** The quick-reply buttons of a template, by their place among all its buttons. */
export const buttonsOf = (template: Template | undefined): { place: number; text: string }[] =>
  ((template && componentsOf(template)) ?? [])
    .flatMap((component) => component.buttons ?? [])
    .flatMap(({ type, text }, place) =>
      type?.toUpperCase() === "QUICK_REPLY" ? [{ place, text: text ?? "" }] : [],
    );

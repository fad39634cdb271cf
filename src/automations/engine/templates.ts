import {
  contentOf,
  isSendable,
  languagesOf,
  readTemplates,
  valuesOf,
  type CampaignTemplates,
  type Person,
} from "../../campaigns/campaigns.ts";
import type { Act, FlowVariable } from "../../contract/automations.ts";
import { sql, type Queryable } from "../../db/db.ts";
import type { OutgoingContent } from "../../meta/meta.ts";
import { isRefused } from "../../sending/sending.ts";
import { answerOf, spelledOut, valueAt, type Acted, type Known } from "../flow/flow.ts";

type SendTemplate = Extract<Act, { kind: "send_template" }>;

/** Templates as a step finds them: each is read once for all runs that send by it. */
export type FoundTemplates = Map<string, CampaignTemplates | null>;

export const templateKey = (act: SendTemplate, number_id: string | null): string =>
  `${number_id} ${act.template_group_id ?? act.template_id}`;

/** Null: it is gone, or none was chosen. */
export async function findTemplates(
  db: Queryable,
  workspace_id: string,
  act: SendTemplate,
  number_id: string | null,
): Promise<CampaignTemplates | null> {
  const { template_id, template_group_id } = act;
  const named =
    template_group_id !== null || template_id === null
      ? undefined
      : await db.first<{ name: string; language: string }>(sql`
          select name, language from templates
          where workspace_id = ${workspace_id} and id = ${template_id} and status <> 'DELETED'`);
  return readTemplates(db, {
    workspace_id,
    phone_number_id: number_id,
    template_group_id,
    template_name: named?.name ?? null,
    template_language: named?.language ?? null,
  });
}

/** The message of a template to a person, or what keeps it from being one. */
export function templateMessage(
  act: SendTemplate,
  templates: CampaignTemplates | null,
  person: Person,
  known: Pick<Known, "payload" | "answers">,
): { content: OutgoingContent } | { acted: Acted } {
  const template = templates?.choose(languagesOf(person)) ?? null;
  if (template === null) return { acted: unsendable(templates) };
  if (isRefused(template.category, person.marketing_state))
    return { acted: { kind: "skipped", reason: "consent" } };
  const variables = Object.fromEntries(
    Object.entries(act.variables).map(([place, variable]) => [place, withValues(variable, known)]),
  );
  const filled = valuesOf(template.places, variables, person);
  if ("missing" in filled)
    return {
      acted: {
        kind: "failed",
        reason: "MISSING_VALUE",
        says: `There is no value for ${filled.missing} of the template, and no fallback.`,
      },
    };
  return { content: contentOf(template, filled.values) };
}

const STATES: ReadonlyMap<string, string> = new Map([
  ["PAUSED", "TEMPLATE_PAUSED"],
  ["REJECTED", "TEMPLATE_REJECTED"],
  ["DISABLED", "TEMPLATE_DISABLED"],
]);

/** By the first of its templates that can't be sent. */
function unsendable(templates: CampaignTemplates | null): Acted {
  const member = templates?.members.find((each) => !isSendable(each)) ?? null;
  if (member === null || member.id === null)
    return { kind: "stopped", reason: "TEMPLATE_GONE", says: "The template is gone." };
  const reason = STATES.get(member.status ?? "") ?? "TEMPLATE_NOT_APPROVED";
  return {
    kind: "stopped",
    reason,
    says: `The template “${member.name}” is ${(member.status ?? "not approved").toLowerCase()}.`,
  };
}

/** What the trigger told, or a URL answered, stands in its place as text; nothing there: the fallback. */
function withValues(
  variable: FlowVariable,
  known: Pick<Known, "payload" | "answers">,
): Exclude<FlowVariable, { from: "payload" | "answer" }> {
  if (variable.from !== "payload" && variable.from !== "answer") return variable;
  const source = variable.from === "payload" ? known.payload : answerOf(known, variable.of);
  const text = spelledOut(valueAt(source, variable.path)) ?? "";
  return { from: "text", text: text.trim() === "" ? (variable.fallback ?? "") : text };
}

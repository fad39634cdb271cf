import type { z } from "zod";
import { Problem } from "../base/base.ts";
import type * as shapes from "../contract/consent.ts";
import { sql, type Database, type Queryable, type Tx } from "../db/db.ts";

export type ConsentSettings = z.infer<typeof shapes.ConsentSettings>;

/** By the key of consent_settings. */
export async function readSettings(db: Queryable, workspace_id: string): Promise<ConsentSettings> {
  const row = await db.first<ConsentSettings>(sql`
    select double_opt_in, stop_reply, confirm_reply from consent_settings where workspace_id = ${workspace_id}`);
  return row ?? { double_opt_in: null, stop_reply: null, confirm_reply: null };
}

/** What is not named stays. Throws ASKING_TEMPLATE for a number or a template that can't ask. */
export async function changeSettings(
  db: Database,
  workspace_id: string,
  change: z.infer<typeof shapes.ConsentSettingsChange>,
): Promise<ConsentSettings> {
  return db.transaction(async (tx) => {
    await tx.run(sql`
      insert into consent_settings (workspace_id) values (${workspace_id}) on conflict do nothing`);
    await tx.run(sql`select from consent_settings where workspace_id = ${workspace_id} for no key update`);
    if (change.double_opt_in) await checkAsking(tx, workspace_id, change.double_opt_in);
    const known = await readSettings(tx, workspace_id);
    const {
      double_opt_in = known.double_opt_in,
      stop_reply = known.stop_reply,
      confirm_reply = known.confirm_reply,
    } = change;
    await tx.run(sql`
      update consent_settings set double_opt_in = ${double_opt_in ? JSON.stringify(double_opt_in) : null}::jsonb,
        stop_reply = ${stop_reply}, confirm_reply = ${confirm_reply}, updated_at = now(),
        -- From the first question on a yes is looked for: processes read it with the words.
        confirms = confirms or ${double_opt_in !== null},
        words_version = words_version + case when ${double_opt_in !== null} and not confirms then 1 else 0 end
      where workspace_id = ${workspace_id}`);
    return { double_opt_in, stop_reply, confirm_reply };
  });
}

/** The number is the workspace's, and the template is one of its account that may be sent and asks nothing to be filled in. */
async function checkAsking(
  tx: Tx,
  workspace_id: string,
  { from, template_name, template_language, button }: NonNullable<ConsentSettings["double_opt_in"]>,
): Promise<void> {
  const number = await tx.first<{ waba_id: string | null }>(
    sql`select waba_id from phone_numbers where workspace_id = ${workspace_id} and id = ${from}`,
  );
  if (!number) throw new Problem("ASKING_TEMPLATE", "`double_opt_in.from` is none of your numbers.");
  const template = await tx.first<{
    status: string;
    category: string | null;
    components: Components;
  }>(sql`
    select status, category, components from templates
    where workspace_id = ${workspace_id} and waba_id = ${number.waba_id} and name = ${template_name}
      and language = ${template_language} and status <> 'DELETED'`);
  const problem = templateProblem(template, button);
  if (problem !== null) throw new Problem("ASKING_TEMPLATE", problem);
}

/** As the Graph API lists it; what only a webhook told is not enough to send by. */
type Components = { components?: Component[] } | null;
interface Component {
  type?: string;
  text?: string;
  format?: string;
  buttons?: { type?: string }[];
}

function templateProblem(
  template: { status: string; category: string | null; components: Components } | undefined,
  button: number | null,
): string | null {
  if (!template) return "The account of this number has no such template in this language.";
  if (template.status !== "APPROVED") return "This template is not approved, so it can't be sent.";
  if (template.category?.toUpperCase() === "MARKETING")
    return "Choose a utility template: marketing may not be sent to people who have not agreed to it yet.";
  const components = template.components?.components;
  if (!components) return "What this template says is not known yet; it is read from Meta soon.";
  const fills = components.some(
    ({ text, format }) => /\{\{/.test(text ?? "") || (format !== undefined && format !== "TEXT"),
  );
  if (fills) return "Choose a template without variables and files: nothing is filled in.";
  const buttons = components.flatMap((component) => component.buttons ?? []);
  if (button !== null && buttons[button]?.type?.toUpperCase() !== "QUICK_REPLY")
    return "The button that says yes has to be a quick-reply button of the template.";
  return null;
}

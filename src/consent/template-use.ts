import { sql } from "../db/db.ts";
import { namedTemplates, type TemplateUse } from "../templates/templates.ts";

/** The template by which people are asked whether they want marketing. */
export const doubleOptInUse: TemplateUse = {
  kind: "double_opt_in",
  async count(db, workspace_id, templates) {
    const rows = await db.rows(sql`
      select from consent_settings s
      join phone_numbers n on n.workspace_id = s.workspace_id and n.id = (s.double_opt_in ->> 'from')::uuid
      join ${namedTemplates(templates)} on named.name = s.double_opt_in ->> 'template_name'
        and named.language = s.double_opt_in ->> 'template_language' and named.waba_id = n.waba_id
      where s.workspace_id = ${workspace_id}`);
    return { count: rows.length, more: false, people: null, names: [] };
  },
  says: () => "the question of the double opt-in",
};

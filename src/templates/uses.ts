import type { Reply } from "../contract/contract.ts";
import { rowsOf, sql, type Queryable } from "../db/db.ts";

/** A template as other modules refer to it: one that is deleted at Meta and made again is the same. */
export interface TemplateName {
  waba_id: string;
  name: string;
  language: string;
}

export type UseCount = Reply<"GET /api/v1/templates/:id/impact">["uses"][number];

/**
 * A kind of thing that uses templates. Each module that has one adds itself where the parts meet (app.ts), and is from
 * then on in every template's page, in the warning before one edits or deletes, and in notices.
 */
export interface TemplateUse {
  kind: string;
  count(
    db: Queryable,
    workspace_id: string,
    templates: readonly TemplateName[],
  ): Promise<Omit<UseCount, "kind">>;
  /** For a notice: `3 messages that wait to be sent`. */
  says(count: number): string;
}

/** What uses any of the templates, by kind; kinds that don't are left out. */
export async function countUses(
  uses: readonly TemplateUse[],
  db: Queryable,
  workspace_id: string,
  templates: readonly TemplateName[],
): Promise<UseCount[]> {
  const counted: UseCount[] = [];
  if (templates.length === 0) return counted;
  for (const use of uses) {
    const found = await use.count(db, workspace_id, templates);
    if (found.count > 0) counted.push({ kind: use.kind, ...found });
  }
  return counted;
}

/** For SQL: the templates as rows of (waba_id, name, language). */
export const namedTemplates = (templates: readonly TemplateName[]) =>
  rowsOf(templates, { waba_id: "text", name: "text", language: "text" }, "named");

/** Template groups that have one of them, by template_group_members__template_name. */
export const groupUse: TemplateUse = {
  kind: "groups",
  async count(db, workspace_id, templates) {
    const rows = await db.rows<{ name: string }>(sql`
      select distinct g.name from ${namedTemplates(templates)}
      join template_group_members m on m.workspace_id = ${workspace_id} and m.template_name = named.name
        and m.language = named.language
      join template_groups g on g.workspace_id = m.workspace_id and g.id = m.group_id and g.waba_id = named.waba_id
      order by g.name limit 101`);
    const names = rows.map(({ name }) => name);
    return {
      count: Math.min(names.length, 100),
      more: names.length > 100,
      people: null,
      names: names.slice(0, 5),
    };
  },
  says: (count) => (count === 1 ? "1 template group" : `${count} template groups`),
};

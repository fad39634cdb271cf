import { sql } from "../db/db.ts";
import { namedTemplates, type TemplateUse } from "../templates/templates.ts";
import { readTotals } from "./counts/counts.ts";

/** More of them are told as "more". */
const MOST = 100;

/** Campaigns that use a template and have not ended, by campaigns__template or through a group; people: those not reached yet. */
export const campaignUse: TemplateUse = {
  kind: "campaigns",
  async count(db, workspace_id, templates) {
    const rows = await db.rows<{ id: string; name: string }>(sql`
      select distinct c.id, c.name from ${namedTemplates(templates)}
      join campaigns c on c.workspace_id = ${workspace_id} and c.state not in ('COMPLETED', 'CANCELLED') and c.archived_at is null
        and (c.template_name = named.name and c.template_language = named.language or exists (
          select from template_group_members m where m.workspace_id = c.workspace_id and m.group_id = c.template_group_id
            and m.template_name = named.name and m.language = named.language))
      left join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
      where coalesce(n.waba_id, named.waba_id) = named.waba_id
      order by c.id desc limit ${MOST + 1}`);
    const counted = rows.slice(0, MOST);
    const totals = await readTotals(
      db,
      workspace_id,
      counted.map(({ id }) => id),
    );
    const people = [...totals.values()].reduce((sum, { now }) => sum + now.waiting + now.queued, 0);
    return {
      count: counted.length,
      more: rows.length > MOST,
      people,
      names: counted.slice(0, 5).map(({ name }) => name),
    };
  },
  says: (count) => (count === 1 ? "1 campaign" : `${count} campaigns`),
};

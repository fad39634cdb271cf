import { sql, type Queryable } from "../../db/db.ts";
import { chooseMember, getGroup } from "../../templates/templates.ts";
import type { CampaignRow } from "./campaign-row.ts";
import { placesOf, unsupportedIn, type Place } from "./template-places.ts";

export interface CampaignTemplate {
  /** Null: the account has none of this name and language. */
  id: string | null;
  name: string;
  language: string;
  status: string | null;
  category: string | null;
  components: Record<string, unknown> | null;
  /** What it takes; none while its components aren't known. */
  places: readonly Place[];
  /** Why Wharf can't send it, in a sentence; null: it can. */
  unsupported: string | null;
}

/** What a campaign may send by: one template, or those of its group. */
export interface CampaignTemplates {
  group: { id: string; name: string; fallback_language: string } | null;
  members: readonly CampaignTemplate[];
  /** The one for a customer who reads these languages, the best known first; null: none can be sent now. */
  choose(languages: readonly string[]): CampaignTemplate | null;
}

/** Meta sends by it: one that is flagged or reinstated is kept as approved. */
export const isSendable = ({ status }: Pick<CampaignTemplate, "status">): boolean => status === "APPROVED";

/** Of a category that is not known it may be marketing. */
export const isMarketing = ({ category }: Pick<CampaignTemplate, "category">): boolean =>
  category === null || category.toUpperCase() === "MARKETING";

/** By templates__name, in the account of the campaign's number; null: none was chosen. */
export async function readTemplates(
  db: Queryable,
  row: Pick<
    CampaignRow,
    "workspace_id" | "phone_number_id" | "template_name" | "template_language" | "template_group_id"
  >,
): Promise<CampaignTemplates | null> {
  const { workspace_id, template_name, template_language, template_group_id } = row;
  if (template_group_id !== null) {
    const group = await getGroup(db, workspace_id, template_group_id).catch(() => null);
    if (group === null) return null;
    const names = group.members.map(({ template_name: name, language }) => ({ name, language }));
    const members = await named(db, row, names, group.waba_id);
    return {
      group: { id: group.id, name: group.name, fallback_language: group.fallback_language },
      members,
      choose(languages) {
        const status = (name: string, language: string) =>
          members.find((each) => each.name === name && each.language === language);
        const sendable = group.members.filter(({ template_name: name, language }) => {
          const member = status(name, language);
          return member !== undefined && isSendable(member);
        });
        const chosen = chooseMember(
          { ...group, members: sendable.map((each) => ({ ...each, status: "APPROVED" })) },
          languages,
        );
        return chosen ? status(chosen.name, chosen.language)! : null;
      },
    };
  }
  if (template_name === null || template_language === null) return null;
  const members = await named(db, row, [{ name: template_name, language: template_language }], null);
  return { group: null, members, choose: () => members.find(isSendable) ?? null };
}

async function named(
  db: Queryable,
  { workspace_id, phone_number_id }: Pick<CampaignRow, "workspace_id" | "phone_number_id">,
  names: readonly { name: string; language: string }[],
  waba_id: string | null,
): Promise<CampaignTemplate[]> {
  const rows = await db.rows<Omit<CampaignTemplate, "places" | "unsupported">>(sql`
    select distinct on (named.name, named.language) t.id, named.name, named.language, t.status, t.category, t.components
    from unnest(${names.map((each) => each.name)}::text[], ${names.map((each) => each.language)}::text[]) as named (name, language)
    left join templates t on t.workspace_id = ${workspace_id} and t.name = named.name and t.language = named.language
      and t.status <> 'DELETED' and t.waba_id = coalesce(${waba_id}, (
        select n.waba_id from phone_numbers n where n.workspace_id = ${workspace_id} and n.id = ${phone_number_id}), t.waba_id)
    order by named.name, named.language, t.id`);
  return rows.map((each) => ({
    ...each,
    places: placesOf(each.components),
    unsupported: unsupportedIn(each.components),
  }));
}

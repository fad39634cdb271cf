import { Problem } from "../../base/base.ts";
import { sql, type Tx } from "../../db/db.ts";
import { type OutgoingContent, readNumber } from "../../meta/meta.ts";
import { chooseTemplate, languagesOfNumber } from "../../templates/templates.ts";

/** A message by a template group: the customer's language decides which template it is. */
export type GroupContent = Omit<
  Extract<OutgoingContent, { type: "template" }>,
  "type" | "name" | "language"
> & {
  type: "template_group";
  group_id: string;
  /** Before what is known of the customer. */
  language?: string;
};

/** The content with the template in place of the group. Throws NOT_FOUND, or GROUP_NOT_SENDABLE. */
export async function withTemplate(
  tx: Tx,
  workspace_id: string,
  content: OutgoingContent | GroupContent,
  recipient: { conversation_id: string } | { to: string },
): Promise<OutgoingContent> {
  if (content.type !== "template_group") return content;
  const { type: _, group_id, language, ...parameters } = content;
  const known =
    "to" in recipient
      ? await knownBy(tx, workspace_id, recipient.to)
      : await knownOf(tx, workspace_id, recipient.conversation_id);
  const wanted = [
    ...(language === undefined ? [] : [language]),
    ...(known.language === null ? [] : [known.language]),
    ...(known.digits === null ? [] : languagesOfNumber(known.digits)),
  ];
  const chosen = await chooseTemplate(tx, workspace_id, group_id, wanted);
  if (!chosen) throw new Problem("GROUP_NOT_SENDABLE");
  return { type: "template", ...chosen, ...parameters };
}

/** What tells of a customer's language: what is kept of them, then the country of their number. */
interface Known {
  language: string | null;
  digits: string | null;
}

/** The conversation's customer. */
async function knownOf(tx: Tx, workspace_id: string, conversation_id: string): Promise<Known> {
  const row = await tx.first<Known>(sql`
    select p.language, i.value as digits from conversations c
    left join contact_profiles p on p.workspace_id = c.workspace_id and p.contact_id = c.contact_id
    left join lateral (
      select i.value from contact_identities i
      where i.workspace_id = c.workspace_id and i.contact_id = c.contact_id and i.kind in ('wa_id', 'phone')
      order by i.former, i.kind limit 1) i on true
    where c.workspace_id = ${workspace_id} and c.id = ${conversation_id}`);
  return row ?? { language: null, digits: null };
}

/** A customer by number or user id, known here or not. */
async function knownBy(tx: Tx, workspace_id: string, to: string): Promise<Known> {
  const digits = readNumber(to)?.digits ?? null;
  const row = await tx.first<Pick<Known, "language">>(sql`
    select p.language from contact_identities i
    join contact_profiles p on p.workspace_id = i.workspace_id and p.contact_id = i.contact_id
    where i.workspace_id = ${workspace_id} and i.kind in ('wa_id', 'phone', 'bsuid')
      and i.value in (${digits ?? to.trim()}, ${to.trim()}) and p.language is not null
    order by i.former limit 1`);
  return { language: row?.language ?? null, digits };
}

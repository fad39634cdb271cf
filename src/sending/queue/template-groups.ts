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
  const digits =
    "to" in recipient ? readNumber(recipient.to)?.digits : await numberOf(tx, workspace_id, recipient);
  const wanted = [
    ...(language === undefined ? [] : [language]),
    ...(digits ? languagesOfNumber(digits) : []),
  ];
  const chosen = await chooseTemplate(tx, workspace_id, group_id, wanted);
  if (!chosen) throw new Problem("GROUP_NOT_SENDABLE");
  return { type: "template", ...chosen, ...parameters };
}

/** The digits of the conversation's customer, where Meta shows them. */
async function numberOf(
  tx: Tx,
  workspace_id: string,
  { conversation_id }: { conversation_id: string },
): Promise<string | null> {
  const row = await tx.first<{ value: string }>(sql`
    select i.value from conversations c
    join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.contact_id
      and i.kind in ('wa_id', 'phone')
    where c.workspace_id = ${workspace_id} and c.id = ${conversation_id} order by i.former, i.kind limit 1`);
  return row?.value ?? null;
}

import { rowsOf, sql, type Tx } from "../../db/db.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import type { Act } from "./acts.ts";

/** What Meta calls the opening of a link in a marketing message. */
const LINK_CLICK = "marketing_messages_link_click";

/**
 * Links that people opened as Meta tells it (`user_actions`), which names the person and not the message. A person that no
 * conversation knows has none. By the key of contact_identities.
 */
export async function clicksIn(
  tx: Tx,
  events: readonly RoutedEvent[],
): Promise<(Act & { workspace_id: string })[]> {
  const clicks = events.flatMap(({ workspace_id, phone_number, occurred_at, event: { data } }) => {
    if (data.kind !== "user_action" || data.action !== LINK_CLICK) return [];
    const { wa_id, user_id } = data.person;
    const value = wa_id ?? user_id;
    if (value === null) return [];
    const kind = wa_id === null ? "bsuid" : "wa_id";
    return [{ workspace_id, kind, value, phone_number, at: occurred_at }];
  });
  if (clicks.length === 0) return [];
  const columns = {
    workspace_id: "uuid",
    kind: "text",
    value: "text",
    phone_number: "uuid",
    at: "timestamptz",
  } as const;
  const rows = await tx.rows<{
    workspace_id: string;
    contact_id: string;
    phone_number: string | null;
    at: Date;
  }>(sql`
    select due.workspace_id, i.contact_id, due.phone_number, due.at from ${rowsOf(clicks, columns)}
    join contact_identities i on i.workspace_id = due.workspace_id and i.kind = due.kind and i.value = due.value`);
  return rows.map((row) => ({ ...row, what: "clicked", message_id: null }));
}

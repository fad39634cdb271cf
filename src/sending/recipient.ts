import type { Handle } from "../inbox/inbox.ts";
import type { Outgoing } from "../meta/meta.ts";

/** As Meta is told to whom a message goes. */
export function recipientOf({ kind, value }: Handle): Outgoing["to"] {
  if (kind === "group") return { group_id: value };
  return kind === "bsuid" ? { user_id: value } : { phone: value };
}

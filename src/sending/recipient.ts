import type { Handle } from "../inbox/inbox.ts";
import type { Outgoing } from "../meta/meta.ts";

/** The recipient as Meta is told of it. */
export function recipientOf({ kind, value }: Handle): Outgoing["to"] {
  if (kind === "group") return { group_id: value };
  return kind === "bsuid" ? { user_id: value } : { phone: value };
}

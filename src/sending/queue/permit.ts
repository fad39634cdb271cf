import { Problem } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import type { Thread } from "../../inbox/inbox.ts";
import { commonNumber, type OutgoingContent } from "../../meta/meta.ts";
import { isRefused } from "../claim/claim.ts";
import type { SendError } from "../send-error.ts";
import { stillRefused } from "../number-views.ts";

/** A message to a thread whose row is locked. */
export interface Asked {
  thread: Pick<Thread, "workspace_id" | "phone_number" | "marketing_state" | "window_expires_at" | "to">;
  content: OutgoingContent;
}

export interface Permitted {
  /** What would keep the message from going out at this moment. */
  problem: Problem | null;
  /** Of the template that it is sent by, where they are known. */
  components: unknown;
}

interface Found {
  place: number;
  /** The digits of our own number. */
  own: string | null;
  connected: boolean;
  /** By the database's clock. */
  now_ms: number;
  category: string | null;
  components: unknown;
  refusal: SendError | null;
}

/**
 * Whether each message may go out now. The claim checks again: this is for people and programs to know at once. One
 * statement, by the keys of phone_numbers, templates and template_refusals.
 */
export async function permit(tx: Tx, asked: readonly Asked[]): Promise<Permitted[]> {
  if (asked.length === 0) return [];
  const due = asked.map(({ thread: { workspace_id, phone_number }, content }, place) => {
    const template = content.type === "template" ? content : null;
    const name = template?.name ?? null;
    return { place, workspace_id, phone_number_id: phone_number, name, language: template?.language ?? null };
  });
  const columns = {
    place: "integer",
    workspace_id: "uuid",
    phone_number_id: "uuid",
    name: "text",
    language: "text",
  } as const;
  const rows = await tx.rows<Found>(sql`
    select distinct on (due.place) due.place, regexp_replace(n.display_phone_number, '\\D', '', 'g') as own,
      c.access_token is not null as connected, floor(extract(epoch from now()) * 1000)::float8 as now_ms, t.category, t.components, r.error as refusal
    from ${rowsOf(due, columns)}
    join phone_numbers n on n.workspace_id = due.workspace_id and n.id = due.phone_number_id
    join connections c on c.id = n.connection_id
    left join templates t on t.workspace_id = n.workspace_id and t.waba_id = n.waba_id
      and t.name = due.name and t.language = due.language and t.status <> 'DELETED'
    left join template_refusals r on r.workspace_id = n.workspace_id and r.waba_id = n.waba_id
      and r.name = due.name and r.language = due.language and ${stillRefused(sql`r`, sql`t`)}
    order by due.place`);
  const found = new Map(rows.map((row) => [row.place, row]));
  return asked.map((one, place) => {
    const row = found.get(place);
    return {
      problem: row ? problemOf(one, row) : new Problem("NOT_FOUND"),
      components: row?.components ?? null,
    };
  });
}

function problemOf({ thread, content }: Asked, found: Found): Problem | null {
  if (
    found.own !== null &&
    thread.to?.kind === "wa_id" &&
    commonNumber(thread.to.value) === commonNumber(found.own)
  )
    return new Problem("RECIPIENT_IS_SENDER");
  if (!found.connected) return new Problem("NOT_CONNECTED");
  if (content.type !== "template")
    return (thread.window_expires_at?.getTime() ?? 0) <= found.now_ms ? new Problem("WINDOW_CLOSED") : null;
  if (isRefused(found.category, thread.marketing_state)) return new Problem("MARKETING_REFUSED");
  return found.refusal === null
    ? null
    : new Problem("TEMPLATE_BLOCKED", found.refusal.details ?? found.refusal.says);
}

import { sql, type Database } from "../../db/db.ts";
import { appendAudit } from "./audit.ts";

/** A sign-in stands in the audit log of each workspace that the person is let into. */
export async function recordSignIn(db: Database, email: string, address: string): Promise<void> {
  const rows = await db.rows<{ workspace_id: string; id: string; name: string }>(sql`
    select m.workspace_id, u.id, u.name from users u join members m on m.user_id = u.id
    where u.email = ${email.trim().toLowerCase()} and m.deactivated_at is null`);
  for (const { workspace_id, id, name } of rows)
    await appendAudit(db, {
      actor: { workspace_id, kind: "user", id, name, address },
      action: "sign_in",
      subject_kind: "sessions",
      subject_id: null,
    });
}

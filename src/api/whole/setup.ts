import type { Reply } from "../../contract/contract.ts";
import { found, sql, type Database } from "../../db/db.ts";

type Setup = Reply<"GET /api/v1/setup">;

/**
 * What the simulator posts in the sandbox connects nothing.
 *
 * What a new workspace does first, each step known by its effect and not by a click. Each `exists` stops at the first row,
 * by a primary key or by an index that begins with workspace_id.
 */
export async function readSetup(
  db: Database,
  workspace_id: string,
  mode: "sandbox" | "live",
): Promise<Setup> {
  const { dismissed, ...steps } = found(
    await db.first<Setup["steps"] & { dismissed: boolean }>(sql`
    select exists (select from conversations c where c.workspace_id = w.id) as play,
      exists (
        select from connections c
        where c.workspace_id = w.id and (${mode === "live"} or not c.from_environment) and (c.verified_at is not null or exists (
          select from phone_numbers n
          where n.workspace_id = w.id and n.connection_id = c.id and n.last_webhook_at > c.updated_at))) as connect,
      exists (select from endpoints e where e.workspace_id = w.id) as webhook,
      exists (select from api_keys k where k.workspace_id = w.id) as api_key,
      w.setup_dismissed_at is not null as dismissed
    from workspaces w where w.id = ${workspace_id}`),
  );
  return { steps, dismissed };
}

export async function dismissSetup(db: Database, workspace_id: string, dismissed: boolean): Promise<void> {
  await db.run(sql`
    update workspaces set setup_dismissed_at = case when ${dismissed} then coalesce(setup_dismissed_at, now()) end
    where id = ${workspace_id}`);
}

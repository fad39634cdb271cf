import { sql, type Queryable } from "../../db/db.ts";

/** Who works in a workspace, by name. */
export const listMembers = (db: Queryable, workspace_id: string): Promise<{ id: string; name: string }[]> =>
  db.rows(sql`
    select u.id, u.name from members m join users u on u.id = m.user_id
    where m.workspace_id = ${workspace_id} and m.deactivated_at is null order by lower(u.name), u.id`);

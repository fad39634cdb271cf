import { Problem } from "../../base/base.ts";
import { followApproval } from "../../campaigns/campaigns.ts";
import { found, sql, type Queryable } from "../../db/db.ts";
import { readHold } from "../../installation/installation.ts";
import { publish, readEnd } from "../../live/live.ts";
import { may, type Handlers, type HandlersUnder } from "../http/http.ts";
import { listRights } from "../members/members.ts";
import { manage, type Reply, work } from "../../contract/contract.ts";
import { listApiKeys, makeApiKey, revokeApiKey, rollApiKey, type Caller } from "../people/people.ts";
import { type HandlerDeps, userIdOf } from "./handler-deps.ts";
import { dismissSetup, readSetup, readSystem } from "../whole/whole.ts";

type User = NonNullable<Caller["user"]>;

/** The caller, the workspace, and what it is connected to. */
export function workspaceHandlers({
  db,
  people,
  connections,
  installation,
}: HandlerDeps): HandlersUnder<"me" | "workspace" | "setup" | "system" | "api_keys"> &
  Pick<Handlers, "GET /api/v1/connections"> {
  const { mode } = installation;
  return {
    "GET /api/v1/me": async ({ caller }) => {
      const [cursor, hold] = await Promise.all([readEnd(db, caller.workspace_id), readHold(db)]);
      return {
        user: caller.user,
        workspace: { id: caller.workspace_id, name: caller.workspace_name },
        role: caller.role,
        role_name: caller.role_name,
        permissions: caller.permissions,
        sees_numbers: caller.sees_numbers,
        scope: caller.scope,
        proved: caller.session?.is_fresh ?? true,
        needs_password: caller.needs_password,
        mode,
        live_cursor: String(cursor),
        on_hold: hold !== null,
      };
    },
    "PATCH /api/v1/me": async ({ caller, body }) => {
      await people.updateProfile(caller, body);
      const id = userIdOf(caller);
      return found(await db.first<User>(sql`select id, name, email from users where id = ${id}`));
    },
    "GET /api/v1/workspace": ({ caller }) => readWorkspace(db, caller.workspace_id),
    "PATCH /api/v1/workspace": async ({ caller, body }) => {
      const id = caller.workspace_id;
      const { name = null, campaign_approval, ...limits } = body;
      return db.transaction(async (tx) => {
        if (campaign_approval === true) await checkTwo(tx, id);
        await tx.run(sql`
          update workspaces set name = coalesce(${name}, name),
            campaign_approval = coalesce(${campaign_approval ?? null}, campaign_approval),
            session_idle_s = coalesce(${limits.session_idle_s ?? null}, session_idle_s),
            session_absolute_s = coalesce(${limits.session_absolute_s ?? null}, session_absolute_s),
            audit_retention_days = coalesce(${limits.audit_retention_days ?? null}, audit_retention_days)
          where id = ${id}`);
        if (campaign_approval !== undefined)
          await publish(tx, await followApproval(tx, id, campaign_approval));
        return readWorkspace(tx, id);
      });
    },
    "GET /api/v1/setup": ({ caller }) => readSetup(db, caller.workspace_id, mode),
    "PATCH /api/v1/setup": async ({ caller, body }) => {
      await dismissSetup(db, caller.workspace_id, body.dismissed);
      return readSetup(db, caller.workspace_id, mode);
    },
    "GET /api/v1/system": ({ caller }) => readSystem(db, installation, may(caller, manage("settings"))),
    "GET /api/v1/connections": async ({ caller }) => ({
      data: await connections.list(caller.workspace_id),
    }),
    "GET /api/v1/api_keys": ({ caller, query }) => listApiKeys(db, caller.workspace_id, query),
    "POST /api/v1/api_keys": ({ caller, body, keep }) => makeApiKey(db, caller, body, keep),
    "POST /api/v1/api_keys/:id/roll": ({ caller, params, body, keep }) =>
      rollApiKey(db, caller, params.id, body.overlap_s, keep),
    "DELETE /api/v1/api_keys/:id": async ({ caller, params }) => {
      await revokeApiKey(db, caller.workspace_id, params.id);
      return null;
    },
  };
}

/** No campaign could ever start where only one person may approve, as no one approves their own. */
async function checkTwo(db: Queryable, workspace_id: string): Promise<void> {
  const members = await listRights(db, workspace_id);
  if (members.filter((member) => may(member, work("campaigns"))).length < 2)
    throw new Problem(
      "APPROVAL_NEEDS_TWO",
      "Only one person in this workspace may approve campaigns, and no one approves their own. Add a second person first.",
    );
}

const readWorkspace = async (db: Queryable, id: string) =>
  found(
    await db.first<Reply<"GET /api/v1/workspace">>(sql`
      select id, name, campaign_approval, session_idle_s, session_absolute_s, audit_retention_days,
        (select count(*)::integer from members m where m.workspace_id = w.id and m.deactivated_at is null) as members
      from workspaces w where id = ${id}`),
  );

import type { HandlersUnder } from "../http/http.ts";
import * as people from "../people/people.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** People of the workspace, their roles, invitations and sessions, the workspaces of a person, and the audit log. */
export function memberHandlers({
  db,
}: HandlerDeps): HandlersUnder<
  "roles" | "members" | "invitations" | "sessions" | "workspaces" | "audit_log"
> {
  return {
    "GET /api/v1/roles": ({ caller }) => people.listRoles(db, caller.workspace_id),
    "POST /api/v1/roles": ({ caller, body, keep }) => people.addRole(db, caller, body, keep),
    "PATCH /api/v1/roles/:id": ({ caller, params, body }) => people.changeRole(db, caller, params.id, body),
    "DELETE /api/v1/roles/:id": async ({ caller, params }) => {
      await people.removeRole(db, caller, params.id);
      return null;
    },
    "GET /api/v1/members": ({ caller }) => people.listMembers(db, caller.workspace_id),
    "PATCH /api/v1/members/:id": ({ caller, params, body }) =>
      people.changeMember(db, caller, params.id, body),
    "POST /api/v1/members/:id/deactivate": ({ caller, params, body }) =>
      people.deactivateMember(db, caller, params.id, body.reassign_to),
    "POST /api/v1/members/:id/reactivate": ({ caller, params }) =>
      people.reactivateMember(db, caller, params.id),
    "POST /api/v1/members/:id/transfer": ({ caller, params }) =>
      people.transferOwnership(db, caller, params.id),
    "GET /api/v1/invitations": ({ caller }) => people.listInvitations(db, caller.workspace_id),
    "POST /api/v1/invitations": ({ caller, body, keep }) => people.invite(db, caller, body, keep),
    "POST /api/v1/invitations/:id/resend": ({ caller, params, keep }) =>
      people.renewInvitation(db, caller, params.id, keep),
    "DELETE /api/v1/invitations/:id": async ({ caller, params }) => {
      await people.revokeInvitation(db, caller.workspace_id, params.id);
      return null;
    },
    "GET /api/v1/sessions": ({ caller }) => people.listSessions(db, caller),
    "DELETE /api/v1/sessions/:id": async ({ caller, params }) => {
      await people.endSession(db, caller, params.id);
      return null;
    },
    "GET /api/v1/workspaces": ({ caller }) => people.listWorkspaces(db, caller),
    "POST /api/v1/workspaces": ({ caller, body, keep }) => people.addWorkspace(db, caller, body.name, keep),
    "POST /api/v1/workspaces/:id/enter": ({ caller, params }) => people.enterWorkspace(db, caller, params.id),
    "POST /api/v1/workspaces/:id/leave": async ({ caller, params }) => {
      await people.leaveWorkspace(db, caller, params.id);
      return null;
    },
    "GET /api/v1/audit_log": ({ caller, query }) => people.listAudit(db, caller.workspace_id, query),
  };
}

import type { HandlersUnder } from "../http/http.ts";
import * as members from "../members/members.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** People of the workspace, their roles, invitations and sessions, the workspaces of a person, and the audit log. */
export function memberHandlers({
  db,
}: HandlerDeps): HandlersUnder<
  "roles" | "members" | "invitations" | "sessions" | "workspaces" | "audit_log"
> {
  return {
    "GET /api/v1/roles": ({ caller }) => members.listRoles(db, caller.workspace_id),
    "POST /api/v1/roles": ({ caller, body, keep }) => members.addRole(db, caller, body, keep),
    "PATCH /api/v1/roles/:id": ({ caller, params, body }) => members.changeRole(db, caller, params.id, body),
    "DELETE /api/v1/roles/:id": async ({ caller, params }) => {
      await members.removeRole(db, caller, params.id);
      return null;
    },
    "GET /api/v1/members": ({ caller }) => members.listMembers(db, caller.workspace_id),
    "PATCH /api/v1/members/:id": ({ caller, params, body }) =>
      members.changeMember(db, caller, params.id, body),
    "POST /api/v1/members/:id/deactivate": ({ caller, params, body }) =>
      members.deactivateMember(db, caller, params.id, body.reassign_to),
    "POST /api/v1/members/:id/reactivate": ({ caller, params }) =>
      members.reactivateMember(db, caller, params.id),
    "POST /api/v1/members/:id/transfer": ({ caller, params }) =>
      members.transferOwnership(db, caller, params.id),
    "GET /api/v1/invitations": ({ caller }) => members.listInvitations(db, caller.workspace_id),
    "POST /api/v1/invitations": ({ caller, body, keep }) => members.invite(db, caller, body, keep),
    "POST /api/v1/invitations/:id/resend": ({ caller, params, keep }) =>
      members.renewInvitation(db, caller, params.id, keep),
    "DELETE /api/v1/invitations/:id": async ({ caller, params }) => {
      await members.revokeInvitation(db, caller.workspace_id, params.id);
      return null;
    },
    "GET /api/v1/sessions": ({ caller }) => members.listSessions(db, caller),
    "DELETE /api/v1/sessions/:id": async ({ caller, params }) => {
      await members.endSession(db, caller, params.id);
      return null;
    },
    "GET /api/v1/workspaces": ({ caller }) => members.listWorkspaces(db, caller),
    "POST /api/v1/workspaces": ({ caller, body, keep }) => members.addWorkspace(db, caller, body.name, keep),
    "POST /api/v1/workspaces/:id/enter": ({ caller, params }) =>
      members.enterWorkspace(db, caller, params.id),
    "POST /api/v1/workspaces/:id/leave": async ({ caller, params }) => {
      await members.leaveWorkspace(db, caller, params.id);
      return null;
    },
    "GET /api/v1/audit_log": ({ caller, query }) => members.listAudit(db, caller.workspace_id, query),
  };
}

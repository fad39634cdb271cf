/** Who is in a workspace: its members, their roles, invitations and sessions, the workspaces of a person, and the audit log. */
export { acceptInvitation } from "./accept.ts";
export { eachAudit, listAudit, pruneAudit, type AuditEntry } from "./audit-log.ts";
export { invite, listInvitations, readInvitation, renewInvitation, revokeInvitation } from "./invitations.ts";
export {
  changeMember,
  deactivateMember,
  leaveWorkspace,
  listMembers,
  listRights,
  listUsers,
  reactivateMember,
  transferOwnership,
} from "./member-list.ts";
export { addRole, changeRole, listRoles, removeRole } from "./roles.ts";
export { endSession, listSessions } from "./sessions.ts";
export { addWorkspace, enterWorkspace, listWorkspaces } from "./workspaces.ts";

import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";
import { manage, read, SCOPES } from "./permissions.ts";
import * as shapes from "./shapes.ts";

const RoleFields = {
  name: z.string().trim().min(1).max(60),
  permissions: shapes.PermissionTable,
  sees_numbers: z.boolean(),
};
const Role = z.object({
  /** A standard role's name, or a UUID. */
  id: z.string(),
  name: z.string(),
  standard: z.boolean(),
  permissions: shapes.PermissionTable,
  sees_numbers: z.boolean(),
  /** People and keys that have it, and invitations to it. */
  uses: z.number().int(),
});

/** A role by its name or id, and which conversations are seen with it. */
const Rights = {
  role: z.string().min(1).max(100),
  scope: z.enum(SCOPES),
  /** With the scope `numbers`: whose conversations are seen. */
  phone_number_ids: z.array(shapes.Id).max(200),
};
export const Member = z.object({
  /** The user's id. */
  id: shapes.Id,
  name: z.string(),
  email: z.string(),
  role: z.string(),
  role_name: z.string(),
  scope: z.enum(SCOPES),
  phone_number_ids: z.array(shapes.Id),
  joined_at: shapes.Time,
  /** To the minute; null: not yet. */
  last_seen_at: shapes.Time.nullable(),
  /** No longer let in. */
  deactivated_at: shapes.Time.nullable(),
  /** Open and pending conversations that are theirs. */
  conversations: z.number().int(),
});
const Invitation = z.object({
  id: shapes.Id,
  email: z.string(),
  role: z.string(),
  role_name: z.string(),
  scope: z.enum(SCOPES),
  phone_number_ids: z.array(shapes.Id),
  invited_by: z.string(),
  created_at: shapes.Time,
  expires_at: shapes.Time,
  is_expired: z.boolean(),
});
/** The link is in the answer that makes it, and nowhere else: give it to the person. */
const MadeInvitation = Invitation.extend({ path: z.string() });

const Session = z.object({
  id: shapes.Id,
  is_current: z.boolean(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: shapes.Time,
  last_used_at: shapes.Time,
  /** When it ends if it isn't used, and when it ends in any case. */
  idle_until: shapes.Time,
  ends_at: shapes.Time,
});

export const AuditFilter = {
  actor_id: shapes.Id.optional(),
  action: z.string().max(200).optional(),
  subject_id: z.string().max(200).optional(),
  since: shapes.Time.optional(),
  until: shapes.Time.optional(),
};
export const AuditEntry = z.object({
  id: shapes.Id,
  occurred_at: shapes.Time,
  actor_kind: z.enum(["user", "key", "system"]),
  actor_id: shapes.Id.nullable(),
  actor_name: z.string(),
  /** The route, as this contract names it, or a word for what is none. */
  action: z.string(),
  subject_kind: z.string(),
  subject_id: z.string().nullable(),
  address: z.string().nullable(),
});

/** People, roles, invitations, sessions, workspaces, and the audit log. */
export const memberRoutes = {
  "GET /api/v1/roles": {
    needs: read("people"),
    summary: "Roles: the standard ones and the workspace's own, with what each may",
    response: z.object({ data: z.array(Role) }),
  },
  "POST /api/v1/roles": {
    needs: manage("people"),
    step_up: true,
    summary: "Make a role of the workspace's own; it has nothing that its maker doesn't have",
    body: z.object(RoleFields).strict(),
    response: Role,
    status: 201,
    idempotent: "kept",
  },
  "PATCH /api/v1/roles/:id": {
    needs: manage("people"),
    step_up: true,
    summary: "Change a role of the workspace's own, for all who have it, at once",
    params: ById,
    body: z.object(RoleFields).partial().strict(),
    response: Role,
  },
  "DELETE /api/v1/roles/:id": {
    needs: manage("people"),
    step_up: true,
    summary: "Delete a role of the workspace's own that is not in use",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/members": {
    needs: read("people"),
    summary: "Who is in the workspace, oldest first",
    response: z.object({ data: z.array(Member) }),
  },
  "PATCH /api/v1/members/:id": {
    needs: manage("people"),
    step_up: true,
    summary: "Change a member's role, or which conversations they see; at once",
    params: ById,
    body: z.object(Rights).partial().strict(),
    response: Member,
  },
  "POST /api/v1/members/:id/deactivate": {
    needs: manage("people"),
    step_up: true,
    summary:
      "Let a member in no longer: their sessions and keys end at once, and their conversations go to another, or to no one",
    params: ById,
    body: z
      .object({ reassign_to: shapes.Id.nullable().default(null) })
      .strict()
      .default({ reassign_to: null }),
    response: Member,
  },
  "POST /api/v1/members/:id/reactivate": {
    needs: manage("people"),
    step_up: true,
    summary: "Let a member in again, with the role that they had",
    params: ById,
    response: Member,
  },
  "POST /api/v1/members/:id/transfer": {
    needs: "owner",
    step_up: true,
    summary: "Make a member the owner; you become an admin",
    params: ById,
    response: Member,
  },
  "GET /api/v1/invitations": {
    needs: read("people"),
    summary: "Invitations that wait to be accepted, newest first",
    response: z.object({ data: z.array(Invitation) }),
  },
  "POST /api/v1/invitations": {
    needs: manage("people"),
    step_up: true,
    summary: "Invite a person; the answer has the path of the link, the only time",
    body: z
      .object({
        email: z.email().max(320),
        role: Rights.role,
        scope: Rights.scope.default("all"),
        phone_number_ids: Rights.phone_number_ids.default([]),
      })
      .strict(),
    response: MadeInvitation,
    status: 201,
    idempotent: "kept",
  },
  "POST /api/v1/invitations/:id/resend": {
    needs: manage("people"),
    step_up: true,
    summary: "A new link for an invitation, valid for seven days; the one before ends",
    params: ById,
    response: MadeInvitation,
    idempotent: "kept",
  },
  "DELETE /api/v1/invitations/:id": {
    needs: manage("people"),
    summary: "Revoke an invitation; its link ends",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/sessions": {
    needs: "everyone",
    summary: "Where you are signed in, the latest first",
    response: z.object({ data: z.array(Session) }),
  },
  "DELETE /api/v1/sessions/:id": {
    needs: "everyone",
    summary: "Sign out another of your sessions",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/workspaces": {
    needs: "everyone",
    summary: "The workspaces that you are in, by name",
    response: z.object({
      data: z.array(shapes.Workspace.extend({ role_name: z.string(), is_current: z.boolean() })),
      /** An owner of the installation's first workspace makes others. */
      can_create: z.boolean(),
    }),
  },
  "POST /api/v1/workspaces": {
    needs: "owner",
    step_up: true,
    summary: "Make another workspace and become its owner; for owners of the first one",
    body: z.object({ name: z.string().trim().min(1).max(100) }).strict(),
    response: shapes.Workspace,
    status: 201,
    idempotent: "kept",
  },
  "POST /api/v1/workspaces/:id/enter": {
    needs: "everyone",
    summary: "Go on in another of your workspaces, in this session",
    params: ById,
    response: shapes.Workspace,
    audited: false,
  },
  "POST /api/v1/workspaces/:id/leave": {
    needs: "everyone",
    summary: "Leave a workspace; the last owner can't",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/audit_log": {
    needs: manage("people"),
    summary: "Who changed, exported or saw what, newest first",
    query: Page.extend(AuditFilter),
    response: list(AuditEntry),
  },
} as const satisfies Record<string, Endpoint>;

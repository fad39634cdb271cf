import { ApiProblem, call, request } from "./api.ts";
import { announceSession } from "../page/session.ts";

/** better-auth's own requests: a session in a cookie that scripts can't read. */

/** Throws SESSION_NOT_KEPT when the browser has not kept the session: else the next page would lead back without a word. */
export async function signIn(email: string, password: string): Promise<void> {
  await request<unknown>("POST", "/api/auth/sign-in/email", { email, password });
  await call("GET /api/v1/me", {}).catch((error: unknown) => {
    throw error instanceof ApiProblem && error.status === 401
      ? new ApiProblem({ status: 401, code: "SESSION_NOT_KEPT" })
      : error;
  });
  announceSession("signed-in");
}

export async function signOut(): Promise<void> {
  await request<unknown>("POST", "/api/auth/sign-out", {});
  announceSession("signed-out");
}

/** Only for who came in by a one-time link. */
export const setPassword = (password: string) =>
  request<unknown>("POST", "/api/auth/set-password", { password });

/** The password again: for ten minutes roles are changed and secrets are shown. */
export const prove = (password: string) => request<unknown>("POST", "/api/auth/prove", { password });

export interface Invitation {
  workspace_name: string;
  email: string;
  invited_by: string;
  has_account: boolean;
}

export const readInvitation = (token: string, signal: AbortSignal) =>
  request<Invitation>("GET", `/api/auth/invitations/${encodeURIComponent(token)}`, undefined, signal);

export async function acceptInvitation(
  token: string,
  body: { name?: string; password: string },
): Promise<void> {
  await request<unknown>("POST", `/api/auth/invitations/${encodeURIComponent(token)}/accept`, body);
  announceSession("signed-in");
}

/** Every other session of the person ends. */
export const changePassword = (current_password: string, new_password: string) =>
  request<unknown>("POST", "/api/auth/change-password", { current_password, new_password });

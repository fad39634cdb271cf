import { request } from "./api.ts";

/** better-auth's own requests: a session in a cookie that scripts can't read. */

export const signIn = (email: string, password: string) =>
  request<unknown>("POST", "/api/auth/sign-in/email", { email, password });

export const signOut = () => request<unknown>("POST", "/api/auth/sign-out", {});

/** Only for who came in by a one-time link. */
export const setPassword = (password: string) =>
  request<unknown>("POST", "/api/auth/set-password", { password });

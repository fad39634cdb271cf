import type { Connection } from "../lib/connection.ts";
import type { LiveState } from "../lib/live.ts";

export const LIVE: Record<LiveState | "ended", { label: string; hint: string }> = {
  live: { label: "Live", hint: "New messages and changes appear here by themselves" },
  reconnecting: { label: "Reconnecting", hint: "The connection was lost. What is missed will be caught up" },
  offline: { label: "Offline", hint: "Wharf can't be reached. This page keeps trying" },
  ended: { label: "Signed out", hint: "Your session has ended. Sign in to see what is new" },
};

export const BANNER: Record<Exclude<Connection, "live">, { title: string; text: string }> = {
  ended: { title: "Your session has ended.", text: "Sign in to send. What you wrote is kept." },
  reconnecting: { title: "Connection lost.", text: "Trying again. What you write is kept and sent later." },
  offline: {
    title: "No connection.",
    text: "You may be seeing old messages. What you write is kept and sent later.",
  },
};

export const SIGN_IN = "Sign in";

export const NAVIGATION = {
  label: "Pages",
  skip: "Skip to the page",
  inbox: "Inbox",
  sandbox: "Sandbox",
  simulator: "Simulator",
  journal: "Journal",
  settings: "Integration settings",
  webhooks: "Webhooks",
  docs: "Docs",
  sandbox_mode: "Sandbox mode",
  sandbox_hint: "No Meta credentials are set: a simulator plays Meta, so nothing leaves this machine",
  unread: (count: number) => (count === 1 ? "1 unread conversation" : `${count} unread conversations`),
  failed: (count: number) =>
    count === 1 ? "1 conversation with a failed message" : `${count} conversations with a failed message`,
  troubled: (count: number) => (count === 1 ? "1 endpoint in trouble" : `${count} endpoints in trouble`),
};

export const FAILED = {
  title: (name: string | null) => (name === null ? "Message not delivered" : `Not delivered to ${name}`),
  fallback: "The customer did not get your message.",
  see: "See it",
};

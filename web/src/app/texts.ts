import type { Connection } from "../lib/live/connection.ts";
import { isolate } from "../lib/words/isolate.ts";
import type { LiveState } from "../lib/live/live.ts";

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
/** Of every dialog. */
export const CLOSE = "Close";

export const NAVIGATION = {
  label: "Pages",
  skip: "Skip to the page",
  inbox: "Inbox",
  contacts: "Contacts",
  campaigns: "Campaigns",
  automations: "Automations",
  sandbox: "Sandbox",
  simulator: "Simulator",
  journal: "Journal",
  templates: "Templates",
  settings: "Integration settings",
  webhooks: "Webhooks",
  docs: "Docs",
  more: "More",
  sandbox_mode: "Sandbox mode",
  sandbox_hint: "No Meta credentials are set: a simulator plays Meta, so nothing leaves this machine",
  unread: (count: number) => (count === 1 ? "1 unread conversation" : `${count} unread conversations`),
  failed: (count: number) =>
    count === 1 ? "1 conversation with a failed message" : `${count} conversations with a failed message`,
  troubled: (count: number) => (count === 1 ? "1 endpoint in trouble" : `${count} endpoints in trouble`),
};

export const FAILED = {
  title: (name: string | null) =>
    name === null ? "Message not delivered" : `Not delivered to ${isolate(name)}`,
  fallback: "The customer did not get your message.",
  see: "See it",
};

export const SHELL = {
  connection: "Connection",
  get_started: "Get started",
  dismiss: "Dismiss",
  notices: "Notices",
  open_notices: (open: number, critical: number) =>
    `Notices: ${open} open${critical > 0 ? `, ${critical} critical` : ""}`,
  api_key: "API key",
  user_menu: ": theme and sign out",
};

export const PAGE = {
  not_found: "Page not found",
  no_such: "There is no such page",
  no_such_text: "The address may be mistyped, or the page has moved.",
  to_inbox: "Go to Inbox",
  failed: "This page can’t be shown",
  stopped: "This page has stopped because of an internal error",
  loading: "Loading",
  away: "Wharf can't be reached",
  away_text: "The page opens by itself as soon as Wharf answers.",
};

export const USER_MENU = {
  settings: "Settings",
  appearance: "Appearance",
  schemes: { light: "Light", dark: "Dark", auto: "System" },
  chosen: "chosen",
  sign_out: "Sign out",
  unsent: (count: number) =>
    count === 1 ? "A message has not been sent" : `${count} messages have not been sent`,
  unsent_text: (count: number) =>
    count === 1
      ? "It stays in this browser and goes out when you sign in again here."
      : "They stay in this browser and go out when you sign in again here.",
};

import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";
/** Every text of the settings and of the API keys. */

export const SETTINGS = {
  title: "Settings",
  saved: "Saved",
  save: "Save",
  set: "Set",
  not_set: "Not set",
  never: "Never",
  loading: "Loading settings",
};

export const WORKSPACE = {
  title: "Workspace",
  lead: "Its name stands in the sidebar, for everyone in it.",
  name: "Name",
  saved: "Everyone sees the new name.",
  owners: "Only an owner can rename the workspace.",
  show_steps: "Show the first steps again",
};

export const PROFILE = {
  title: "Profile",
  lead: "Your name stands beside what you write. Your email is what you sign in with.",
  name: "Name",
  email: "Email",
  current: "Current password",
  current_hint: "Needed to change the email.",
  saved: "Your profile has changed.",
};

export const PASSWORD = {
  title: "Password",
  lead: "Changing it signs you out on every other device.",
  current: "Current password",
  next: "New password",
  hint: (least: number) => `At least ${least} characters. A few words in a row work well.`,
  submit: "Change password",
  saved: "Your other devices are signed out.",
  saved_title: "Password changed",
};

export const NOTICES = {
  title: "Notices by email",
  lead: (email: string) =>
    `What goes to ${isolate(email)} when something needs your attention. The page has every notice.`,
  no_mail: "This server has no mail server yet, so no email leaves. Ask your operator to set one.",
  failed:
    "The last email to you could not be sent. It is tried again. Ask your operator to check the mail server.",
  kinds: "Tell me about",
  of: {
    account: "Accounts: restrictions, bans and limits",
    number: "Numbers: quality, limits and names",
    error: "Errors that Meta reports",
    template: "Templates: paused, rejected or disabled",
    campaign: "Campaigns that are held or fail",
    automation: "What automations tell you",
    connection: "Connections: a token that ended, or a wrong secret",
    endpoint: "Webhooks that fail or are switched off",
    silence: "Numbers that hear nothing",
    journal: "Webhooks that could not be processed",
    disk: "A disk that is almost full",
    backup: "Backups that fail",
  },
  digest: "At most one email",
  digest_hint: "What happens in between is collected into the next one.",
  digests: [
    { value: "5", label: "Every 5 minutes" },
    { value: "30", label: "Every 30 minutes" },
    { value: "60", label: "Every hour" },
    { value: "1440", label: "Every day" },
  ],
  minutes: (count: number) => `Every ${formatNumber(count)} minutes`,
  saved: "You are told of these by email.",
};

export const PROBLEMS = tableOf<string>({
  PASSWORD_WEAK:
    "This password is too easy to guess. Use at least 12 characters, such as four words in a row.",
  SIGN_IN_FAILED: "The current password is wrong.",
  EMAIL_TAKEN: "Another account has this email. Choose another one.",
  TOO_MANY_REQUESTS: "Too many tries. Wait a few minutes, then try again.",
  FORBIDDEN: "Your role does not allow this.",
  INVALID_REQUEST: "Check what you entered, then try again.",
  UNREACHABLE: "Wharf can’t be reached. Check your connection, then try again.",
});
export const UNEXPECTED = "Something went wrong. Try again in a moment.";

export const INTEGRATIONS = {
  title: "Integrations",
  lead: "How your other systems receive events and call Wharf.",
  webhooks: "Webhooks",
  webhooks_text: "Send events to your own servers, signed and unchanged.",
  keys: "API keys",
  keys_text: "Let your programs call the API.",
  docs: "Docs",
  docs_text: "Guides for receivers, the API and integrations.",
};

export const MARKETING = {
  approval: "A second person approves campaigns",
  approval_text: "A campaign that is launched waits until another member has approved it.",
  approval_saved: (on: boolean) => (on ? "Campaigns need an approval" : "Campaigns need no approval"),
  alone: (on: boolean) =>
    on
      ? "You are the only member, so no campaign can be approved. Switch this off until a second person has signed up."
      : "You are the only member. Add a second person before you switch this on, or no campaign can start.",
  approval_not_saved: "Not saved",
  owners: "Only owners can change this.",
  title: "Marketing",
  lead: "Who gets marketing, how much of it, and when.",
  limits: "Marketing limits",
  limits_text: "A frequency cap and quiet hours for all campaigns.",
  words: "Words and opt-in",
  words_text: "What stops marketing, and how people are asked first.",
  prices: "Message prices",
  prices_text: "What Meta charges you, so that campaigns show their cost.",
  consent: "Consent history",
  consent_text: "Everything your customers said about marketing.",
};

export const CONNECTION = {
  title: "Meta connection",
  lead: "How Wharf and Meta reach each other. Secrets are never shown.",
  manage: "Manage connections and numbers",
  guide: "How to connect Meta",
  mode: "Mode",
  live: "Live",
  sandbox: "Sandbox: a simulator plays Meta",
  callback: "Callback URL",
  callback_copy: "the callback URL",
  verified: "Callback verified",
  not_verified: "Not yet. Enter the callback URL and verify token in Meta’s app dashboard.",
  last_webhook: "Last webhook",
  app_id: "App ID",
  app_id_unknown: "Not known here: Wharf doesn’t need it. To see which app it is, run this on the server:",
  doctor: "npx wharf doctor",
  secret: "App secret",
  verify_token: "Verify token",
  access_token: "Access token",
  graph: "Graph API",
  numbers: "Numbers",
  no_numbers: "No numbers yet. Each appears with its first webhook.",
  paused: "Sending paused",
  paused_templates: "Templates paused",
  heads: ["Number", "Quality", "Daily limit", "Last webhook"],
  unknown: "Not told yet",
};

export const QUALITY = tableOf<{ label: string; tone: "good" | "warn" | "bad" }>({
  GREEN: { label: "High", tone: "good" },
  YELLOW: { label: "Medium", tone: "warn" },
  RED: { label: "Low", tone: "bad" },
});

/** As Meta spells limits: TIER_2K, 10000, -1. */
export function limitWords(limit: string | null): string {
  if (limit === null) return CONNECTION.unknown;
  if (limit === "-1" || limit === "TIER_UNLIMITED") return "Unlimited";
  const [, digits, k] = /^(?:TIER_)?(\d+)(K?)$/.exec(limit) ?? [];
  if (digits === undefined) return limit;
  return `${formatNumber(Number(digits) * (k ? 1_000 : 1))} people a day`;
}

export const ABOUT = {
  title: "About",
  lead: "What runs here.",
  version: "Version",
  since: "Running since",
  node: "Node.js",
  postgresql: "PostgreSQL",
  own: "run by Wharf",
  external: "yours, by DATABASE_URL",
  processes: "Processes",
  retention: "Retention",
  retention_days: (days: number) =>
    days === 1 ? "1 day of webhooks and logs" : `${days} days of webhooks and logs`,
  media: "Files",
  folder: (place: string) => `In the folder ${place}`,
  bucket: (place: string) => `In the bucket ${place}`,
  configuration: "Configuration",
  from_environment: (count: number) => `Set in the environment (${count})`,
  from_defaults: (count: number) => `Defaults (${count})`,
  hidden: "Set, hidden",
  guide: "What each setting means",
};

export const KEYS = {
  title: "API keys",
  lead: "Programs send a key with each request to act in this workspace.",
  make: "Create API key",
  docs: "How to call the API",
  empty_title: "No API keys yet",
  empty: "Create one for each program that calls Wharf, so that you can revoke it alone.",
  owners: "Your role does not show API keys.",
  heads: ["Name", "Access", "Created", "Last used", "Expires"],
  unnamed: "Unnamed",
  by: (name: string) => `by ${isolate(name)}`,
  by_terminal: "at the terminal",
  by_environment: "by WHARF_API_KEY",
  own: "Own permissions",
  idle: "Not used for 90 days",
  from: (address: string) => `from ${address}`,
  rate: (per_s: number) => `${per_s} requests a second`,
  limited: "limited to some addresses",
  numbers: (count: number) => (count === 1 ? "1 number" : `${count} numbers`),
  roll: "Roll",
  roll_named: (name: string) => `Roll ${name}`,
  never_used: "Never used",
  no_end: "Never",
  expired: "Expired",
  revoke: "Revoke",
  revoke_named: (name: string) => `Revoke ${name}`,
  older: "Show older keys",
  loading: "Loading API keys",
};

export const MAKE_KEY = {
  title: "Create an API key",
  name: "Name",
  name_hint: "What uses it, for example “Shop backend”",
  access: "Access",
  access_hint: "What the key may do: the same as people with this role.",
  rate: "Requests a second",
  addresses: "Allowed addresses",
  addresses_hint: "One a line, such as 203.0.113.7 or 203.0.113.0/24. Empty: from anywhere.",
  numbers: "Numbers",
  numbers_hint: "Only these numbers’ conversations. None chosen: all.",
  more: "More limits",
  expires: "Expires",
  expires_options: [
    { value: "30", label: "In 30 days" },
    { value: "90", label: "In 90 days" },
    { value: "365", label: "In 1 year" },
    { value: "", label: "Never" },
  ],
  submit: "Create key",
  cancel: "Cancel",
  close: "Close",
};

export const NEW_KEY = {
  title: "Your new API key",
  once: "Copy it now. It can’t be shown again: Wharf keeps only a hash of it.",
  copy: "the API key",
  test: "Try it",
  copy_curl: "the curl command",
  stored: "I have stored it",
  done: "Done",
};

export const ROLL = {
  title: (name: string) => `Roll “${isolate(name)}”?`,
  text: "You get a new key with the same rights. The old one works for another day, so that you can exchange it without a break.",
  yes: "Create new key",
  failed: "The key was not rolled",
};

export const PEOPLE = {
  title: "People",
  lead: "Who works here, and what each may do.",
  members: "People and invitations",
  members_text: "Roles, which conversations each sees, invitations.",
  roles: "Roles",
  roles_text: "What each role may do, and roles of your own.",
  audit: "Audit log",
  audit_text: "Who changed, exported or saw what.",
};

export const SESSIONS = {
  title: "Sessions",
  lead: "Where you are signed in. Sign out what you don’t know.",
  current: "This browser",
  unknown: "Unknown device",
  used: "Last used",
  ends: (time: string) => `Ends ${time} if it isn’t used`,
  end: "Sign out",
  end_named: (device: string) => `Sign out ${device}`,
  ended: "Signed out",
  loading: "Loading sessions",
  on: (browser: string, system: string) => `${browser} on ${system}`,
};

export const REVOKE = {
  title: (name: string) => `Revoke “${isolate(name)}”?`,
  text: "Requests with this key are refused at once. This can’t be undone.",
  environment: "WHARF_API_KEY is set to this key: the next start creates it again unless you unset it.",
  yes: "Revoke key",
  done: "Key revoked",
  done_text: (name: string) => `“${isolate(name)}” no longer works.`,
  failed: "The key was not revoked",
};

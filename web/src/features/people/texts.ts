import { tableOf } from "../../lib/table-of.ts";
import { isolate } from "../../lib/words/isolate.ts";

/** Every text of people, roles and the audit log. */

export const AREA_LABELS = {
  campaigns: "Campaigns",
  automations: "Automations",
  templates: "Templates",
  audience: "Audience",
  inbox: "Inbox",
  analytics: "Analytics",
  webhooks: "Webhooks",
  connections: "Connections",
  people: "People",
  settings: "Settings",
};
export const LEVEL_LABELS = { none: "None", read: "Read", work: "Work", manage: "Manage" };
export const LEVELS_LEAD =
  "Read: see it. Work: write, send and change daily things. Manage: also set up and delete.";

export const SETTINGS = "Settings";
export const COMMON = {
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  loading: "Loading",
  failed: "Not saved",
};

export const PEOPLE = {
  title: "People",
  lead: "Who works in this workspace. A change counts at once.",
  roles: "Roles",
  audit: "Audit log",
  invite: "Invite a person",
  heads: ["Name", "Role", "Sees", "Last seen"],
  you: "You",
  never: "Not yet",
  deactivated: "Deactivated",
  open: (count: number) => (count === 1 ? "1 open conversation" : `${count} open conversations`),
  edit: "Edit",
  edit_named: (name: string) => `Edit ${isolate(name)}`,
  no_one: "Your role does not show people.",
};
export const SCOPE = {
  label: "Sees",
  hint: "Which conversations this person sees in the Inbox, its search and its counts.",
  options: [
    { value: "all", label: "All conversations" },
    { value: "numbers", label: "Those of some numbers" },
    { value: "own", label: "Their own, and unassigned ones" },
  ],
  names: tableOf<string>({
    all: "All conversations",
    own: "Their own, and unassigned ones",
  }),
  numbers: (count: number) => (count === 1 ? "1 number" : `${count} numbers`),
  which: "Numbers",
  choose: "Choose numbers",
};
export const INVITATIONS = {
  title: "Invitations",
  none: "No one is invited just now.",
  heads: ["Email", "Role", "Sees", "Valid until"],
  expired: "Expired",
  resend: "New link",
  resend_named: (email: string) => `New link for ${isolate(email)}`,
  revoke: "Revoke",
  revoke_named: (email: string) => `Revoke the invitation of ${isolate(email)}`,
  revoked: "Invitation revoked",
  by: (name: string) => `by ${isolate(name)}`,
};
export const INVITE = {
  title: "Invite a person",
  email: "Email",
  role: "Role",
  submit: "Create invitation",
  link_title: "Send this link",
  link_text: (email: string) =>
    `Give it to ${isolate(email)} yourself, for example by email. It works once, within 7 days. It can’t be shown again.`,
  link: "the invitation link",
  done: "Done",
};
export const MEMBER = {
  title: (name: string) => `Edit ${isolate(name)}`,
  role: "Role",
  saved: "Saved",
  deactivate: "Deactivate",
  deactivate_title: (name: string) => `Deactivate ${isolate(name)}?`,
  deactivate_text:
    "They are signed out at once, and API keys that they made stop. What they did stays, with their name.",
  reassign: "Their conversations go to",
  reassign_none: "No one: they become unassigned",
  deactivated: (name: string) => `${isolate(name)} is deactivated`,
  reactivate: "Let in again",
  transfer: "Make owner",
  transfer_title: (name: string) => `Make ${isolate(name)} the owner?`,
  transfer_text: "The workspace is theirs from then on, and you become an admin. Only they can give it back.",
  transferred: (name: string) => `${isolate(name)} is the owner now`,
};
export const ROLES = {
  title: "Roles",
  lead: "What each role may do in each area.",
  make: "Create role",
  role: "Role",
  numbers: "Customers’ numbers",
  shown: "Shown",
  hidden: "Hidden",
  used: (count: number) => (count === 1 ? "Used once" : `Used ${count} times`),
  unused: "Not used",
  edit: "Edit",
  edit_named: (name: string) => `Edit the role ${isolate(name)}`,
  new_title: "Create a role",
  edit_title: "Edit the role",
  name: "Name",
  from: "Begin with",
  sees: "Show customers’ numbers",
  sees_hint: "If not, most digits are hidden, and exports are refused.",
  submit: "Create role",
  remove: "Delete role",
  removed: "Role deleted",
};
export const AUDIT = {
  title: "Audit log",
  lead: "Who changed, exported or saw what. Nothing here can be changed.",
  csv: "Download CSV",
  heads: ["When", "Who", "What", "Address"],
  who: "Who",
  everyone: "Everyone",
  since: "From",
  until: "Until",
  empty_title: "Nothing yet",
  empty: "What people and programs change appears here.",
  none: "Nothing was done in this time.",
  older: "Show older entries",
  keys: tableOf<string>({ key: "API key", system: "Wharf" }),
  sign_in: "Signed in",
};

const VERBS = tableOf<string>({
  POST: "Created",
  PATCH: "Changed",
  PUT: "Changed",
  DELETE: "Deleted",
  GET: "Looked at",
});
const THINGS = tableOf<string>({
  me: "own profile",
  workspace: "workspace",
  workspaces: "workspace",
  setup: "first steps",
  api_keys: "API key",
  roles: "role",
  members: "member",
  invitations: "invitation",
  sessions: "session",
  audit_log: "audit log",
  contacts: "contact",
  contact_fields: "contact field",
  tags: "tag",
  lists: "list",
  segments: "segment",
  imports: "import",
  consent: "consent settings",
  blacklist: "blacklist",
  marketing_policy: "marketing limits",
  templates: "template",
  template_drafts: "template draft",
  template_groups: "template group",
  template_media: "template file",
  campaigns: "campaign",
  reports: "campaign report",
  automations: "automation",
  endpoints: "webhook endpoint",
  recoveries: "recovery",
  deliveries: "delivery",
  journal: "webhook",
  notices: "notice",
  phone_numbers: "number",
  installation: "installation",
  connections: "connection",
});

/** `POST /api/v1/members/:id/deactivate` → `Deactivate: member`; `DELETE /api/v1/tags/:id` → `Deleted: tag`. */
export function actionWords(action: string): string {
  if (action === "sign_in") return AUDIT.sign_in;
  const [method = "", path = ""] = action.split(" ");
  const [, , , thing = "", ...rest] = path.split("/");
  const name = thing.replace(/\.csv$/, "");
  const what = THINGS[name] ?? name.replaceAll("_", " ");
  const is_file = path.endsWith(".csv");
  const last = rest.filter((part) => !part.startsWith(":")).at(-1);
  if (is_file) return `Exported: ${what}`;
  if (last === undefined) return `${VERBS[method] ?? method}: ${what}`;
  const words = last.replaceAll(/[_-]/g, " ");
  return method === "POST"
    ? `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${what}`
    : `${VERBS[method] ?? method}: ${what}, ${words}`;
}

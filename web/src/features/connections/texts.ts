import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";

/** Every text of connections, their accounts and numbers, and the way to a first one. */

const of = (count: number, one: string, many: string) => `${formatNumber(count)} ${count === 1 ? one : many}`;

export const PAGE = {
  title: "Connections",
  settings: "Settings",
  lead: "The Meta apps that send you webhooks, their WhatsApp accounts and numbers.",
  owners: "Only owners of the workspace see its connections.",
  add: "Add connection",
  loading: "Loading connections",
  empty_title: "No connection yet",
  empty: "Connect your Meta app to receive and send real messages.",
};

export const CARD = {
  sandbox: "Sandbox",
  sandbox_text: "A simulator plays Meta here. Nothing leaves this machine.",
  environment: "Set by the server",
  environment_text:
    "The server’s environment sets its secrets. To change one, edit it there and restart Wharf.",
  shared: "Shared",
  shared_text:
    "Several workspaces have accounts on this connection. Each account’s webhooks go to its workspace.",
  callback: "Callback URL",
  verify_token: "Verify token",
  show: "Show",
  no_verify_token: "Not set",
  app_id: "App ID",
  unknown: "Not known yet",
  app_secret: "App secret",
  access_token: "Access token",
  set: "Set",
  not_set: "Not set",
  old_secret: (until: string) => `The one before is accepted until ${until}.`,
  verified: "Callback verified",
  not_verified: "Not yet",
  last_webhook: "Last webhook",
  never: "Never",
  check: "Check with Meta",
  checked: "Checked",
  not_checked: "Not checked yet. The check asks Meta whether everything is set up.",
  no_token: "Without an access token Wharf receives, but can’t send, and can’t ask Meta anything.",
  edit: "Edit",
  more: (name: string) => `More actions for ${name}`,
  edit_named: (name: string) => `Edit ${name}`,
  rotate: "Replace app secret",
  share: "Share with other workspaces",
  unshare: "Stop sharing",
  remove: "Remove",
  problems: (count: number) => of(count, "problem", "problems"),
  fine: "All good",
  notes: "Works",
};

export const STATES = tableOf<string>({ ok: "Fine", note: "Note", problem: "Problem" });

export const FINDINGS = { label: "What the check found" };

export const FORM = {
  name: "Name",
  name_hint: "Only your team sees it, for example the app’s name.",
  name_missing: "Give it a name.",
  app_id: "App ID",
  app_id_hint: "Meta: App settings → Basic, at the top.",
  app_secret: "App secret",
  app_secret_hint: "Meta: App settings → Basic → App secret → Show.",
  access_token: "Access token",
  access_token_hint:
    "Meta Business settings → System users → Generate token, with whatsapp_business_messaging and whatsapp_business_management, never expiring.",
  verify_token: "Verify token",
  verify_token_hint: "Leave it empty, and Wharf makes one up.",
  keep: "Leave it empty to keep the one that is set.",
  submit: "Save and continue",
  app_id_wrong: "The app ID has digits only.",
  short: "This is too short. Copy the whole of it.",
  secret_spaces: "A verify token has 8 characters or more, without spaces.",
};

export const EDIT = {
  title: (name: string) => `Edit ${name}`,
  save: "Save",
  cancel: "Cancel",
  close: "Close",
  saved: "Connection saved",
  saved_text: "Check it with Meta to see whether everything works.",
};

export const ROTATE = {
  title: "Replace the app secret",
  lead: "Reset the secret in Meta’s app dashboard, then enter the new one here. Webhooks signed by the old one are accepted for a while, so that none is lost.",
  secret: "New app secret",
  keep: "Accept the old one",
  options: [
    { value: "1", label: "For 1 hour" },
    { value: "24", label: "For 1 day" },
    { value: "168", label: "For 7 days" },
    { value: "0", label: "Not at all" },
  ],
  submit: "Replace secret",
  done: "App secret replaced",
  done_text: "Webhooks signed by the new secret are accepted from now on.",
};

export const SHARE = {
  title: (shared: boolean) => (shared ? "Share this connection?" : "Stop sharing this connection?"),
  text: (shared: boolean) =>
    shared
      ? "You then decide for each account which workspace it belongs to. Webhooks of accounts that belong to none wait here until you give them to a workspace."
      : "All its accounts must be this workspace’s. New ones then are, too.",
  yes: (shared: boolean) => (shared ? "Share" : "Stop sharing"),
  done: (shared: boolean) => (shared ? "Connection shared" : "Connection no longer shared"),
  done_text: "Its accounts stay where they are.",
};

export const REMOVE = {
  title: (name: string) => `Remove ${name}?`,
  text: "Webhooks to its callback URL are refused from then on. Take the callback URL out of Meta’s app dashboard, too.",
  yes: "Remove connection",
  done: "Connection removed",
  done_text: "Wharf no longer knows its secrets.",
};

export const ACCOUNTS = {
  title: "WhatsApp accounts",
  none: "No account yet. Add one by its ID, or wait for its first webhook.",
  none_shared: "No account yet. Add one by its ID, and choose its workspace.",
  id: "Account ID",
  id_hint: "Meta: WhatsApp Manager → Account tools, or the app’s WhatsApp → API setup page.",
  id_wrong: "The account ID has digits only.",
  add: "Add account",
  added: "Account added",
  added_text: (count: number) => `${of(count, "number is", "numbers are")} known now.`,
  numbers: (count: number) => of(count, "number", "numbers"),
  subscribe: "Subscribe",
  subscribe_named: (id: string) => `Subscribe account ${id}`,
  subscribed: "Account subscribed",
  subscribed_text: "Its webhooks come to this app now.",
  workspace: "Workspace",
  override: "Send elsewhere",
  override_named: (id: string) => `Send the webhooks of account ${id} elsewhere`,
};

export const OVERRIDE = {
  title: "Where its webhooks go",
  lead: "Webhooks of messages can go to another address than the app’s. Template and account webhooks always go to the app’s callback URL.",
  url: "Address",
  url_hint: "Leave it empty for the app’s callback URL. Meta asks the address for the verify token at once.",
  url_wrong: "Enter a whole address that begins with https://.",
  token: "Verify token",
  token_hint: "Leave it empty for the connection’s own.",
  submit: "Save address",
  saved: "Address saved",
  saved_text: "Meta sends there from now on.",
};

export const UNROUTED = {
  title: "Webhooks without a workspace",
  lead: "These came for accounts that no workspace has. They are kept until you decide. Nothing is lost.",
  account: (id: string | null) => (id === null ? "No account named" : `Account ${id}`),
  number: (number: string) => `Number ${number}`,
  webhooks: (count: number) => of(count, "webhook", "webhooks"),
  last: "Last one",
  adopt: "Add to this workspace",
  adopt_named: (id: string) => `Add account ${id} to this workspace`,
  adopted: "Account added",
  adopted_text: (count: number) => `${of(count, "webhook is", "webhooks are")} being processed now.`,
  discard: "Discard",
  discard_named: (id: string) => `Discard the webhooks of account ${id}`,
  discard_title: "Discard these webhooks?",
  discard_text: (count: number) =>
    `${of(count, "webhook", "webhooks")} of this account will no longer be kept for you. New ones appear here again.`,
  discard_yes: "Discard",
  discarded: "Discarded",
  discarded_text: "They are no longer listed.",
  failed: "Not changed",
};

export const NUMBERS = {
  title: "Numbers",
  none: "No numbers yet. They appear when you add an account, or with their first webhook.",
  heads: ["Number", "Quality", "Daily limit", "Last webhook"],
  open_named: (number: string) => `Open ${number}`,
  unknown: "Not told yet",
  never: "Never",
  paused: "Sending paused",
  paused_templates: "Templates paused",
};

export const HEALTH = {
  title: "Inbound health, last 7 days",
  waiting: "Waiting now",
  pending: (count: number) => (count === 0 ? "Nothing" : of(count, "webhook", "webhooks")),
  oldest: "The oldest came",
  rejects: "Wrong signatures",
  rejected: (name: string, count: number) => `${name}: ${of(count, "request", "requests")}`,
  rejects_text: "Check the app secret. A proxy that changes bodies does this, too.",
  outages: "Wharf was away",
  outage: (from: string, to: string) => `From ${from} to ${to}`,
  outages_text: "Meta sends again for up to seven days, so what happened then may have arrived late.",
  none: "None",
  unknown: "A connection",
};

export const QUALITY = tableOf<{ label: string; tone: "good" | "warn" | "bad" }>({
  GREEN: { label: "High", tone: "good" },
  YELLOW: { label: "Medium", tone: "warn" },
  RED: { label: "Low", tone: "bad" },
});

/** As Meta spells limits: TIER_2K, 10000, -1. */
export function limitWords(limit: string | null): string {
  if (limit === null) return NUMBERS.unknown;
  if (limit === "-1" || limit === "TIER_UNLIMITED") return "Unlimited";
  const [, digits, k] = /^(?:TIER_)?(\d+)(K?)$/.exec(limit) ?? [];
  if (digits === undefined) return limit;
  return `${formatNumber(Number(digits) * (k ? 1_000 : 1))} people a day`;
}

export const NUMBER = {
  loading: "Loading the number",
  number: "Number",
  state: "At Meta",
  state_lead: "As Meta says just now.",
  name: "Display name",
  name_status: tableOf<string>({
    APPROVED: "Approved",
    PENDING_REVIEW: "Waiting for Meta’s review",
    DECLINED: "Declined",
    EXPIRED: "Expired",
    AVAILABLE_WITHOUT_REVIEW: "Usable without a review",
    NONE: "No name",
  }),
  quality: "Quality",
  limit: "Daily limit",
  throughput: "Speed",
  throughputs: tableOf<string>({ STANDARD: "80 messages a second", HIGH: "1,000 messages a second" }),
  unknown: "Meta doesn’t say",
  registration: "Registration",
  registered: "Registered: it can send",
  not_registered: "Not registered: it can’t send",
  verified: "Verified",
  is_verified: "Yes",
  not_verified: "No. Have a code sent to it first.",
  pin: "Two-step verification",
  has_pin: "On",
  no_pin: "Off",
  test: "Test number",
  test_text: "Meta’s test number reaches only the phones that you list in the app dashboard.",
  webhooks: "Webhooks go to",
  usual: "The app’s callback URL",
};

export const PROFILE = {
  title: "Business profile",
  lead: "What customers see when they open your number in WhatsApp.",
  about: "About",
  about_hint: "One line under your name.",
  description: "Description",
  address: "Address",
  email: "Email",
  websites: "Websites",
  websites_hint: "At most two, one on each line.",
  vertical: "Industry",
  save: "Save profile",
  saved: "Profile saved",
  saved_text: "Customers see it within minutes.",
  website_wrong: "Each website begins with https:// or http://. Two at most.",
  email_wrong: "Enter a full email address, such as hello@example.com.",
  verticals: [
    { value: "", label: "Not set" },
    { value: "ALCOHOL", label: "Alcoholic drinks" },
    { value: "APPAREL", label: "Clothing" },
    { value: "AUTO", label: "Cars and vehicles" },
    { value: "BEAUTY", label: "Beauty, spa and salon" },
    { value: "EDU", label: "Education" },
    { value: "ENTERTAIN", label: "Entertainment" },
    { value: "EVENT_PLAN", label: "Events" },
    { value: "FINANCE", label: "Finance and banking" },
    { value: "GOVT", label: "Public service" },
    { value: "GROCERY", label: "Food and grocery" },
    { value: "HEALTH", label: "Medical and health" },
    { value: "HOTEL", label: "Hotel and lodging" },
    { value: "MATRIMONY_SERVICE", label: "Matrimony" },
    { value: "NONPROFIT", label: "Non-profit" },
    { value: "ONLINE_GAMBLING", label: "Online gambling" },
    { value: "OTC_DRUGS", label: "Medicines without prescription" },
    { value: "PHYSICAL_GAMBLING", label: "Gambling on site" },
    { value: "PROF_SERVICES", label: "Professional services" },
    { value: "RESTAURANT", label: "Restaurant" },
    { value: "RETAIL", label: "Shopping and retail" },
    { value: "TRAVEL", label: "Travel and transport" },
    { value: "NOT_A_BIZ", label: "Not a business" },
    { value: "OTHER", label: "Other" },
  ],
};

export const ACCESS = {
  title: "Registration and PIN",
  lead: "A number sends only while it is registered. The PIN protects it: Meta asks for it at each registration.",
  code_title: "Verify the number",
  code_text: "Meta sends a six-digit code to the number. Enter it here.",
  by_text: "Send by text message",
  by_call: "Send by call",
  sent: "Code sent",
  sent_text: "It arrives within a minute or two.",
  code: "Code",
  verify: "Verify number",
  verified: "Number verified",
  verified_text: "You can register it now.",
  pin: "PIN",
  pin_hint: "Six digits. Keep it in a safe place.",
  pin_wrong: "A PIN has six digits.",
  register: "Register number",
  registered: "Number registered",
  registered_text: "It can send now.",
  change: "Set PIN",
  changed: "PIN set",
  changed_text: "Meta asks for it at the next registration.",
  deregister: "Deregister",
  deregister_title: "Deregister this number?",
  deregister_text:
    "It can’t send or receive until you register it again. Meta allows ten registrations in 72 hours.",
  deregistered: "Number deregistered",
  deregistered_text: "It sends nothing until you register it again.",
};

export const SILENCE = {
  title: "Silence alarm",
  lead: "A notice tells you when no webhook came for this number for so long.",
  label: "Tell me after",
  options: [
    { value: "", label: "Never" },
    { value: "900", label: "15 minutes" },
    { value: "3600", label: "1 hour" },
    { value: "14400", label: "4 hours" },
    { value: "43200", label: "12 hours" },
    { value: "86400", label: "1 day" },
    { value: "259200", label: "3 days" },
  ],
  saved: "Silence alarm set",
  saved_text: "It counts from the last webhook.",
};

export const GUIDE = {
  title: "Connect Meta",
  lead: "Four steps to real messages. Each is checked with Meta.",
  back: "Connections",
  stay: "Stay in the sandbox",
  progress: (step: number, all: number) => `Step ${step} of ${all}`,
  done: "Done",
  open: "To do",
  credentials: "Your app’s credentials",
  credentials_text: [
    "In Meta’s app dashboard, open your app. It needs the WhatsApp product.",
    "Open App settings → Basic. Copy the app ID and the app secret.",
    "In Business settings → System users, generate a token for this app. Give the system user access to the app and to your WhatsApp account.",
  ],
  dashboard: "Open Meta’s app dashboard",
  callback: "Where Meta sends webhooks",
  callback_text:
    "Wharf can register its callback URL with Meta for you. Meta then asks this address for the verify token.",
  callback_hand:
    "By hand: in the app dashboard, open WhatsApp → Configuration → Webhook, enter both, click Verify and save, then subscribe to the field “messages” and to the others that the check names.",
  register: "Register with Meta",
  registered: "Callback URL registered",
  registered_text: "Meta verified it, and the fields are subscribed.",
  not_https:
    "Meta calls HTTPS addresses only. Open Wharf by its public https address before you register it.",
  account: "Your WhatsApp account",
  account_text: "Its webhooks come to your app once it is subscribed. The token may see these accounts.",
  account_none: "Enter the account’s ID. You find it in WhatsApp Manager.",
  add_found: (id: string) => `Add account ${id}`,
  check: "Check",
  check_text: "Wharf asks Meta whether everything is set up. Correct what it names, then check again.",
  check_again: "Check again",
  test: "A first message",
  test_text: (number: string) => `Write to ${number} from your phone. Wharf is waiting for it.`,
  waiting: "Waiting for your message",
  arrived: "It arrived. Your number works.",
  inbox: "Answer it in the Inbox",
  send_text: "Or send Meta’s sample template “hello_world” to your phone.",
  to: "Your phone number",
  to_hint: "With the country code, such as +44 7700 900123.",
  send: "Send test message",
  sent: "Test message sent",
  sent_text: "It arrives on your phone within seconds.",
  from: "From",
  finish: "Finish",
};

/** What a refusal of the server means here, by its reason. */
export const REASONS = tableOf<string>({
  environment: "The server’s environment sets this connection. Change it there and restart Wharf.",
  no_access_token: "It has no access token yet. Enter one first.",
  no_app_secret: "It has no app secret yet. Enter one first.",
  no_verify_token: "Enter the verify token that this address expects.",
  in_use:
    "It has accounts or numbers, and their conversations need it. Replace its access token or app secret instead.",
  foreign_accounts: "Other workspaces have accounts on this connection, so it must stay shared.",
  not_shared: "Share the connection first. Then its accounts can go to other workspaces.",
  connection: "This workspace has the account by another connection.",
  workspace: "Another workspace has this account. Its conversations stay there.",
});
/** What Meta says of a callback URL that it could not verify. */
export const NOT_CALLED =
  "Meta could not verify the address. It must reach Wharf by HTTPS, and Wharf must know the verify token.";
export const META_SAYS = (said: string, advice: string | null) =>
  advice === null || said.includes(advice) ? said : `${said} ${advice}`;

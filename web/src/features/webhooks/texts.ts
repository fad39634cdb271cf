import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";
import { duration } from "../../lib/words/time.ts";
import type { Subscription } from "../../lib/types.ts";

/** Every sentence of the Webhooks pages, but those of the deliveries. */

/** `1 delivery`, `1,204 deliveries` */
export const deliveries = (count: number) =>
  `${formatNumber(count)} ${count === 1 ? "delivery" : "deliveries"}`;
const events = (count: number) => `${formatNumber(count)} ${count === 1 ? "event" : "events"}`;
const are = (count: number) => (count === 1 ? "is" : "are");
const go = (count: number) => (count === 1 ? "goes" : "go");

/** An event of an automation, which it sends to the webhook that it names. */
export const FROM_AUTOMATION = "Automation";

export const EVENT_TEXTS: Record<Subscription, { label: string; brings: string; sensitive?: string }> = {
  statuses: {
    label: "Message status",
    brings: "Sent, delivered, read, played and failed of your outgoing messages",
  },
  messages: {
    label: "Inbound messages",
    brings: "What customers write to you, in Meta’s own format: text, media ids, interactive replies",
    sensitive:
      "Inbound messages stream business content to this endpoint: text, media and interactive replies.",
  },
  template_status: {
    label: "Template status",
    brings: "Meta’s review of your templates: approved, rejected, paused and so on",
  },
  template_quality: {
    label: "Template quality",
    brings: "Quality scores, category changes and edits of your templates",
  },
  account: {
    label: "Account",
    brings: "Reviews, restrictions and alerts of your WhatsApp Business account",
  },
  phone_number: {
    label: "Phone numbers",
    brings: "Name reviews, quality and messaging limits of your numbers",
  },
  user_preferences: {
    label: "Marketing preferences",
    brings: "A customer stops or resumes your marketing messages",
  },
  echoes: {
    label: "Phone app messages",
    brings: "What you write in the WhatsApp Business app, its history and its contacts",
    sensitive:
      "Phone app messages stream business content to this endpoint: what you write in the app, earlier conversations and contacts.",
  },
  calls: { label: "Calls", brings: "Calls that begin, ring and end" },
  flows: { label: "Flows", brings: "The state and health of your flows" },
  groups: { label: "Groups", brings: "Groups that are made or changed, and who joins or leaves" },
  other: {
    label: "Everything else",
    brings: "Every other field, also those that Meta adds later",
    sensitive: "Everything else includes fields that Meta adds later. They may hold business content.",
  },
};

export const LIST = {
  title: "Webhooks",
  lead: "Wharf forwards Meta’s events to your own servers: unchanged, signed, and retried until they are delivered.",
  add: "Add webhook",
  full: (limit: number) => `You have ${limit} webhooks, which is the limit. Delete one to add another.`,
  nearly_full: (count: number, limit: number) => `${count} of ${limit}`,
  empty_title: "Send events to your own server",
  empty:
    "Add a URL, and Wharf posts message statuses, template reviews and inbound messages to it as they arrive, in Meta’s own format.",
  search: "Search webhooks",
  search_hint: "Name or URL",
  none_found: "No webhook matches",
  none_found_text: (search: string) => `No name and no URL contains “${search}”.`,
  clear_search: "Show all webhooks",
  heads: ["Webhook", "Events", "Last 24 hours", "Last attempt", "Enabled"],
  loading: "Loading webhooks",
  no_events: "No events, so nothing is sent",
  nothing_sent: "Nothing was sent",
  never: "Never",
  day: (delivered: number, failed: number) =>
    `${formatNumber(delivered)} delivered and ${formatNumber(failed)} failed in the last 24 hours`,
  switch: (name: string) => `Enabled: ${name}`,
};

export const HEALTH = {
  off: "Off",
  disabled: "Disabled",
  failing: "Failing",
  paused: "Paused",
  unused: "Not used yet",
  healthy: "Healthy",
  paused_reason: (until: string) => `Until ${until}, as the endpoint asked`,
};

export const PAGE = {
  back: "Webhooks",
  enabled: "Enabled",
  views: "Views of the webhook",
  tabs: { settings: "Settings", overview: "Overview", deliveries: "Deliveries" },
  gone_title: "This webhook was deleted",
  gone: "It was deleted while you were looking at it. Nothing is sent to it any more.",
  unknown_title: "This webhook does not exist",
  unknown: "The link may be incomplete, or the webhook was deleted.",
  to_list: "Go to all webhooks",
};

export const ADD = {
  title: "Add webhook",
  close: "Close",
  events: "Events",
  more_events: (count: number) => `${count} more events`,
  secure: "Subscribe only if your receiver handles this data securely.",
  accept: "My receiver handles this data securely",
  accept_missed: "Confirm this, or take the event out",
  enable: "Enable immediately after saving",
  enable_hint: "Leave off to send only tests for now.",
  more: "More: retries, limits, headers",
  cancel: "Cancel",
  save: "Save",
  sensitive: "Sensitive",
  discard_title: "Discard this webhook?",
  discard_text: "What you have entered is not saved.",
  discard: "Discard",
  keep: "Keep editing",
};

export const FIELDS = {
  url: "Webhook URL",
  url_hint: "https://example.com/webhooks",
  plain: "Use https:// in production: over http:// anyone on the way can read what is sent.",
  fragment: "The part from # on is never sent. It is left out when you save.",
  duplicate: "You already have an endpoint with this URL:",
  duplicate_hint: "It would receive every event twice.",
  name: "Name",
  name_hint: "Optional name, e.g. CRM production",
  retries: "Retries",
  retried: (waits: string) => `Retried ${waits}`,
  rate: "Max requests per second",
  rate_hint: "No limit",
  concurrency: "Parallel requests",
  timeout: "Timeout, seconds",
  disable_after: "Disable after",
  disable_after_hint: "After failures alone for this long, Wharf stops sending and holds the deliveries.",
  headers: "Custom headers",
  headers_hint: "Sent with every request. Their values are stored encrypted and not shown again.",
  header_example: "X-Api-Key",
  header_name: (place: number) => `Name of header ${place}`,
  header_value: (name: string) => `Value of ${name}`,
  header: (place: number) => `header ${place}`,
  value: "Value",
  replace: "Replace",
  remove: (name: string) => `Remove ${name}`,
  removed: "Removed when you save",
  keep: "Undo",
  keep_header: (name: string) => `Keep ${name}`,
  add_header: "Add a header",
};

export const PROBLEMS = {
  url_start: "URL must start with http:// or https://",
  url_long: (limit: number) => `The URL is longer than ${limit} characters; use a shorter one.`,
  url_space: "The URL contains a space or a line break; remove it.",
  url_unreadable: "The URL can't be read; check the host name and the port.",
  url_password:
    "The URL contains a user name or password, which everyone here could read. Remove it and check the signature instead.",
  rate: "A whole number from 1 to 10,000, or nothing for no limit",
  concurrency: "A whole number from 1 to 256",
  timeout: "From 1 to 30 seconds",
  header_twice: "Each header can be set once.",
  header_name: "A header needs a name of letters, digits and hyphens.",
  header_value: "A header needs a value.",
  /** The server's, by code, where its own words are not for people. */
  by_code: tableOf<string>({
    TARGET_NOT_ALLOWED:
      "This address can't be delivered to. Use a public one, or ask your operator to allow it.",
  }),
};

export const CONFIGURATION = {
  title: "Configuration",
  edit: "Edit",
  form: "Edit the configuration",
  url: "Webhook URL",
  limits: "Limits",
  no_rate: "No limit on requests per second",
  rate: (rate: number) => `Max ${formatNumber(rate)} ${rate === 1 ? "request" : "requests"} per second`,
  parallel: (count: number) => `${count} in parallel`,
  timeout: (time: string) => `An answer within ${time}`,
  disabled_after: (time: string) => `${time} of failures`,
  disabled_hint: "Deliveries are then held until you switch it on",
  none: "None",
  saved: "Saved",
  saved_text: "Applies to new deliveries.",
  merged: "Applies to new deliveries. Changes that others made meanwhile are kept.",
  header_removed: (names: readonly string[]) =>
    `${names.length === 1 ? "Header" : "Headers"} ${names.join(", ")} removed. Applies to new deliveries.`,
  header_back: "Put back",
  header_back_text: (names: readonly string[]) =>
    `${names.length === 1 ? "Header" : "Headers"} ${names.join(", ")} with ${names.length === 1 ? "its value" : "their values"}.`,
  header_not_back: "Not put back",
  leave_title: "Leave without saving?",
  leave_text: "Your changes to the configuration are not saved.",
  leave: "Leave",
  stay: "Keep editing",
};

export const CONFLICTS = {
  title: "Changed by someone else while you were editing",
  text: "Nothing of yours is saved yet. Choose what to keep, then save again.",
  by: (name: string | null, time: string) =>
    `${name === null ? "An API key" : isolate(name)} changed it ${time}`,
  theirs: (name: string | null) => (name === null ? "The new value" : `${isolate(name)}’s`),
  yours: "Yours",
  choose: "Choose one for each setting",
  header_set: "Set to another value",
  header_absent: "Removed",
  header_yours: "The value that you entered",
  url_for_header: "The header that you set would be sent to this URL.",
  nothing: "Nothing",
  no_limit: "No limit",
};
/** What the form calls a setting of the API. */
export const SETTINGS = tableOf<string>({
  url: FIELDS.url,
  description: FIELDS.name,
  retry_preset: FIELDS.retries,
  rate_limit_per_s: FIELDS.rate,
  concurrency: FIELDS.concurrency,
  timeout_ms: "Timeout",
  give_up_after_s: FIELDS.disable_after,
  events: "Events",
});
export const settingName = (setting: string): string =>
  setting.startsWith("headers.")
    ? `Header ${setting.slice("headers.".length)}`
    : (SETTINGS[setting] ?? setting);

export const WAITING = {
  title: (count: number) =>
    count === 0
      ? "Switch this webhook on?"
      : `${events(count)} ${count === 1 ? "waits" : "wait"} for this webhook`,
  text: (count: number) =>
    count === 0
      ? "It is disabled. You are about to change its URL."
      : "You are about to change its URL. What should happen to them?",
  send: (count: number) => (count === 0 ? "Switch it on" : "Send them to the new URL"),
  send_hint: (count: number) =>
    count === 0
      ? "New events go to the new URL."
      : `The webhook is switched on, and ${deliveries(count)} ${go(count)} out now.`,
  hold: (count: number) => (count === 0 ? "Leave it off" : "Keep them held"),
  hold_hint: "Nothing is sent until you switch the webhook on. New events are held too.",
  discard: "Discard them",
  discard_hint: (count: number) =>
    `${deliveries(count)} ${are(count)} cancelled. The webhook is switched on, and new events go to the new URL.`,
  save: "Save",
  cancel: "Cancel",
};

export const SWITCH = {
  off: "Switched off",
  off_text: (held: number) =>
    held === 0
      ? "Events that arrive while it’s off are not delivered."
      : `${deliveries(held)} ${are(held)} held until you switch it on. Events that arrive while it’s off are not delivered.`,
  on: "Switched on",
  on_text: "Events go to it from now on.",
  undone: "Switched on again",
  undone_text: (missed: number) =>
    missed === 0
      ? "Nothing was missed."
      : `${events(missed)} that arrived meanwhile ${are(missed)} sent now.`,
  not_off: "Not switched off",
  not_on: "Not switched on",
};

export const BANNER = {
  off: "This webhook is off",
  off_text: "Events that arrive while it’s off are not delivered.",
  off_held: (count: number) =>
    `${deliveries(count)} ${are(count)} held and ${go(count)} out when you switch it on.`,
  failing: "Failing",
  failing_for: (time: string) => `Failing for ${time}`,
  disabled_soon: (when: string) => `Failing: will be disabled ${when}`,
  soon: (time: string) => `in ${time}`,
  any_moment: "any moment",
  failures: (count: number) =>
    count === 1 ? "The last attempt failed." : `${formatNumber(count)} attempts in a row failed.`,
  paused: (time: string, rest: string) => `Paused until ${time} (${rest}); we’ll retry once then.`,
  retrying: "Retrying now.",
  pending: (count: number) => `${deliveries(count)} ${count === 1 ? "waits" : "wait"}; nothing is lost.`,
  disabled_on: (time: string) =>
    `If nothing gets through until ${time}, the webhook is disabled and its deliveries are held.`,
  try_now: "Try now",
  test: "Send test",
  probe: "Result of the attempt",
  probe_ok: (status: number | null, time: string) => `HTTP ${status ?? ""} · ${time}`,
  probe_ok_text: "It answers again. Waiting deliveries go out now.",
  probe_failed: (status: number | null) => (status === null ? "Network error" : `HTTP ${status}`),
  after: (time: string) => `after ${time}`,
  not_tried: "Not tried",
  dismiss: "Dismiss",
  disabled_failures: (time: string) => `Disabled after ${time} of failures`,
  disabled: "Disabled",
  disabled_ago: (ago: string) => `, ${ago}`,
  disabled_since: (time: string) => `Every attempt failed since ${time}.`,
  held: (count: number) => `${deliveries(count)} ${are(count)} held.`,
  held_new: "New events are held.",
  exhausted: (count: number) => `${deliveries(count)} failed after the last retry and can be sent again.`,
  when_ready: "Enable it when your receiver is ready.",
  recover: "Enable and recover",
  enable: "Enable",
  only_enable: "Only enable",
  enabled: "Enabled",
  enabled_text: "Held deliveries go out now, and failed ones are sent again.",
  enabled_only: "Held deliveries go out now.",
  not_enabled: "Not enabled",
  not_recovered: "Not recovered",
};

export const EVENTS_CARD = {
  title: "Subscribed events",
  lead: "Payloads are Meta’s own, unchanged. Changes apply to new events.",
  heads: ["Event", "Field", "What you receive", "Subscribed"],
  more: (count: number) => `Show ${count} more ${count === 1 ? "event" : "events"}`,
  ask: (label: string) => `Subscribe to ${label.toLowerCase()}?`,
  subscribe: "Subscribe",
  sample: "Sample",
  hide_sample: "Hide sample",
  sample_of: (label: string) => `Sample of ${label}`,
  sample_payload: "Sample payload",
  saved: "Saved",
  not_changed: "Not changed",
};

export const TEST = {
  title: "Send test",
  lead: "Sends one signed sample now, without retries. Works while the webhook is off, and does not count for its health.",
  sample: "Sample to send",
  secret: "Secret to sign with",
  current: "Signed with the secret in use",
  prepared: "Signed with the prepared secret",
  send: "Send test",
  result: "Result of the test",
  not_sent: "Not sent",
  dismiss: "Dismiss",
  ok: (status: number | null, duration_ms: number) => `HTTP ${status ?? ""} · ${duration_ms}ms`,
  failed: (status: number | null) => (status === null ? "Network error" : `HTTP ${status}`),
  after: (duration_ms: number) => `after ${duration_ms}ms`,
  signed: (is_prepared: boolean) =>
    `X-Hub-Signature-256, signed with ${is_prepared ? "the prepared secret" : "secret"}`,
  signature: "the signature",
  answered: "What it answered",
  answered_nothing: "It answered without a body",
  payload: { show: "Show payload", hide: "Hide payload" },
  headers: { show: "Show headers", hide: "Hide headers" },
  verify: { show: "Check it in your code", hide: "Hide the check" },
  bytes: (size: string) => `${size}, the very bytes that were signed`,
  as_sent: "As sent",
  the_payload: "the payload",
};

export const SECRET = {
  title: "Signing secret",
  fingerprint: "Fingerprint",
  made: "made",
  prepare: "Prepare a new secret",
  rotate: "Rotate secret",
  rotate_title: "Rotate the secret now?",
  rotate_text: "Update your receiver right away, or its verification will fail.",
  rotate_once: "A new secret is shown, and",
  rotate_ends: "the old one ends at once",
  rotate_gentle: "For a change without a gap, cancel and use",
  rotate_gentle_why: "it can be tested before it takes over.",
  not_rotated: "Not rotated",
  not_prepared: "Not prepared",
  prepared: "A new secret is prepared",
  prepared_text:
    "It signs only tests until you activate it. Let your receiver accept both secrets, send a test with the new one, then activate it.",
  test: "Send test with it",
  activate: "Activate",
  discard: "Discard",
  activate_title: "Activate the new secret?",
  activate_text:
    "Everything is signed with the new secret from now on, and the old one ends. Make sure that your receiver accepts the one with this fingerprint:",
  activated: "The new secret is in use",
  activated_text: "The old one has ended.",
  not_activated: "Not activated",
  discarded: "Discarded",
  discarded_text: "The secret in use stays the same.",
  not_discarded: "Not discarded",
};

export const SECRET_DIALOG = {
  titles: {
    new: "Your signing secret",
    rotated: "Your new signing secret",
    prepared: "The next signing secret",
  },
  leads: {
    new: "Your receiver uses it to check that a request comes from Wharf. It stays the same when you switch the webhook off and on.",
    rotated:
      "The old secret has ended. Put this one into your receiver right away; its verification fails until then.",
    prepared: "Add it to your receiver, beside the secret in use. It signs only tests until you activate it.",
  },
  replaced: "Someone has replaced this secret since. It no longer signs: do not store it.",
  the_secret: "the secret",
  env: "For your .env file",
  the_env: "the line for .env",
  keys: "Which part is the key",
  whole: "the whole string, with",
  decoded: "the part after",
  decoded_end: "decoded from base64 (Standard Webhooks libraries take the whole string and do this)",
  check: "Check in one line",
  check_note:
    "Compare in constant time. Whole receivers for Node, Python, PHP and Go are in the result of a test.",
  once: "It can’t be shown again.",
  once_why:
    "Wharf does not keep it: it is derived anew for each signature from a key that is not in the database.",
  lost: {
    new: "If it gets lost, rotate it.",
    rotated: "If it gets lost, rotate it again.",
    prepared: "If it gets lost, discard it and prepare another.",
  },
  stored: "I have stored it",
  done: "Done",
};

export const VERIFY = {
  language: "Language",
  receiver: (language: string) => `the receiver in ${language}`,
  reads: "It reads the secret from",
  checks: "and checks the raw bytes, before any JSON parser has touched them. Start it with",
};

export const DELETE = {
  title: "Delete this webhook",
  lead: "Its settings, its secret and the log of its deliveries are deleted too.",
  delete: "Delete",
  ask: "Delete this webhook?",
  yes: "Delete webhook",
  waiting: (count: number) =>
    count === 0
      ? ""
      : `${deliveries(count)} that ${count === 1 ? "waits" : "wait"} for it will not be sent. `,
  text: "Its settings, its secret and the log of its deliveries are deleted. This can’t be undone.",
  instead: "To stop sending for a while, switch it off instead.",
  deleted: "Deleted",
  deleted_text: "Nothing is sent to it any more.",
  not_deleted: "Not deleted",
};

export const HINTS = {
  title: "What your receiver should do",
  aside: "For your receiver",
  answer: "Answer at once",
  answer_text: (timeout: string, retries: string) =>
    `Store the request, answer HTTP 200, then work on it. Without a 2xx within ${timeout} it is sent again: ${retries}.`,
  repeats: "Expect repeats",
  repeats_text:
    "A delivery can arrive more than once. Do its work once: by `id` for a message, by `id` and `status` for a status, or by the header `webhook-id`, which is the same at every attempt.",
  check: "Check the signature",
  check_text:
    "Recommended. `X-Hub-Signature-256` is `sha256=` and the hex HMAC-SHA256 of the raw body. The key is your whole secret, `whsec_` included.",
};

export const CHAPTERS = [
  { href: "/docs/webhooks", title: "Receive webhooks", text: "Signatures, retries, order and duplicates" },
  {
    href: "/docs/integrations",
    title: "Integrations",
    text: "n8n, Make, Zapier, your CRM and WhatsApp libraries",
  },
  {
    href: "/docs/api#authentication",
    title: "API authentication",
    text: "Create a key, and send it with a request",
  },
  {
    href: "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference",
    title: "Meta’s field reference",
    text: "What every field of a payload means",
  },
] as const;
export const READ_ON = "Read on";

export const OVERVIEW = {
  title: "Performance",
  range: "Time range",
  ranges: { "1h": "1 h", "24h": "24 h", "7d": "7 days", "30d": "30 days" },
  in_range: { "1h": "last hour", "24h": "last 24 hours", "7d": "last 7 days", "30d": "last 30 days" },
  attempts: "Attempts",
  success: "Success rate",
  failed_attempts: (count: number) => `${formatNumber(count)} failed`,
  median: "Median",
  p95: "p95",
  answer_time: "time to answer",
  now: "Right now",
  pending: "Pending",
  held: "Held",
  failed: "Failed",
  show: "Show deliveries",
  nothing_title: "No attempts in this time",
  nothing: "Tests are not counted. Choose a longer time, or wait for the next webhook.",
  click: "Click a bar to see the deliveries that were attempted in its time.",
  delivered: "Delivered",
  time_to_answer: "Time to answer",
  p50_series: "Median (p50)",
  table: "The same numbers as a table",
  table_name: "Numbers of the charts",
  columns: ["From", "Delivered", "Failed", "Success rate", "p50", "p95"],
  sum: (delivered: number, failed: number, peak: { at: string; count: number } | null) =>
    `${formatNumber(delivered)} delivered, ${formatNumber(failed)} failed${peak ? `; peak ${formatNumber(peak.count)} at ${peak.at}` : ""}.`,
  rate: (rate: number, worst: { at: string; rate: number } | null) =>
    `${rate}% of all attempts${worst ? `; lowest ${worst.rate}% at ${worst.at}` : ""}.`,
  latency: (p50_ms: number, p95_ms: number, slowest: string | null) =>
    `Median ${duration(p50_ms)}, p95 ${duration(p95_ms)}${slowest === null ? "" : `; slowest at ${slowest}`}.`,
  no_answer: "No attempt was answered.",
  point: (delivered: number, tried: number) => `${formatNumber(delivered)} of ${formatNumber(tried)}`,
};

export const HISTORY = {
  title: "History",
  empty: "Nothing has happened yet.",
  older: "Show older",
  by: (name: string) => `by ${isolate(name)}`,
  kinds: {
    created: "Added",
    changed: "Changed",
    enabled: "Switched on",
    switched_off: "Switched off",
    failing: "Failing",
    warned: "Warned: will be disabled",
    disabled: "Disabled",
    recovered: "Recovered",
    recovery_ended: "Deliveries resent",
    secret_rotated: "Secret rotated",
    secret_prepared: "Next secret prepared",
    secret_activated: "Next secret activated",
    secret_discarded: "Next secret discarded",
  },
  changed: (name: string, before: string, after: string) => `${name}: ${before} → ${after}`,
  header: (name: string, before: boolean, after: boolean) =>
    `${name} ${!before ? "added" : after ? "replaced" : "removed"}`,
  none: "none",
};

export const RETRIES = {
  fast: { label: "Fast", span: "about an hour" },
  standard: { label: "Standard", span: "about 3 days" },
  long: { label: "Long", span: "about 7 days" },
  summary: (attempts: number, span: string) => `${attempts} attempts in ${span}`,
};

import { formatNumber } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";

/** What the flow of an automation says: its nodes, their settings, and how one draws it. */

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;

export const TYPES = {
  trigger: "Trigger",
  delay: "Delay",
  wait: "Wait for an outcome",
  condition: "Condition",
  split: "Random split",
  goto: "Go to",
  action: "Action",
  end: "End",
};
export const TYPE_HINTS = {
  trigger: "Who enters, and when",
  action: "Send a message, or change something about the person",
  wait: "Until they read, reply, buy – or until time is up",
  condition: "YES or NO, by what is so at that moment",
  delay: "For a time, or until one",
  split: "Some one way, some the other",
  goto: "Go on at a step that is there already",
  end: "Leave the automation here",
};

export const TRIGGERS = {
  message_received: "A message is received",
  keyword: "A keyword is received",
  button_reply: "A button is tapped",
  contact_created: "A contact is created",
  tag_added: "A tag is added",
  list_entered: "Someone is added to a list",
  segment_entered: "Someone enters a segment",
  field_changed: "A field changes",
  date_field: "A date comes",
  campaign_reply: "Someone replies to a campaign",
  schedule: "At set times",
  api_event: "An event comes by the API",
};
export const TRIGGER_GROUPS = {
  messages: "Messages",
  people: "People",
  times: "Times",
  systems: "Other systems",
};

export const ACTS = {
  send_template: "Send a template",
  send_text: "Send a text",
  send_media: "Send a file",
  send_buttons: "Send buttons",
  send_list: "Send a list",
  add_tag: "Add a tag",
  remove_tag: "Remove a tag",
  add_to_list: "Add to a list",
  remove_from_list: "Remove from a list",
  set_field: "Set a field",
  assign: "Assign the conversation",
  resolve: "Resolve the conversation",
  add_note: "Add a private note",
  notify_user: "Notify the team",
  notify_endpoint: "Notify a webhook",
  call_url: "Call a URL",
};
export const ACT_GROUPS = {
  any_time: "At any time",
  in_window: "Within 24 hours of their last message",
  person: "The person",
  conversation: "The conversation",
  team: "Your team",
  systems: "Other systems",
};

export const OUTCOMES = {
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  replied: "Replied",
  failed: "Failed",
  not_delivered: "Not delivered in time",
  event: "An API event",
};
export const ATOMS = {
  delivery_status: "Status of a message",
  replied: "Reply to a message",
  contact: "About the contact",
  segment: "In a segment",
  window_open: "24-hour window is open",
  time: "Time of the day",
  payload: "What the trigger told",
  answer: "What a URL answered",
  event: "An API event came",
};
export const STATUSES = {
  sent: "Sent, not yet delivered or read",
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  failed: "Failed",
};

export const PORTS = {
  yes: "YES",
  no: "NO",
  deadline: "Time is up",
  failed: "If it fails",
  next: "Next",
  share: (name: string, percent: number) => `${name} · ${percent}%`,
};

export const CAPS = {
  EVER: "Once ever",
  "24_HOURS": "Once in 24 hours",
  "7_DAYS": "Once in 7 days",
  "14_DAYS": "Once in 14 days",
  "30_DAYS": "Once in 30 days",
};
export const REENTRY = {
  never: "Never again",
  one_at_a_time: "When they have finished",
  every_event: "On every event, one run for each key",
};
export const EXITS = {
  goal_segment: "Goal: they are in a segment",
  goal_event: "Goal: an API event came",
  replied: "They reply",
  opted_out: "They opt out",
  taken_over: "An agent takes over",
  left_segment: "They are no longer in a segment",
};
export const LIMITS = {
  skip: "Skip it and go on",
  exit: "Leave the automation",
  wait: "Wait until it is allowed",
};

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const SHORT_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
export const SHORT_DAY = (day: number) => SHORT_DAYS[day - 1] ?? "";
const days = (weekdays: readonly number[]) =>
  weekdays.length === 7
    ? "every day"
    : weekdays
        .toSorted((a, b) => a - b)
        .map(SHORT_DAY)
        .join(", ");

/** How a node, or a setting, reads in a line. */
export const WORDS = {
  name: "Name",
  none: "Nothing chosen yet",
  nothing: "Not set",
  last_message: "The last message sent before",
  what: "Does",
  starts: "Starts when",
  trigger: TRIGGERS,
  words: (words: readonly string[], match: "is" | "contains" | "starts_with") =>
    `${{ is: "is", contains: "contains", starts_with: "starts with" }[match]} ${
      words.length === 0 ? "…" : words.map((word) => `“${word}”`).join(" or ")
    }`,
  any_button: "Any button",
  buttons: (names: readonly string[]) => names.map((name) => `“${name}”`).join(" or "),
  becomes: (field: string, to: string | null) => (to === null ? field : `${field} becomes ${to}`),
  around: (field: string, offset: number, time: string, every_year: boolean) =>
    `${
      offset === 0
        ? `On ${field}`
        : `${many(Math.abs(offset), "day", "days")} ${offset > 0 ? "after" : "before"} ${field}`
    } at ${time}${every_year ? ", every year" : ""}`,
  any_campaign: "Any campaign",
  schedule: (weekdays: readonly number[], time: string, zone: string, audience: string) =>
    `${capital(days(weekdays))} at ${time} (${zone.replaceAll("_", " ")}): ${audience}`,
  until_time: (time: string, weekdays: readonly number[] | null) =>
    weekdays === null ? `Until ${time}` : `Until ${time}, ${days(weekdays)}`,
  for: (length: string) => `For ${length}`,
  waits: "Waits",
  jitter: "Spread over",
  hours: "Only within",
  within: (weekdays: readonly number[], from: string, to: string) => `${days(weekdays)}, ${from}–${to}`,
  outcomes: "Waits for",
  of: "Of",
  deadline: "At the longest",
  after: (what: string, length: string) => `${what} (${length})`,
  said: (what: string, words: readonly string[]) =>
    words.length === 0 ? what : `${what} ${words.map((word) => `“${word}”`).join(" or ")}`,
  asks: "Asks",
  keeps_asking: "Waits to become true for",
  all: " and ",
  any: " or ",
  not: (text: string) => `not (${text})`,
  empty_test: "No condition yet",
  status: (status: string) => `message is ${status.toLowerCase()}`,
  answer: (text: string) => `answer: ${text}`,
  everyone: "Everyone in the team",
  timeout: "Waits for the answer",
  seconds: (count: number) => many(count, "second", "seconds"),
  replied: "they replied",
  in: (length: string) => ` within ${length}`,
  in_segment: (name: string) => `in ${name}`,
  window_open: "24-hour window is open",
  time: (text: string) => `it is ${text}`,
  event: (name: string) => `event “${name || "…"}” came`,
  compared: (about: string, operator: string, value: string) =>
    [about, operator, value].filter(Boolean).join(" "),
  quoted: (name: string) => `“${name}”`,
  split: "Splits",
  leads: "Goes on at",
  variables: "Filled in",
  variable: (count: number) => many(count, "variable", "variables"),
  text: "Text",
  choices: "Choices",
  on_limit: "If a limit holds it back",
  assign_to: (name: string) => `To ${name}`,
  unassign: "To no one",
  value: (field: string, value: string | null) =>
    value === null ? `${field} is emptied` : `${field} is “${value}”`,
  number: "Business number",
  cap: "Frequency cap",
  reentry: "May enter again",
  key: "Key of a run",
  exclude: "Kept out",
  exits: "Exit rules",
  pause: "Pauses when an agent answers",
  existing: "Takes in people who match already",
  rate: (count: number) => `${formatNumber(count)} a minute`,
  yes: "Yes",
  no: "No",
  deleted: "Deleted",
  someone: "Someone who left the team",
  me: (name: string) => `${name} (you)`,
};
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const EDITOR = {
  tabs: { flow: "Flow", activity: "Activity", versions: "Versions" },
  tabs_label: "Parts of this automation",
  views: { canvas: "Canvas", list: "List" },
  views_label: "How the flow is shown",
  name: "Name of the automation",
  saving: "Saving…",
  saved: "All changes are saved.",
  draft: "Saved as you go.",
  not_saved: "Your last changes are not saved.",
  save_again: "Save again",
  settings: "Settings",
  checks: (errors: number, advice: number) =>
    errors > 0
      ? many(errors, "to complete", "to complete")
      : advice > 0
        ? many(advice, "hint", "hints")
        : "Ready",
  checks_label: "Checks",
  more: "More actions",
  activate_changes: "Activate changes",
  export: "Export as a file",
  close: "Close",
  deleted_step: "Deleted step",
  stopped: (count: number) =>
    count === 1
      ? "A step’s template can’t be sent. 1 person stopped there."
      : `Some steps’ templates can’t be sent. ${formatNumber(count)} people stopped there.`,
  stopped_text:
    "Everyone who comes there stops. When the template is approved again, retry those who stopped.",
  see_stopped: "See who stopped",
  held: (count: number) =>
    count === 1
      ? "The number isn’t connected to WhatsApp. 1 person waits."
      : `The number isn’t connected to WhatsApp. ${formatNumber(count)} people wait.`,
  held_text: "No one is lost: connect the number under Settings, and those who wait go on by themselves.",
  not_connected: "The number isn’t connected",
  blocked: "The template of this step can’t be sent",
};

export const CONFLICT = {
  title: "Someone else changed this draft",
  by: (name: string) => `${isolate(name)} changed this draft`,
  text: (when: string) =>
    `It was saved at ${when}, after you opened it. Nothing of yours is saved until you choose.`,
  differences: "What is different in theirs",
  reload: "Take theirs",
  overwrite: "Keep mine",
  reload_hint: "What you changed since then is dropped.",
};

export const CANVAS = {
  label: "Canvas of the flow",
  help: "Arrow keys go from step to step. Enter opens its settings, Delete removes it, plus adds a step after it. Alt and an arrow key move it.",
  add: "Add a step",
  add_after: (name: string) => `Add a step after ${isolate(name)}`,
  add_at: (name: string, port: string) => `Add a step after ${isolate(name)}, ${port}`,
  add_between: (from: string, to: string) => `Add a step between ${isolate(from)} and ${isolate(to)}`,
  undo: "Undo",
  redo: "Redo",
  tidy: "Tidy up",
  note: "Add a note",
  note_label: "Note",
  note_hint: "Write a note",
  remove_note: "Remove note",
  zoom_in: "Zoom in",
  zoom_out: "Zoom out",
  fit: "Show the whole flow",
  map: "Small map of the flow",
  edge: (from: string, port: string, to: string) => `${from}, ${port}, leads to ${to}`,
  problems: (count: number) => many(count, "thing to complete", "things to complete"),
  hints: (count: number) => many(count, "hint", "hints"),
  toolbar: "Drawing",
};

export const COUNTS = {
  entered: "entered",
  waiting: "waiting",
  completed: "completed",
  failed: "failed",
  skipped: "skipped",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  not_sent: "not delivered",
  replied: "replied",
  left: "left here",
  goal: "reached the goal",
  stopped: (count: number) => `${formatNumber(count)} stopped`,
  held: (count: number) => (count === 1 ? "1 person waits" : `${formatNumber(count)} wait`),
  see: (count: number, what: string, node: string) =>
    `${formatNumber(count)} ${what} at ${isolate(node)}: see who`,
  label: (node: string) => `People at ${isolate(node)}`,
};

export const OUTLINE = {
  label: "Steps of the flow",
  add: "Add a step",
  goes_on: (name: string) => `Goes on at ${isolate(name)}`,
  ends: "Ends here",
  loose: "Not connected",
  loose_hint: "Nothing leads to these steps. Connect them, or remove them.",
  notes: "Notes",
  notes_hint: "Words for those who draw. No one who goes through the flow sees them.",
  add_note: "Add a note",
  branch: (name: string) => `${name}:`,
  open_settings: (type: string, name: string) => `${type}: ${name}`,
  step: "Step",
};

export const CHECKS = {
  title: "Checks",
  errors: "To complete before you activate",
  advice: "Hints",
  none: "Everything is complete.",
  none_text: "You can activate this automation.",
  flow: "The whole flow",
  unsaved: "Saving, then checking again…",
};

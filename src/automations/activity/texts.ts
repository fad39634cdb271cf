import { tableOf } from "../../base/base.ts";

/** What people read of runs and activities: why someone is where they are, and what was decided from what. */

/** Why a trigger did not let a person in. */
export const BLOCKED_REASONS = tableOf<string>({
  consent: "They want no marketing messages.",
  frequency_cap: "They entered before, within the time of the frequency cap.",
  excluded: "They are among those who are left out.",
  inside: "They are inside already.",
  awaited: "A run that they are in waits for this answer.",
  reentry: "They were inside before, and people enter only once.",
});

/** Why a run ended or rests, where no node says it. */
export const RUN_REASONS = tableOf<string>({
  answered: "An agent answered in the conversation.",
  test: "The test waits for its next step.",
  erased: "The person's data was erased.",
  deleted: "The version that they were on is gone.",
  loop: "They came to more nodes than a run may. Look for a circle in the flow.",
  internal: "Something unexpected went wrong in Wharf. Retry the run; the log tells more.",
  cancelled: "A person cancelled it.",
  deactivated: "The automation was deactivated, and its runs were cancelled.",
  moved: "They were moved to another version.",
  joined: "Two contacts became one, who was inside twice.",
  goal_segment: "Goal reached: they came into the segment.",
  goal_event: "Goal reached: the event happened.",
  replied: "They replied.",
  opted_out: "They opted out.",
  taken_over: "An agent took the conversation over.",
  left_segment: "They no longer match the segment.",
});

/** Why a node was left out or failed. */
export const NODE_REASONS = tableOf<string>({
  consent: "They want no marketing messages.",
  frequency_cap: "They got as many marketing messages as the limit allows.",
  quiet_hours: "It is the person's quiet hours.",
  unconfirmed: "It is not known whether WhatsApp took the message.",
  cancelled: "It was cancelled before it was done.",
  UNREACHABLE: "They have no number or user ID to write to.",
  MISSING_VALUE: "A value of the template was missing.",
  NOT_CONNECTED: "The number is not connected to WhatsApp. They go on by themselves once it is.",
  NO_CONVERSATION: "There is no conversation with the person.",
  NO_NUMBER: "The automation has no number to send from.",
  MEDIA_GONE: "The file is gone.",
  GONE: "What the action names is gone.",
  EMPTY_TEXT: "Nothing was left of the text, as what it is filled in with is not there.",
  USER_GONE: "The user does not work in this workspace any more.",
  ENDPOINT_GONE: "The webhook was deleted.",
  ENDPOINT_OFF: "The webhook is switched off.",
  INVALID_URL: "The URL can't be read.",
  CALL_FAILED: "The URL did not answer.",
  WINDOW_CLOSED: "The person's last message was more than 24 hours ago, so only a template can be sent.",
  TEMPLATE_PAUSED: "The template is paused by Meta.",
  TEMPLATE_DISABLED: "The template is disabled by Meta.",
  TEMPLATE_REJECTED: "The template was rejected by Meta.",
  TEMPLATE_PENDING: "The template waits for Meta's approval.",
  TEMPLATE_NOT_APPROVED: "The template is not approved.",
  TEMPLATE_BLOCKED: "Meta refused this template before.",
  TEMPLATE_GONE: "The template is gone.",
});
export const UNKNOWN_REASON = "It could not be done.";

/** What is asked of a message, and the word where it is not so. */
export const STEPS = [
  ["sent_at", "sent", "not sent"],
  ["delivered_at", "delivered", "not delivered"],
  ["read_at", "read", "not read"],
  ["played_at", "played", null],
  ["failed_at", "failed", null],
  ["replied_at", "replied", "no reply"],
] as const;
export const OUTCOMES = tableOf<string>({
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  replied: "Replied",
  failed: "Failed",
  not_delivered: "Not delivered in time",
  event: "The event happened",
});
export const QUESTIONS = tableOf<string>({
  sent: "Sent, but not delivered?",
  delivered: "Delivered?",
  read: "Read?",
  played: "Played?",
  failed: "Failed?",
  replied: "Replied?",
  contact: "Does the contact match?",
  segment: "In the segment?",
  window_open: "Window open?",
  time: "Within the hours?",
});
export const asksEvent = (name: string) => `Event “${name}”?`;
export const asksPayload = (path: string, op: string, value: string) =>
  `${[path, op.replaceAll("_", " "), value].filter((part) => part !== "").join(" ")}?`;
export const isNow = (value: string) => `it is ${value}`;
export const isNothing = "it is not there";
export const openUntil = (time: string) => `open until ${time}`;
export const closedSince = (time: string) => `closed since ${time}`;
export const neverWrote = "they never wrote";
export const happenedAt = (time: string) => `at ${time}`;
export const answer = (yes: boolean) => (yes ? "Yes" : "No");
export const noMessage = "no message was sent";

export const outcomeAt = (what: string, time: string) => `${what} at ${time}.`;
export const deadlineOver = (time: string) => `Nothing of it happened until the deadline, ${time}.`;
export const waitsUntil = (time: string) => `Waits until ${time}.`;
export const waitsForAnswer = "Waits for the answer of the URL.";
/** `It answered 200.` */
export const callAnswered = (status: string, attempts: number) =>
  `It answered ${status}${attempts > 1 ? `, at attempt ${attempts}` : ""}.`;
export const callFailed = (status: string | null, says: string, attempts: number) =>
  `${status === null ? says : `It answered ${status}.`}${attempts > 1 ? ` It was tried ${attempts} times.` : ""}`;
export const asksAnswer = (path: string, op: string, value: string) =>
  `Answer of the URL: ${asksPayload(path, op, value)}`;
export const waitsForMeta = "Waits until WhatsApp takes the message.";
export const drewBranch = (name: string) => `Drawn by lot: “${name}”.`;

export const stoppedSays = (people: number) =>
  people === 0 ? "" : ` ${people === 1 ? "1 person" : `${many(people)} people`} stopped here because of it.`;
export const heldSays = (people: number) =>
  `The number is not connected to WhatsApp. ${people === 1 ? "1 person waits" : `${many(people)} people wait`} here. Connect the number under Settings: they go on by themselves then.`;
export const sendableAgain = (people: number) =>
  `Its template can be sent again. ${people === 1 ? "1 person" : `${many(people)} people`} stopped here: retry them.`;

const many = (n: number) => n.toLocaleString("en-GB");
const runs = (n: number) => (n === 1 ? "1 run" : `${many(n)} runs`);
const people = (n: number) => (n === 1 ? "1 person" : `${many(n)} people`);

export const COUNTED = {
  retry: (n: number) => (n === 0 ? "None of them has failed." : `${runs(n)} can go on.`),
  cancel: (n: number) => (n === 0 ? "None of them is under way." : `${runs(n)} would end.`),
  resume: (n: number) => (n === 0 ? "None of them is paused." : `${runs(n)} can go on.`),
  move: (n: number) =>
    n === 0 ? "No one is inside on another version." : `${people(n)} can be moved to the current version.`,
};
export const DONE = {
  retry: (n: number) => `${runs(n)} ${n === 1 ? "goes" : "go"} on.`,
  cancel: (n: number) => `${runs(n)} ended.`,
  resume: (n: number) => `${runs(n)} ${n === 1 ? "goes" : "go"} on.`,
  move: (n: number) => `${people(n)} moved to the current version.`,
};
/** Of very many, who are worked off one after the other. */
export const BEGUN = {
  retry: (n: number) => `${runs(n)} go on, some at a time.`,
  cancel: (n: number) => `${runs(n)} end, some at a time.`,
  resume: (n: number) => `${runs(n)} go on, some at a time.`,
  move: (n: number) => `${people(n)} move to the current version, some at a time.`,
};
export const landsOn = (n: number, from: string, to: string) =>
  from === to
    ? `${people(n)} at “${from}” ${n === 1 ? "stays" : "stay"} at that node.`
    : `${people(n)} at “${from}” ${n === 1 ? "goes" : "go"} on at “${to}”.`;
export const landsNowhere = (n: number, from: string) =>
  `${people(n)} at “${from}”: the current version has no such node. Choose where they go on, or they stay.`;
export const NOWHERE = "the start";
export const UNKNOWN_PERSON = "Unknown";

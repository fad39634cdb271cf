import { formatNumber } from "../../lib/words/intl.ts";
/** Every text of the Journal. */

export const TITLE = "Journal";
export const LEAD = "Every webhook from Meta, exactly as it arrived, and what Wharf did with it.";
export const TABS = { webhooks: "Webhooks", unmatched: "Without a message", label: "Journal pages" };
export const unmatchedTab = (count: string) => (count === "" ? TABS.unmatched : `${TABS.unmatched} ${count}`);

export const STATES = { all: "All", pending: "Pending", done: "Done", dead: "Failed" };
export const STATE = "State";
export const HEADS = ["State", "Customer or subject", "What happened", "Received"] as const;
export const NUMBER_HEAD = "Number";
export const NOTHING_NEW = "Nothing new: Meta sent it again";
export const NOT_READ_YET = "Waiting to be processed";
export const OLDER = "Show older webhooks";
export const LOADING = "Loading webhooks";

export const SEARCH = "Search webhooks";
export const SEARCH_PLACEHOLDER = "Name, number, text, template or message ID";
export const KIND = "Kind";
export const ANY_KIND = "Any kind";
export const KIND_OPTIONS = {
  messages: "Messages",
  statuses: "Message statuses",
  failures: "Failed messages",
  templates: "Templates",
  calls: "Calls",
  groups: "Groups",
  echoes: "Sent from the phone",
  preferences: "Marketing preferences",
  account: "Account and number",
  other: "Other",
};
export const NUMBER = "Business number";
export const ANY_NUMBER = "Any number";
export const TIMES = { time: "Time", any_time: "Any time", from_to: "From … to …", from: "From", to: "To" };
export const CLEAR = "Clear";

const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);
export const keptFor = (count: number) => `Webhooks are kept for ${days(count)}.`;
export const SEARCHED =
  "Texts are searched from three characters on, and message IDs from seven. A number finds everything from and to that customer.";
export const SEARCH_IS_CUT =
  "Many customers or messages match. Only the newest are searched: add more words to find older ones.";

export const EMPTY = {
  dead: {
    title: "No failed webhooks",
    text: "A webhook that can’t be processed is listed here with its reason. You can retry it.",
  },
  pending: { title: "Nothing is waiting", text: "Everything that arrived has been processed." },
  filtered: { title: "No webhook matches", text: "Try other words, or clear the filters." },
  all: {
    title: "Nothing has arrived yet",
    text: "Set your Meta app’s callback URL to this address followed by /webhooks/meta. Each webhook is listed here as soon as it is stored.",
  },
};
export const CLEAR_FILTERS = "Clear filters";

export const WEBHOOK = "Webhook";
export const BACK = "Journal";
export const NEWER = "Newer";
export const OLDER_ONE = "Older";
export const BESIDE = "Other webhooks of the list";
export const NOT_FOUND = {
  title: "This webhook isn’t here",
  text: "It may have been deleted by retention, or the link is from another workspace.",
  action: "Go to the Journal",
};
export const noEvents = {
  dead: "It could not be read as a webhook.",
  done: "Everything in it had arrived before, or there was nothing in it.",
  pending: "It has not been processed yet.",
};
export const eventsTitle = (count: number, state: keyof typeof noEvents) =>
  count === 0
    ? state === "done"
      ? "No new events"
      : "No events"
    : count === 1
      ? "1 event"
      : `${formatNumber(count)} events`;
export const showMore = (count: number) => `Show ${count} more`;
export const OUTCOMES = { applied: "Processed", ignored: "Ignored", failed: "Failed" };
export const OPEN_CONVERSATION = "Open conversation";
export const OPEN_MESSAGE = "Open message";
export const DETAILS = "Details";
export const EVENT_KEY = "Event key";
export const MESSAGE_ID = "Message ID";

export const REASON = { dead: "Why it failed", pending: "Why it is waiting", done: "Note" };
export const nextAttempt = (time: string) => `Next attempt ${time}.`;
export const RETRY = "Retry";
export const RETRIED = ["Retrying", "Wharf is processing the webhook again."] as const;
export const NOT_RETRIED = "Not retried";
export const ALREADY_DONE = "It has been processed in the meantime.";
export const TRY_LATER = "Wharf did not answer. Try again in a moment.";

export const FACTS = {
  received: "Received",
  processed: "Processed",
  attempts: "Attempts",
  size: "Size",
  id: "Webhook ID",
  signature: "Signature",
};
export const NOT_YET = "Not yet";
export const ON_ARRIVAL = "On arrival";
export const SIGNATURE_CHECKED = "Checked on arrival. Meta’s request headers are not kept.";

export const deliveriesTitle = (count: number) =>
  count === 0 ? "Deliveries" : count === 1 ? "1 delivery" : `${count} deliveries`;
export const NO_DELIVERIES =
  "No endpoint received this webhook. Endpoints get the events that they subscribe to, from the moment they are enabled.";
export const REPLAY = "Replay";
export const OPEN_DELIVERY = "Open delivery";
export const NO_ATTEMPT = "No attempt yet";
export const NO_ANSWER = "No answer";
export const BY_HAND = "by hand";
export const ADD_ENDPOINT = "Set up webhooks";

export const BODY = "Body";
export const BODY_BASE64 = "Body in base64: it is not text";
export const AS_SENT = "As sent";
export const THE_BODY = "the body";
export const BODY_SHARED =
  "The connection is shared with other workspaces, so the whole body isn’t shown. Your events are listed above.";
export const CURL = "Copy as cURL";
export const THE_CURL = "the cURL command";
export const CURL_EXPLAINED =
  "The command posts these exact bytes to an endpoint and signs them. Replace URL with the endpoint’s address and SECRET with its signing secret, whsec_ included.";

export const UNMATCHED_TITLE = "Without a message";
export const UNMATCHED_LEAD =
  "Statuses, reactions, edits, deletions and payments of messages that Wharf does not have. Each leaves this list when its message arrives. Messages sent by another system stay here.";
export const UNMATCHED_TABS = {
  all: "All",
  status: "Statuses",
  reaction: "Reactions",
  edit: "Edits",
  revoke: "Deletions",
  payment: "Payments",
};
export const UNMATCHED_KINDS = {
  status: "Status",
  reaction: "Reaction",
  edit: "Edit",
  revoke: "Deletion",
  payment: "Payment",
};
export const UNMATCHED_EMPTY = {
  title: "Every event has its message",
  text: "A status, reaction, edit, deletion or payment whose message has not arrived is listed here.",
};
export const SHOW_OLDER = "Show older";
export const ID_NOT_KEPT = "Message ID not kept";
export const COPIED_ID = "the message’s ID";
export const NO_CONVERSATION = "No conversation";
export const ITS_CONVERSATION = "Conversation";
export const ITS_WEBHOOK = "Open webhook";
export const TOLD = "What arrived";

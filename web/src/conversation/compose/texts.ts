import { isolate } from "../../lib/words/isolate.ts";

export const COMPOSER = {
  label: "Write",
  field: (name: string) => `Write to ${isolate(name)}`,
  hint: "Write a message",
  caption: "Add a caption",
  send: "Send",
  attach: "Attach a file",
  template: "Send a template",
  choices: "Ask with buttons or a list",
  reply_to: (name: string | null) => `Reply to ${name === null ? "yourself" : isolate(name)}`,
  dont_reply: "Don’t reply to it",
  closed: (who: "customer" | "group") =>
    who === "group"
      ? "Only templates until a member of the group writes again."
      : "Only templates until the customer writes again.",
  choose_template: "Choose a template",
  group: {
    deleted: "The group was deleted. Nothing can be written to it.",
    suspended: "WhatsApp suspended the group. Nothing can be written to it.",
  },
  elsewhere: "Another app is answering here. If you write, you take the conversation over.",
  offline: "No connection. Your messages are kept here and sent later.",
  ended: "Your session has ended. Sign in to send.",
  sign_in: "Sign in",
  left: (count: number) =>
    count === 0
      ? "This message is full. What did not fit was left out: send this one first, then the rest."
      : count === 1
        ? "1 character left"
        : `${count} characters left`,
};

export const EMOJI = {
  open: "Insert an emoji",
  label: "Emoji",
  search: "Search emoji",
  none: "No emoji has this name.",
  groups: {
    recent: "Recently used",
    smileys: "Smileys",
    people: "People and hands",
    hearts: "Hearts and feelings",
    nature: "Animals and nature",
    food: "Food and drink",
    travel: "Travel and places",
    activities: "Activities",
    objects: "Objects",
    symbols: "Symbols",
  },
};

export const FILE = {
  ready: (size: string) => `${size} · ready to send`,
  uploaded: (percent: number) => `${percent}% uploaded`,
  progress: "Uploaded",
  again: "Upload it again",
  remove: "Remove the file",
};

export const PAUSE = {
  this_number: "This number",
  not_connected: "Not connected",
  no_token: (name: string) => `${isolate(name)} can’t send: its connection has no access token.`,
  set: "Set",
  set_to: "to a system user’s token that may send WhatsApp messages, and start Wharf again.",
  label: "Sending is paused",
  title: (name: string, scope: "templates" | "all") =>
    scope === "templates"
      ? `${isolate(name)} can’t send templates just now.`
      : `${isolate(name)} can’t send just now.`,
  until: (time: string) => `Sending resumes by itself ${time}.`,
  templates_wait: "Templates wait until Meta lifts this, or until you resume the number.",
  waits: "What you write waits until you resume.",
  resume: "Resume",
  resumed: "Resumed",
  resumed_text: "Waiting messages are sent now.",
  not_resumed: "Not resumed",
};

export const CHOICES = {
  title: "Buttons & lists",
  as: "As",
  buttons: "Buttons",
  list: "List",
  question: "Question",
  opener: "Text of the button that opens the list",
  opener_default: "Choose",
  answer: (number: number) => `Answer ${number}`,
  twice: "This answer is there twice",
  remove: (number: number) => `Remove answer ${number}`,
  another: "Another answer",
  send: "Send question",
};

export const KEEP = {
  title: "Discard what you filled in?",
  text: "It is not saved.",
  yes: "Discard",
};

export const TEMPLATES = {
  title: (name: string) => `A template for ${isolate(name)}`,
  search: "Search templates",
  search_hint: "Search by name",
  no_marketing: "unsubscribed from marketing",
  obstacle: (reason: string) => `not from here: ${reason}`,
  nothing_found: "No approved template has this name.",
  example: (text: string) => `For example ${text}`,
  back: "Back to templates",
  send: "Send template",
  header_file: (kind: string) => `${kind} in the header`,
  choose_file: (kind: string) => `Choose the ${kind} in the header`,
  preview: "Preview",
  unknown_body: "Meta has not told Wharf what this template says. It is sent without anything filled in.",
};

/** Files of the media library, for the header of a template. */
export const KEPT = {
  title: "Files of the media library",
  open: "Choose a kept file",
  search: "Search by name",
  loading: "Reading the media library",
  failed: "The media library can’t be read now. Upload the file instead.",
  none: "There is no such file in the media library yet. Upload one here, or keep it under Templates, Media.",
  nothing_found: "No file has this name.",
  more: "Show more",
  close: "Close",
  remove: "Take another file",
};

export const SYNC = {
  reading: "Reading your templates from Meta…",
  soon: "Wharf reads them as soon as a webhook names your account.",
  never: "They were never read from Meta.",
  read: (when: string) => `Read from Meta ${when}`,
  last: (standing: string) => `Last ${standing.replace(/^./, (first) => first.toLowerCase())}`,
  result: (found: string, changed: number) =>
    `${found}, ${changed === 0 ? "nothing new" : `${changed} new or changed`}`,
  count: (templates: number) => (templates === 1 ? "1 template" : `${templates} templates`),
  failed: "Your templates could not be read",
  none: "No approved templates yet",
  none_approved: (templates: string) => `Meta has ${templates} for this account, and none is approved.`,
  appears: "A template appears here as soon as Meta approves it.",
  retry: "Try again",
  sync: "Sync from Meta",
};

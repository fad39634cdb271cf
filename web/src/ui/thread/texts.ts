import type { Message } from "../../lib/types.ts";

export const STEPS = {
  written: "Written",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  failed: "Failed",
};

export const THREAD = {
  label: (name: string) => `Messages with ${name}`,
  empty: "No messages yet",
  loading: "Loading messages",
  loading_older: "Loading older messages",
  news: (count: number) => (count === 1 ? "1 new message" : `${count} new messages`),
  unread: (count: number) => (count === 1 ? "1 unread message" : `${count} unread messages`),
  you: "You",
  gone: { title: "Message not found", text: "It was deleted, or it is too far back." },
};

export const BUBBLE = {
  sources: {
    CAMPAIGN: "Campaign",
    AUTOMATION: "Automation",
    API: "API",
    PHONE_APP: "Phone",
    OTHER_APP: "Another app",
  } as Partial<Record<Message["source"], string>>,
  deleted: "This message was deleted",
  edited: "edited",
  elsewhere: "Handled elsewhere",
  elsewhere_hint: "Another app had the conversation then",
  earlier: "An earlier message",
  reaction: (emoji: string, people: string) => `${emoji} by ${people}`,
  summary: "What was said before, summed up by Meta",
};

export const NOTE = {
  waits: "Not sent yet. It will be sent when the connection is back.",
  ended: "Your session has ended. Sign in to send.",
  sign_in: "Sign in",
  send_now: "Send now",
  cancel: "Cancel",
  cancelled: "Cancelled. It was not sent.",
  discard: "Discard",
  failed: "The customer did not get this message.",
  retry: "Try again",
  send_template: "Send a template",
  other_template: "Choose another template",
  edit: "Edit and send again",
  details: "Details",
  unconfirmed: "It is not known whether this message arrived.",
  send_again: "Send again",
  confirm_title: "Send it again?",
  confirm: "Meta did not say whether it took this message. If it did, the customer gets it twice.",
  paused: "It will be sent when sending is resumed.",
  queued: "Waiting to be sent.",
  will_retry: (when: string) => `Will retry ${when}.`,
  not_cancelled: "Not cancelled",
  not_sent_again: "Not sent again",
};

export const ACTIONS = {
  open: (text: string) => `Act on “${text}”`,
  react: (emoji: string) => `React with ${emoji}`,
  more: "More reactions",
  unreact: "Remove the reaction",
  reply: "Reply",
  copy: "Copy",
  copied: "Copied",
  details: "Details",
  journal: "Show in Journal",
};

export const DETAILS = {
  title: "Message details",
  progress: "Progress",
  arrived: "Arrived",
  received: "Received by Wharf",
  why: "Why it failed",
  also: "Also",
  code: (code: number) => `Code ${code}`,
  price: "Price",
  ids: "For support",
  message_id: "Message ID",
  wamid: "WhatsApp message ID",
};

export const BODY = {
  tapped: "tapped: ",
  forwarded: "Forwarded",
  forwarded_often: "Forwarded many times",
  template: (name: string | null) => (name === null ? "Template" : `Template ${name}`),
  unsupported: "WhatsApp doesn't pass this kind of message on",
  as_it_came: "As it came",
};

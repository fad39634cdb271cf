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
  /** `more`: so many at least. */
  news: (count: number, more: boolean) =>
    count === 1 && !more ? "1 new message" : `${count}${more ? "+" : ""} new messages`,
  newest: "Newest messages",
  unread: (count: number) => (count === 1 ? "1 unread message" : `${count} unread messages`),
  you: "You",
  gone: { title: "Message not found", text: "It was deleted, or it is in another conversation." },
  not_opened: "Message not opened",
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
  pruned: "Removed after its retention time",
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
  close: "Close",
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
  unreadable: "It can’t be read",
};

export const CALL = {
  ringing: "Ringing",
  maybe_ringing: "Ringing, or not told how it ended",
  ongoing: "On the line",
  missed: "Not picked up",
  ours: "From this number",
  theirs: "To this number",
  recording: "Recording",
  transcript: "Transcript",
  fetching: (what: string) => `The ${what} is being fetched.`,
  unavailable: (what: string, reason: string | null) => `The ${what} is not available. ${reason ?? ""}`,
};

export const CARDS = {
  referral: {
    ad: { from: "Came from an ad", see: "See the ad" },
    post: { from: "Came from a post", see: "See the post" },
  },
  location: "Location",
  contact: "Contact card",
  order: (pieces: number) => `Order of ${pieces === 1 ? "1 item" : `${pieces} items`}`,
  total: "Total",
};

export const MEDIA = {
  open: (caption: string | null) => `Open the photo${caption ? `: ${caption}` : ""}`,
  download: "Download",
  not_fetched: "Not fetched",
  expired: "WhatsApp no longer has it.",
  pruned: "Removed after its retention time.",
  failed: "WhatsApp could not fetch it.",
  not_yet: "Not here yet",
  missing: "Not here",
  again: "Wharf keeps trying.",
  fetching: "Being fetched from WhatsApp",
  try_now: "Try now",
};

export const SHOP = {
  product: "A product",
  asks: "Asks about this product",
  tapped: "Tapped this product",
  catalog: (id: string) => `Catalog ${id}`,
  paid: "Paid",
  pending: "Payment pending",
  failed: "Payment failed",
  cancelled: "Payment cancelled",
  other: (status: string) => `Payment ${status}`,
};

export const PLAYER = {
  speed: (speed: number) => `Speed: ${speed} times`,
  play: "Play",
  pause: "Pause",
  position: "Position",
  at: (time: string, length: string) => `${time} of ${length}`,
};

export const LIGHTBOX = {
  photo: (number: number, of: number) => (of > 1 ? `Photo ${number} of ${of}` : "Photo"),
  download: "Download",
  close: "Close",
  earlier: "Earlier photo",
  later: "Later photo",
};

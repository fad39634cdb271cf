import { isolate } from "../../lib/words/isolate.ts";

/** All that the Sandbox page says. */
export const texts = {
  title: "Sandbox",
  lead: (beside: boolean) =>
    `Play a customer. What you do on the phone reaches Wharf as a real, signed webhook and appears in the Inbox${beside ? " beside it" : ""}.`,
  side: "Show",
  phone: "Phone",
  inbox: "Inbox",
  no_number: {
    title: "The sandbox has no number",
    advice: "Start Wharf without Meta credentials to use the simulator.",
  },
  waiting: {
    title: "Your Inbox is listening",
    advice: (name: string | undefined) =>
      `Send a message from the phone as ${name ?? "a customer"}. It appears here.`,
  },
  open_in_inbox: "Open in the Inbox",

  not_sent: "Not sent",
  not_done: "Not done",
  not_through: "The simulator can’t be reached",
  too_large: { title: "File too large", message: "WhatsApp lets people send files of up to 100 MB." },
  files_out: {
    title: "No file downloads for a minute",
    message: "Files that you send now arrive when the minute is over.",
  },

  customers: {
    label: "Customer",
    writes_to: "writes to",
    add: "Add customer",
    name: "Name",
    name_example: "Ada Osei",
    phone: "Number with country code",
    phone_example: "+233 20 555 0147",
    use: "Use this customer",
  },

  business: "Your business",
  log: "The customer's phone",
  openers: "Tap a message, or write your own",
  you: "You",
  drop: "Drop the file to send it",

  note: {
    sending: "sending…",
    again: (problem: string | null) => `${problem || "Not sent"}. Try again`,
    held: "Held back by the outage",
    held_hint: "The Simulator plays an outage. Wharf gets this webhook when the outage ends.",
    unanswered: "No answer from Wharf",
    unanswered_hint: "Wharf did not answer. The simulator sends the webhook again later, as Meta does.",
    refused_hint: (status: number | null) =>
      `Wharf answered ${status}. The simulator sends the webhook again later, as Meta does.`,
    stored: (duration_ms: number) => `Wharf stored this webhook in ${duration_ms} ms and answered 200.`,
    came: "Arrived late",
    came_hint: "The first attempt did not reach Wharf. A later one did.",
  },

  missing: {
    title: "Not on this phone",
    lead: "Messages from the business that the customer does not have:",
    count: (all: number, failed: number) => {
      const messages = all === 1 ? "1 message is" : `${all} messages are`;
      return failed === 0 ? `${messages} on the way to this phone` : `${messages} not on this phone`;
    },
    more: (count: number) => (count === 1 ? "And 1 older message." : `And ${count} older messages.`),
    failed: (title: string | null, code: number | null) =>
      `Not delivered${title === null ? "" : `: ${title.replace(/\.$/, "")}`}${code === null ? "" : ` (${code})`}`,
    held: (reason: string, code: number | null) => `${reason}${code === null ? "" : ` (${code})`}`,
    queued: "Waiting to be sent",
    sending: "Being sent",
    sent: "Sent, not delivered yet",
    unconfirmed: "Meta did not confirm it; it may have arrived",
    cancelled: "Cancelled before it was sent",
  },

  composer: {
    message: "Message",
    caption: "Add a caption",
    send: "Send",
    voice: "Send a voice note",
    share: "Share",
    cancel: "Cancel",
    edit: "Edit",
    reply_to: "Reply to",
    forwarded: "Forwarded",
    not_forwarded: "Not forwarded",
    from_ad: "From an ad",
    not_from_ad: "Not from an ad",
    quick_reply: "Tap a template’s button",
    stop: "Unsubscribe from marketing",
    start: "Subscribe to marketing again",
  },

  actions: {
    open: (preview: string) => `Actions for “${preview}”`,
    react: (emoji: string) => `React with ${emoji}`,
    unreact: "Remove reaction",
    reply: "Reply",
    edit: "Edit",
    remove: "Delete",
  },

  sheet: {
    close: "Close",
    keep: "Close the form and lose what you wrote?",
    keep_yes: "Discard",
    keep_no: "Keep writing",
  },

  share: {
    title: "Share",
    tiles: {
      image: "Photo",
      video: "Video",
      voice: "Voice note",
      document: "PDF",
      plain: "Text file",
      sticker: "Sticker",
      animated: "Animated sticker",
      contact: "Contact",
      location: "Location",
      order: "Order",
    },
    more: "More",
    own: "Your own file",
    own_hint: "You can also paste a file or drop it on the phone",
  },

  more: {
    title: "More",
    forwarded: "Forwarded",
    forwarded_hint: "Marks the next message as forwarded",
    referral: "From an ad",
    referral_hint: "The next message says which ad was tapped",
    new_number: "New number",
    new_number_hint: "The customer changes their number and keeps the conversation",
    files_out: "No file downloads for a minute",
    files_out_hint: "WhatsApp’s file server can’t be reached",
    unsupported: "What WhatsApp doesn’t pass on",
    unsupported_other: "Something else",
  },

  call: {
    title: "May this business call you?",
    accept: "Allow calls for a week",
    reject: "Don’t allow",
  },
  number: {
    title: "New number",
    lead: (name: string) => `WhatsApp tells the business the new number of ${isolate(name)}.`,
    label: "New number with country code",
    example: "+1 202 555 0188",
    change: "Change number",
  },
  flow: {
    lead: "The screens of this flow are at Meta. Enter what the customer fills in:",
    field: (index: number) => `Field ${index}`,
    answer: (index: number) => `Answer ${index}`,
    remove: (index: number) => `Remove field ${index}`,
    add: "Add field",
    as_json: "As JSON",
    json: "Answer as JSON",
    no_json: "This is not a JSON object yet",
    send: "Send form",
  },
} as const;

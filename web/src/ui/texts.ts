import { formatNumber } from "../lib/words/intl.ts";

/** What the small parts of every page say. */

export const COPY = { label: "Copy", copied: "Copied", by_hand: "Copy it by hand" } as const;

export const STATUS = {
  QUEUED: "Queued",
  sending: "Sending",
  ACCEPTED: "Accepted by Meta",
  SENT: "Sent",
  DELIVERED: "Delivered",
  READ: "Read",
  PLAYED: "Played",
  FAILED: "Not delivered",
  unconfirmed: "Not confirmed",
  cancelled: "Cancelled",
};

export const DELIVERY_STATE = {
  delivered: "Delivered",
  pending: "Pending",
  failed: "Failed",
  held: "Held",
  cancelled: "Cancelled",
  under_way: "Sending",
} as const;

export const EXACT = {
  readable: "Readable",
  show_all: (length: number) => `Show all ${formatNumber(length)} characters`,
  how: (what: string) => `How to show ${what}`,
};

export const STATE = {
  request: (id: string) => `Request ${id}`,
  again: "Try again",
  panel: (name: string) => `${name} can’t be shown`,
  panel_text: "An internal error stopped this part of the page. The rest works.",
};

export const READ_MORE = "Read more";
export const CANCEL = "Cancel";

export const WINDOW_BADGE = {
  closed: (since: string | null) =>
    `${since === null ? "" : `Closed ${since}. `}Only an approved template may be sent until the customer writes again`,
  open: (until: string) => `Open until ${until}, 24 hours after the customer’s last message`,
  left: " left",
};

export const CONTACT_TABS = {
  label: "Contacts and how they are sorted",
  contacts: "Contacts",
  lists: "Lists",
  segments: "Segments",
  tags: "Tags",
  fields: "Fields",
  imports: "Imports",
  consent: "Consent",
};

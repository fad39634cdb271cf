import { tableOf } from "../../lib/table-of.ts";

/** What a template is called by Meta's words, and what its picture on a phone says. */

const STATUSES = tableOf<string>({
  APPROVED: "Approved",
  PENDING: "Pending approval",
  REJECTED: "Rejected",
  PAUSED: "Paused",
  DISABLED: "Disabled",
  IN_APPEAL: "In appeal",
  LIMIT_EXCEEDED: "Limit reached",
  LOCKED: "Locked",
  ARCHIVED: "Archived",
  PENDING_DELETION: "Being deleted",
  DELETED: "Deleted",
  UNKNOWN: "Not known yet",
  FLAGGED: "Flagged",
  REINSTATED: "Reinstated",
  UNARCHIVED: "Taken out of the archive",
  UNLOCKED: "Unlocked",
});
export const statusOf = (status: string) => STATUSES[status] ?? status;

export const PHONE = {
  label: "Preview",
  cards: "Cards",
  header_kinds: tableOf<string>({
    NONE: "None",
    TEXT: "Text",
    IMAGE: "Picture",
    VIDEO: "Video",
    DOCUMENT: "PDF document",
    LOCATION: "Place",
    PRODUCT: "Product",
  }),
  open_document: "Open the document",
  time: "09:41",
  expires: (minutes: number) => `This code expires in ${minutes === 1 ? "1 minute" : `${minutes} minutes`}.`,
  code: (code: string, warning: boolean) =>
    `*${code}* is your verification code.${warning ? " For your security, do not share this code." : ""}`,
  example_code: "123456",
  button_text: "Words on the button",
  button_words: tableOf<string>({ COPY_CODE: "Copy offer code", OTP: "Copy code" }),
};

import { tableOf } from "../table-of.ts";

/** The API's problems in sentences for people, fetched with the first of them (common-problem-texts.ts). */

export type Words = readonly [says: string, advice?: string];
type Text = Words | ((detail: string) => Words);

const LATER = "Try again in a moment.";
const RELOAD = "Reload the page and try again.";

const TEXTS = tableOf<Text>({
  // In front of the API: what only the pages know of.
  INVALID_EMAIL_OR_PASSWORD: ["The email or the password is wrong."],
  PASSWORD_TOO_SHORT: ["The password is too short. Use at least 12 characters."],
  PASSWORD_TOO_LONG: ["The password is too long. Use at most 128 characters."],

  SIGNED_IN_AS_ANOTHER: ["Another user has signed in from this browser.", "Reload the page."],
  SIGN_IN_FAILED: ["The email or the password is wrong."],
  FORBIDDEN: ["Your role does not allow this.", "Ask someone who manages people."],
  PASSWORD_NEEDED: ["Give your password again to do this."],
  ROLE_IN_USE: ["This role is in use.", "Give those who have it another role first."],
  LAST_OWNER: ["A workspace needs an owner.", "Make someone else an owner first."],
  ALREADY_MEMBER: ["This person is in the workspace already."],
  INVITATION_ENDED: ["This invitation is no longer valid.", "Ask for a new link."],
  PASSWORD_WEAK: [
    "This password is too easy to guess.",
    "Use at least 12 characters, such as four words in a row.",
  ],
  NOT_FOUND: ["This does not exist.", "It may have been deleted, or the link is wrong."],
  INVALID_REQUEST: ["Wharf could not use what was entered.", "Check it and try again."],
  BODY_TOO_LARGE: ["This is too large.", "Use a smaller file or a shorter text."],
  UNSUPPORTED_MEDIA_TYPE: ["This kind of data can't be used here."],
  PASSWORD_SET: ["There is a password already.", "Change it by giving the current one."],
  NAME_TAKEN: ["This name is taken.", "Choose another name."],
  EMAIL_TAKEN: ["Another account has this email.", "Choose another one."],
  EDITED_MEANWHILE: ["This was changed meanwhile.", "Look at the changes, then save again."],
  NO_REMOVED_HEADERS: ["The header can't be put back any more.", "Add it again."],
  ON_HOLD: [
    "Nothing is sent: Wharf was restored from a backup, or copied.",
    "An owner starts sending again with the button above.",
  ],
  NOT_FAILING: ["This webhook is not failing.", "Its deliveries are sent by themselves."],
  NOTHING_PENDING: ["No delivery waits for this webhook.", "Send a test instead."],
  TOO_MANY_DELIVERIES: ["These are too many deliveries at once.", "Choose a shorter time or another filter."],
  MERGE_REFUSED: ["These two contacts can't become one.", "They stay as they are."],
  ERASE_REFUSED: (detail) =>
    /being sent/.test(detail)
      ? ["A message to this person is being sent right now.", "Try again in a minute."]
      : ["This contact can't be erased.", RELOAD],
  WORD_TAKEN: ["This word is in the list already."],
  WORD_INVALID: [
    "No message can be read by this.",
    "Use at least one letter or digit, and at most 80 characters.",
  ],
  TOO_MANY_WORDS: ["The list is full.", "Take some words away first."],
  ASKING_TEMPLATE: (detail) => askingTemplate(detail),
  QUIET_HOURS_INVALID: (detail) => quietHours(detail),
  TIME_ZONE_INVALID: ["This time zone is not known.", "Choose one from the list."],
  CONTACT_ERASED: ["This person was erased.", "Nothing is kept of them any more."],
  RECIPIENT_IS_SENDER: ["A number can't write to itself.", "Choose another recipient."],
  TOO_MANY_READERS: [
    "Too many pages and programs follow changes at once.",
    "Close some that are no longer used.",
  ],
  TOO_MANY_REQUESTS: ["Too many tries.", "Wait a minute, then try again."],

  // Of files and their rows the server says what to correct, in sentences for people.
  IMPORT_FILE: (detail) => [detail],
  IMPORT_NOT_READY: (detail) => [detail],
  IMPORT_STATE: [RELOAD],

  INVALID_URL: [
    "This URL can't be used.",
    "It must start with http:// or https:// and contain no spaces, user name or password.",
  ],
  URL_TOO_LONG: ["The URL is longer than 512 characters.", "Use a shorter one."],
  TARGET_NOT_ALLOWED: [
    "Webhooks can't be delivered to this address.",
    "Use a public one, or ask your operator to allow it (WHARF_ALLOWED_TARGETS).",
  ],
  ENDPOINT_LIMIT: ["20 webhooks are the limit.", "Delete one that is not used."],
  HEADER_NOT_ALLOWED: (detail) => {
    // `"Name": reason.`, with the name as the person wrote it.
    const [, name, reason] = /^"(.+?)": (.+?)\.?$/.exec(detail) ?? [];
    return name === undefined
      ? ["This header can't be set."]
      : [`The header ${name} can't be set: ${reason}.`];
  },
  NO_PREPARED_SECRET: ["No new secret is prepared.", "Prepare one first."],
  MASTER_KEY_MISSING: [
    "The key that protects this webhook's secret is missing on the server.",
    "Ask your operator to restore WHARF_MASTER_KEY, or rotate the secret and enter the headers again.",
  ],
  ENDPOINT_OFF: ["The webhook is switched off or disabled.", "Enable it first."],
  DELIVERY_STATE: (detail) => {
    if (detail.startsWith("A test ")) return ["A test is sent once.", "Send a new test instead."];
    if (/at this moment/.test(detail)) return ["It is being delivered right now.", LATER];
    return ["This delivery has changed meanwhile.", RELOAD];
  },
  BODY_GONE: ["The content of this webhook is no longer stored.", "It can't be shown or sent again."],
  RECOVERY_RUNNING: ["A recovery is running already.", "Wait for its end, or stop it."],
  RECOVERY_STATE: ["The recovery has ended already."],
  JOURNAL_STATE: ["This webhook is processed already.", "Only failed or waiting ones can be retried."],

  IDEMPOTENCY_KEY_REUSED: ["This was already done with other content.", RELOAD],
  IDEMPOTENCY_IN_PROGRESS: ["This is already under way.", LATER],
  SANDBOX_OFF: ["Wharf is connected to Meta, so the sandbox is off."],
  SIMULATOR_AWAY: ["The simulator is restarting.", LATER],
  SIMULATOR_BUSY: ["The simulator is playing a scenario.", "End that one first."],

  WINDOW_CLOSED: ["The 24-hour window is closed.", "Only a template can be sent now."],
  MARKETING_REFUSED: ["The customer has not agreed to marketing.", "Choose another kind of template."],
  TEMPLATE_BLOCKED: [
    "Meta refused this template before.",
    "Choose another one, or have it corrected and approved.",
  ],
  TEMPLATE_INVALID: ["Meta refuses such a template.", "Correct what is marked."],
  TEMPLATE_REFUSED: ["Meta refused this template.", "Correct what is marked."],
  TEMPLATE_STATE: ["This can't be done to the template now.", "Its page says why."],
  TEMPLATE_EDITED_MEANWHILE: ["This was changed meanwhile.", RELOAD],
  GROUP_NOT_SENDABLE: ["No approved template of this group fits.", "Have its fallback approved."],
  AUTOMATION_STATE: (detail) => [
    "This can't be done to the automation now.",
    detail ?? "Reload the page to see its present state.",
  ],
  AUTOMATION_CHANGED: ["The automation was changed meanwhile.", RELOAD],
  AUTOMATION_INCOMPLETE: ["The automation can't be activated yet.", "Correct what is marked."],
  CAMPAIGN_STATE: (detail) => [
    detail || "This can't be done to the campaign now.",
    "Its page shows its state.",
  ],
  APPROVAL_NEEDS_TWO: [
    "Only one person in this workspace may approve campaigns, and no one approves their own.",
    "Add a second person first.",
  ],
  CAMPAIGN_EDITED_MEANWHILE: ["This was changed meanwhile.", RELOAD],
  RATE_CARD_INVALID: ["These prices can't be kept as they are.", "Correct what is marked."],
  CAMPAIGN_NOT_READY: (detail) => [
    detail || "The campaign can't be launched yet.",
    "Correct what is marked.",
  ],
  META_AWAY: ["Meta can't be reached.", LATER],
  META_UNSURE: ["Meta's answer was lost.", "Look whether it was done before you try again."],
  MESSAGE_INVALID: (detail) => {
    if (detail.startsWith("The group is ")) return ["This group is closed.", "Nothing can be sent to it."];
    if (/no number or user id/.test(detail)) return ["The customer has no number that can be written to."];
    return ["WhatsApp doesn't accept this message.", "Change it and send it again."];
  },
  NUMBER_INVALID: [
    "This phone number is not complete or not valid.",
    "Write it with + and the country code.",
  ],
  MEDIA_INVALID: (detail) => aboutFile(detail),
  MEDIA_STATE: ["This file is not available.", RELOAD],
  MEDIA_MISSING: ["This file was stored and is gone.", "Ask your operator."],
  MEDIA_UNAVAILABLE: ["Files can't be stored or shown just now.", "Try again in a few seconds."],
  RANGE_OUTSIDE: ["This part of the file does not exist.", RELOAD],
  NOT_CONNECTED: [
    "This number can't send: its connection has no access token.",
    "Ask an owner to enter one under Settings, Connections.",
  ],
  CONNECTION_STATE: ["This can't be done to the connection as it is.", "Look at the connection first."],
  ACCOUNT_TAKEN: [
    "Another workspace or connection has this account.",
    "Its conversations stay where they are. Look for it there.",
  ],
  META_REFUSED: ["Meta refused this.", "Check what you entered, then try again."],
  SEND_STATE: ["This message has changed in the meantime.", "Look at it again before you decide."],
  CONFIRM_NEEDED: ["This message may have arrived already.", "Confirm that you want to send it again."],
});

/** What the server says in `detail` is only read, where it tells cases apart. */
export function wordsOfCode(code: string, detail: string | null): Words | undefined {
  const text = TEXTS[code];
  return typeof text === "function" ? text(detail ?? "") : text;
}

const NAMES = tableOf<string>({
  image: "a photo",
  video: "a video",
  audio: "audio",
  sticker: "a sticker",
  document: "a document",
});

/** Why a file can't be sent, from what the server says of its kind and size. */
function askingTemplate(detail: string): Words {
  if (/is none of your numbers/.test(detail))
    return ["This number is not connected any more.", "Choose another one."];
  if (/not known yet/.test(detail))
    return ["What this template says is not known yet.", "Try again in a minute."];
  if (/not approved/.test(detail)) return ["This template is not approved.", "Choose one that is."];
  if (/utility/.test(detail))
    return ["A marketing template can't ask for consent.", "Choose a utility template."];
  if (/variables/.test(detail)) return ["This template has variables or a file.", "Choose one without."];
  if (/quick-reply/.test(detail))
    return ["This is no quick-reply button of the template.", "Choose another button."];
  return ["This number can't send this template.", "Choose another one."];
}

function quietHours(detail: string): Words {
  if (/always/.test(detail))
    return ["It would always be quiet.", "Leave some hours in which messages may go."];
  if (/at a stretch/.test(detail))
    return ["It would be quiet for more than 71 hours at a stretch.", "Choose fewer days or hours."];
  if (/day of the week/.test(detail)) return ["No day is chosen.", "Choose at least one day of the week."];
  if (/differs/.test(detail)) return ["The quiet time ends when it begins.", "Choose another end."];
  return ["The quiet time needs a beginning and an end.", "Fill in both."];
}

function aboutFile(detail: string): Words {
  if (/no JPEG, PNG, MP4 or PDF/.test(detail))
    return ["This kind of file can't be in the header.", "Choose a JPEG, PNG, MP4 or PDF."];
  if (/is empty/.test(detail)) return ["The file is empty."];
  const [, has, most, type = ""] = /has ([\d.]+) MB.*takes ([\d.]+) MB as (\w+)/.exec(detail) ?? [];
  if (has !== undefined && most !== undefined)
    return [
      `The file is too large: ${has} MB.`,
      `WhatsApp takes up to ${most.replace(/\.0$/, "")} MB for ${NAMES[type] ?? "it"}.`,
    ];
  const [, wanted = "document"] = /takes no \S+ as (\w+)/.exec(detail) ?? [];
  if (wanted === "image") return ["This kind of picture can't be sent.", "Send a JPEG or PNG."];
  if (wanted === "video") return ["This kind of video can't be sent.", "Send an MP4."];
  if (wanted === "audio") return ["This kind of audio can't be sent.", "Send MP3, M4A, AAC, AMR or OGG."];
  return ["This kind of file can't be sent.", "Send a PDF, Office file or text."];
}

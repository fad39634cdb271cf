import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import type { Field, Import, Target } from "./queries.ts";

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;
const people = (count: number) => many(count, "person", "people");
const rows = (count: number) => many(count, "row", "rows");

export const TITLE = "Imports";
export const CONTACTS = "Contacts";
export const LEAD = "Bring in people from a CSV file. Each import stays here with what became of its rows.";
export const LOADING = "Loading imports";
export const OLDER = "Show more";

export const LIST = {
  create: "Import people",
  export: "Export contacts",
  empty: "Nothing imported yet",
  empty_text: "Import people from a spreadsheet or from another system. Save it as a CSV file first.",
  unnamed: "File without a name",
  rows,
};

export const STATES: Record<Import["state"], string> = {
  DRAFT: "Not started",
  RUNNING: "Running",
  DONE: "Done",
  CANCELLED: "Cancelled",
  FAILED: "Failed",
};

export const KINDS: Record<Import["kind"], string> = {
  contacts: "Contacts",
  blacklist: "People who opted out",
  campaign: "Recipients of a campaign",
};

export const COUNTS: Record<keyof Import["counts"], string> = {
  created: "New",
  updated: "Updated",
  unchanged: "Unchanged",
  duplicates: "Duplicates",
  invalid: "Rejected",
  kept_opted_out: "Still opted out",
};
export const COUNT_HINTS: Partial<Record<keyof Import["counts"], string>> = {
  duplicates: "Rows about a person who is in the file already",
};
/** What came of it in one line, the parts that are none left out. */
export const resultOf = ({ created, updated, unchanged, duplicates, invalid }: Import["counts"]): string =>
  [
    created > 0 && `${formatNumber(created)} new`,
    updated > 0 && `${formatNumber(updated)} updated`,
    unchanged > 0 && `${formatNumber(unchanged)} unchanged`,
    duplicates > 0 && many(duplicates, "duplicate", "duplicates"),
    invalid > 0 && `${formatNumber(invalid)} rejected`,
  ]
    .filter(Boolean)
    .join(", ");

export const UPLOAD = {
  title: "Import people",
  blacklist: "Import opted-out people",
  blacklist_lead:
    "Upload a CSV file with a row for each person. Everyone in it gets no more marketing, once you start the import.",
  lead: "Upload a CSV file with a row for each person. You choose what its columns are before anything is imported.",
  drop: "Drop a CSV file here",
  or: "or",
  choose: "Choose a file",
  limits: "Up to 512 MB. Columns may be in any order, with or without a header.",
  uploading: (percent: number) => `Uploading, ${percent}%`,
  reading: "Reading the file",
  reading_text: "A large file takes some seconds.",
  cancel: "Cancel the upload",
  failed: "The file can't be imported",
  again: "Choose another file",
  sample: "Download a sample file",
  sample_text: "It shows the columns that Wharf knows by their names. Only the phone number is needed.",
  sample_name: "wharf-sample.csv",
  excel:
    "From Excel, choose “CSV UTF-8” when you save. Format the phone column as text first, so that no digits are lost.",
};

/** The sample file: what an import takes. */
export const SAMPLE_CSV = [
  "Phone,Name,Language,Country,Tags,Consent,Consent date,Consent source",
  "+5511987654321,Ana Souza,pt-BR,BR,vip|newsletter,yes,2026-03-04,Form on our website",
  '+4915123456789,"Müller, Jörg",de,DE,newsletter,no,,',
  "+972501234567,דנה לוי,he,IL,,pending,2026-05-20,Shop in Tel Aviv",
  "",
].join("\r\n");

export const STEPS = {
  label: "Steps of the import",
  columns: "Columns",
  people: "People",
  check: "Check",
  back: "Back",
  next: "Next",
  saving: "Saving",
  failed: "The change was not saved",
  delete: "Delete this draft",
  ask: "Delete this import?",
  ask_text: "The file is deleted with it. People who were imported stay.",
  deleted: "Import deleted",
  deleted_text: "Its people stay.",
};

export const COLUMNS = {
  lead: (count: number) => `${rows(count)} were found. Choose what each column is.`,
  read: "How the file is read",
  read_text: "Change this only if the samples above look wrong.",
  delimiter: "Columns are separated by",
  delimiters: { ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar" },
  encoding: "Encoding",
  encodings: {
    "utf-8": "UTF-8",
    "utf-16le": "UTF-16",
    "utf-16be": "UTF-16 (big endian)",
    "windows-1252": "Windows-1252 (Western Europe)",
  },
  header: "The first row has the names of the columns",
  column: "Column in the file",
  becomes: "Is",
  no_samples: "Empty in the first rows",
  is: (column: string) => `“${column}” is`,
  new_name: (column: string) => `Name of the new field for “${column}”`,
  new_kind: (column: string) => `Kind of the new field for “${column}”`,
  separator: (column: string) => `What separates the tags in “${column}”`,
  groups: { about: "About the person", fields: "Your fields", more: "More", consent: "Consent" },
  new_field: "A new field",
  tags: "Tags",
  separators: { "|": "separated by |", ";": "separated by ;", ",": "separated by ," },
  country: "Numbers without a country code are from",
  no_country: "They all have a country code",
  dates: "Dates such as 03/04/2026 are",
  day_first: "3 April (day first)",
  month_first: "4 March (month first)",
  decimal: "Decimals are written as",
  point: "1,234.5",
  comma: "1.234,5",
};

export const TARGETS: Record<Exclude<Target["to"], "field" | "new_field" | "tags">, string> = {
  ignore: "Don't import",
  phone: "Phone number",
  name: "Name",
  first_name: "First name",
  last_name: "Last name",
  language: "Language",
  country: "Country",
  time_zone: "Time zone",
  consent_state: "Consent",
  consent_date: "Date of consent",
  consent_source: "Source of consent",
  consent_reason: "Reason",
  value: "A value for the campaign's message",
};
export const FIELD_KINDS: Record<Field["kind"], string> = {
  text: "Text",
  number: "Number",
  date: "Date",
  boolean: "Yes or no",
  choice: "Choice",
};

export const RULES = {
  kind: "These people are",
  kind_hints: {
    contacts: "They become contacts, or fill in contacts that you have.",
    blacklist: "They get no more marketing. Each row is kept as evidence, with its source and reason.",
    campaign: "They become contacts, and get the campaign with the values of their row.",
  } satisfies Record<Import["kind"], string>,
  policy: "People you have already",
  policies: {
    fill_blanks: "Fill in what is missing",
    overwrite: "Replace with the file",
    add_tags: "Add tags and lists only",
  },
  policy_hints: {
    fill_blanks: "What you know of them stays. Empty values are filled in from the file.",
    overwrite: "Values from the file replace yours. Empty cells change nothing.",
    add_tags: "Nothing about them changes but their tags, lists and consent.",
  },
  tags: "Tags for everyone in the file",
  add_tag: "Add a tag",
  lists: "Lists for everyone in the file",
  add_list: "Add a list",
  new_list: "New list",
  new_list_text: "Made when the import starts. Leave it empty to make none.",
  remove: (name: string) => `Remove ${name}`,
};

export const CONSENT = {
  title: "Consent to marketing",
  by_column: (column: string) => `The column “${column}” says it for each row.`,
  by_empty: "Rows where it is empty",
  by_file: "What did these people agree to?",
  states: {
    none: "The file doesn't say",
    SUBSCRIBED: "All of them agreed",
    PENDING: "They were asked and have not confirmed yet",
    NOT_SUBSCRIBED: "They did not agree",
    UNSUBSCRIBED: "They opted out",
  },
  hints: {
    none: "Nothing is written down. Marketing campaigns reach people who never said what they want, unless you exclude them.",
    SUBSCRIBED: "Marketing campaigns reach them. Someone who opted out stays opted out.",
    PENDING: "Marketing campaigns skip them until they confirm.",
    NOT_SUBSCRIBED: "Marketing campaigns skip them.",
    UNSUBSCRIBED: "They get no more marketing, from now on.",
  },
  date: "When they agreed",
  date_rows: "For rows without a date of their own.",
  source: "Where and how they agreed",
  source_example: "Newsletter form on our website",
  agreed: "I confirm that these people agreed to get marketing messages on WhatsApp",
  agreed_text: "Meta asks for proof when people complain. What you enter is kept with each person.",
  opted_out:
    "Someone who opted out is subscribed again only by a row that has a consent and a date of its own, later than the opt-out.",
};

export const CHECK = {
  decide: "Decide this first",
  preview: "The first rows as they will be",
  preview_text: (shown: number, total: number) =>
    shown < total
      ? `${formatNumber(shown)} of ${rows(total)}. Nothing has been changed yet.`
      : "Nothing has been changed yet.",
  loading: "Trying out the first rows",
  line: (line: number) => `Line ${formatNumber(line)}`,
  no_name: "No name",
  start: (count: number) => `Import ${rows(count)}`,
  not_started: "The import has not started",
  outcomes: {
    created: "New",
    updated: "Updated",
    unchanged: "Unchanged",
    invalid: "Rejected",
    duplicate: "Duplicate",
  },
  kept: (count: number) => `${people(count)} in these rows opted out and will stay opted out.`,
};
export const CONSENT_STATES = tableOf<string>({
  SUBSCRIBED: "Subscribed",
  PENDING: "Waits for confirmation",
  NOT_SUBSCRIBED: "Not subscribed",
  UNSUBSCRIBED: "Opted out",
  UNKNOWN: "Nothing known",
  INVALID: "Not reachable",
  REDACTED: "Erased",
});

export const RUN = {
  progress: "Progress of the import",
  done: (done: number, total: number) => `${formatNumber(done)} of ${rows(total)}`,
  leave: "You can leave this page. The import goes on, also after a restart of Wharf.",
  cancel: "Cancel the import",
  ask: "Cancel this import?",
  ask_text: (done: number) =>
    `${rows(done)} were read. People who were imported stay, the other rows are left out.`,
  yes: "Cancel the import",
  no: "Go on importing",
  failed_cancel: "The import was not cancelled",
};

export const OUTCOME = {
  done: "The import is done",
  done_text: (total: number) => `All ${rows(total)} of the file were read.`,
  cancelled: "The import was cancelled",
  cancelled_text: (done: number, total: number) =>
    `${formatNumber(done)} of ${rows(total)} were read. People who were imported stay.`,
  failed: "The import failed",
  kept: (count: number) =>
    `${people(count)} opted out before and stay opted out. Only a row with a later date of consent changes that.`,
  open: "Open these people",
  to_campaign: "Back to the campaign",
  rejects: "Rejected rows",
  rejects_text:
    "Download them, correct them and import that file. Its first two columns are left out by themselves.",
  download: "Download rejected rows",
  gone: "The file and the rejected rows were deleted after 30 days.",
  by: (name: string) => `Uploaded by ${name}`,
  delete: "Delete",
};

import { tableOf } from "../base/base.ts";
import { isDeepStrictEqual } from "node:util";
import { saySame, type Components } from "./components.ts";

/**
 * What a template is, as a fold of its history: the history is a set, sorted here by Meta's own times, so the order
 * in which webhooks arrived can't matter, nor when Meta's list was read between them.
 *
 * Statuses (Meta: message_template_status_update). Most events name the status itself. The others:
 *   FLAGGED, REINSTATED      the template may be sent: APPROVED (that it was flagged is in the history)
 *   UNARCHIVED, UNLOCKED     back to what it was before it was archived or locked; not known: APPROVED
 *   anything unknown         history only
 *
 * Times are whole seconds. Of two events in one second the one that forbids more counts as the later: to hold back
 * a template by mistake does less harm than to send it.
 *
 * A `listed` row is what Meta's list said, from its first time to its last, and counts at both: what a webhook said in
 * between and the list no longer does is over by the last. It counts before the webhooks of its second, which may have
 * happened since the request began. What the list says is a state and no event: where it confirms, details that only
 * webhooks tell stay; times are those at which something is known to have changed, and null where the list was the
 * first to tell.
 */
export interface HistoryRow {
  id: string;
  subject: string;
  value: string | null;
  detail: Record<string, unknown>;
  occurred_at: Date;
  /** Of a listed row. */
  last_at: Date | null;
}

export interface TemplateState {
  waba_id: string;
  name: string | null;
  language: string | null;
  category: string | null;
  category_at: Date | null;
  correct_category: string | null;
  status: string;
  status_at: Date | null;
  reason: string | null;
  reason_details: string | null;
  recommendation: string | null;
  pause_title: string | null;
  pause_description: string | null;
  disable_date: string | null;
  quality: string;
  quality_at: Date | null;
  components: Components | null;
  components_at: Date | null;
}

/** When an account's list was last read to its end; null: never. */
export type ReadAt = (waba_id: string) => Date | null;

const DAY_MS = 86_400_000;
/** Meta's list may not have a new template yet that its webhook already told of. */
const NEW_MS = 10 * 60_000;
/** Meta deletes what was archived so long. Till then it may be missing in a list that never had it as archived. */
const ARCHIVED_MS = 28 * DAY_MS;

/** Every event that changes the status, from the one that forbids least. */
const STATUS_EVENTS = [
  "PENDING",
  "IN_APPEAL",
  "UNARCHIVED",
  "UNLOCKED",
  "APPROVED",
  "REINSTATED",
  "FLAGGED",
  "LIMIT_EXCEEDED",
  "LOCKED",
  "PAUSED",
  "REJECTED",
  "DISABLED",
  "ARCHIVED",
  "PENDING_DELETION",
  "DELETED",
];
const SENDABLE = new Set(["APPROVED", "REINSTATED", "FLAGGED"]);
/** What an event takes back. */
const UNDOES = tableOf<string>({ UNARCHIVED: "ARCHIVED", UNLOCKED: "LOCKED" });

export function changesStatus(event: string): boolean {
  return STATUS_EVENTS.includes(event);
}

/** Throws nothing; a history without a waba_id gives "". */
export function foldTemplate(history: readonly HistoryRow[], read_at: ReadAt): TemplateState & Absence {
  const state = unknownTemplate();
  const passed: string[] = [];
  for (const moment of momentsOf(history)) take(state, passed, moment);
  const unlisted_at = unlistedAt(state, history, read_at);
  if (unlisted_at === null) return { ...state, unlisted_at };
  return { ...state, ...NO_DETAILS, status: "DELETED", status_at: newestOf(history), unlisted_at };
}

/** The rows that told something that was not known before; the list mostly confirms. */
export function tellingRows(history: readonly HistoryRow[]): Set<string> {
  const telling = new Set<string>();
  const state = unknownTemplate();
  const passed: string[] = [];
  let gone = false;
  for (const moment of momentsOf(history)) {
    const { id, subject } = moment.row;
    const before = { ...state };
    take(state, passed, moment);
    // That it is there again is news, too.
    if (subject !== "listed" || gone || !isDeepStrictEqual(before, state)) telling.add(id);
    if (subject === "listed" || subject === "unlisted") gone = subject === "unlisted";
  }
  return telling;
}

const unknownTemplate = (): TemplateState => ({
  waba_id: "",
  name: null,
  language: null,
  category: null,
  category_at: null,
  correct_category: null,
  status: "UNKNOWN",
  status_at: null,
  ...NO_DETAILS,
  quality: "UNKNOWN",
  quality_at: null,
  components: null,
  components_at: null,
});

const NO_DETAILS = {
  reason: null,
  reason_details: null,
  recommendation: null,
  pause_title: null,
  pause_description: null,
  disable_date: null,
};

interface Absence {
  /** Its list was read to its end without it: then, and nothing was heard of it since. */
  unlisted_at: Date | null;
}

interface Moment {
  at: Date;
  row: HistoryRow;
  /** The last time of a listed row, where it has two. */
  again: boolean;
}

/** In the order in which they count. */
function momentsOf(history: readonly HistoryRow[]): Moment[] {
  return history
    .flatMap((row): Moment[] => {
      const first = { at: row.occurred_at, row, again: false };
      return row.last_at !== null && row.last_at > row.occurred_at
        ? [first, { at: row.last_at, row, again: true }]
        : [first];
    })
    .toSorted(
      (a, b) =>
        a.at.getTime() - b.at.getTime() ||
        rank(a.row) - rank(b.row) ||
        (a.row.id < b.row.id ? -1 : a.row.id > b.row.id ? 1 : 0),
    );
}

/** `passed`: the statuses passed through, to find the one before ARCHIVED or LOCKED. */
function take(state: TemplateState, passed: string[], { at, row, again }: Moment): void {
  const { subject, value, detail } = row;
  if (subject === "unlisted") return;
  state.waba_id = text(detail, "waba_id") ?? state.waba_id;
  state.name = text(detail, "name") ?? state.name;
  state.language = text(detail, "language") ?? state.language;
  if (subject === "listed") return takeListed(state, passed, { at, row, again });

  if (subject === "status" && value !== null && changesStatus(value)) {
    state.status = statusAfter(value, passed);
    passed.push(state.status);
    state.status_at = at;
    state.reason = text(detail, "reason");
    state.reason_details = text(detail, "reason_details");
    state.recommendation = text(detail, "recommendation");
    const pause = object(detail, "pause");
    state.pause_title = pause && text(pause, "title");
    state.pause_description = pause && text(pause, "description");
    state.disable_date = text(detail, "disable_date");
  }
  const category = text(detail, "category");
  if ((subject === "status" || subject === "category") && category !== null) {
    state.category = category;
    state.category_at = at;
  }
  // Announced for later with correct_category (then `category` is the present one), done with `previous`.
  if (subject === "category") state.correct_category = text(detail, "correct_category");
  if (state.correct_category === state.category) state.correct_category = null;

  if (subject === "quality" && value !== null) {
    state.quality = value;
    state.quality_at = at;
  }
  if (subject === "components") {
    state.components = object(detail, "components");
    state.components_at = at;
  }
}

function takeListed(state: TemplateState, passed: string[], { at, row, again }: Moment): void {
  const { value, detail } = row;
  // At its last time a row corrects what was said within: that was the change, and it is over.
  const since = (known: boolean, before: Date | null) => (!known ? null : again ? before : at);

  const status = value !== null && SENDABLE.has(value) ? "APPROVED" : value;
  if (status !== null && status !== state.status) {
    const known = state.status !== "UNKNOWN";
    Object.assign(state, NO_DETAILS, { status, status_at: since(known, state.status_at) });
  }
  if (status !== null) {
    passed.push(status);
    state.reason = text(detail, "reason") ?? state.reason;
  }
  const category = text(detail, "category");
  if (category !== null && category !== state.category) {
    state.category_at = since(state.category !== null, state.category_at);
    state.category = category;
  }
  if (state.correct_category === state.category) state.correct_category = null;

  const quality = text(detail, "quality");
  if (quality !== null && quality !== state.quality) {
    state.quality_at = since(state.quality !== "UNKNOWN" || state.quality_at !== null, state.quality_at);
    state.quality = quality;
  }
  const components = object(detail, "components");
  if (components !== null) {
    if (state.components === null || !saySame(state.components, components))
      state.components_at = since(state.components !== null, state.components_at);
    state.components = components;
  }
}

function newestOf(history: readonly HistoryRow[]): Date {
  return history.reduce((newest, row) => (lastOf(row) > newest ? lastOf(row) : newest), new Date(0));
}
const lastOf = (row: HistoryRow): Date =>
  row.subject === "unlisted" ? new Date(0) : (row.last_at ?? row.occurred_at);

/** A template missing in a list that was read to its end after all that is known of it was deleted. */
function unlistedAt(state: TemplateState, history: readonly HistoryRow[], read_at: ReadAt): Date | null {
  const at = read_at(state.waba_id);
  if (at === null || state.status === "DELETED" || newestOf(history) >= at) return null;
  let heard_ms = Number.POSITIVE_INFINITY;
  for (const { occurred_at } of history) heard_ms = Math.min(heard_ms, occurred_at.getTime());
  if (at.getTime() - heard_ms < NEW_MS) return null;
  const lists_archived = history.some(({ subject, value }) => subject === "listed" && value === "ARCHIVED");
  const archived_ms = state.status === "ARCHIVED" && !lists_archived ? state.status_at?.getTime() : null;
  return archived_ms && at.getTime() - archived_ms < ARCHIVED_MS ? null : at;
}

function statusAfter(event: string, passed: readonly string[]): string {
  if (SENDABLE.has(event)) return "APPROVED";
  const undone = UNDOES[event];
  if (undone === undefined) return event;
  return passed.findLast((status) => status !== undone) ?? "APPROVED";
}

function rank({ subject, value }: HistoryRow): number {
  if (subject === "listed") return -2;
  return subject === "status" && value !== null ? STATUS_EVENTS.indexOf(value) : -1;
}

function text(from: Record<string, unknown>, name: string): string | null {
  const value = from[name];
  return typeof value === "string" && value !== "" ? value : null;
}

function object(from: Record<string, unknown>, name: string): Record<string, unknown> | null {
  const value = from[name];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/**
 * What a template is, as a fold of its history: the history is a set, sorted here by Meta's own times, so the order
 * in which webhooks arrived can't matter.
 *
 * Statuses (Meta: message_template_status_update). Most events name the status itself. The others:
 *   FLAGGED, REINSTATED      the template may be sent: APPROVED (that it was flagged is in the history)
 *   UNARCHIVED, UNLOCKED     back to what it was before it was archived or locked; not known: APPROVED
 *   anything unknown         history only
 *
 * Times are whole seconds. Of two events in one second the one that forbids more counts as the later: to hold back
 * a template by mistake does less harm than to send it.
 */
export interface HistoryRow {
  id: string;
  subject: string;
  value: string | null;
  detail: Record<string, unknown>;
  occurred_at: Date;
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
  recommendation: string | null;
  pause_title: string | null;
  pause_description: string | null;
  disable_date: string | null;
  quality: string;
  quality_at: Date | null;
  components: Record<string, unknown> | null;
  components_at: Date | null;
}

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
const UNDOES: Record<string, string> = { UNARCHIVED: "ARCHIVED", UNLOCKED: "LOCKED" };

export function changesStatus(event: string): boolean {
  return STATUS_EVENTS.includes(event);
}

/** Throws nothing; a history without a waba_id gives "". */
export function foldTemplate(history: readonly HistoryRow[]): TemplateState {
  const state: TemplateState = {
    waba_id: "",
    name: null,
    language: null,
    category: null,
    category_at: null,
    correct_category: null,
    status: "UNKNOWN",
    status_at: null,
    reason: null,
    recommendation: null,
    pause_title: null,
    pause_description: null,
    disable_date: null,
    quality: "UNKNOWN",
    quality_at: null,
    components: null,
    components_at: null,
  };
  // The statuses passed through, to find the one before ARCHIVED or LOCKED.
  const passed: string[] = [];
  for (const { subject, value, detail, occurred_at } of history.toSorted(byTime)) {
    state.waba_id = text(detail, "waba_id") ?? state.waba_id;
    state.name = text(detail, "name") ?? state.name;
    state.language = text(detail, "language") ?? state.language;

    if (subject === "status" && value !== null && changesStatus(value)) {
      state.status = statusAfter(value, passed);
      passed.push(state.status);
      state.status_at = occurred_at;
      state.reason = text(detail, "reason");
      state.recommendation = text(detail, "recommendation");
      const pause = object(detail, "pause");
      state.pause_title = pause && text(pause, "title");
      state.pause_description = pause && text(pause, "description");
      state.disable_date = text(detail, "disable_date");
    }
    const category = text(detail, "category");
    if ((subject === "status" || subject === "category") && category !== null) {
      state.category = category;
      state.category_at = occurred_at;
    }
    // Announced for later with correct_category (then `category` is the present one), done with `previous`.
    if (subject === "category") state.correct_category = text(detail, "correct_category");
    if (state.correct_category === state.category) state.correct_category = null;

    if (subject === "quality" && value !== null) {
      state.quality = value;
      state.quality_at = occurred_at;
    }
    if (subject === "components") {
      state.components = object(detail, "components");
      state.components_at = occurred_at;
    }
  }
  return state;
}

function statusAfter(event: string, passed: readonly string[]): string {
  if (SENDABLE.has(event)) return "APPROVED";
  const undone = UNDOES[event];
  if (undone === undefined) return event;
  return passed.findLast((status) => status !== undone) ?? "APPROVED";
}

function byTime(a: HistoryRow, b: HistoryRow): number {
  return (
    a.occurred_at.getTime() - b.occurred_at.getTime() ||
    rank(a) - rank(b) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function rank({ subject, value }: HistoryRow): number {
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

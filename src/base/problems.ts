/**
 * Every problem that the API can answer: one code, one status, one sentence that says what to do.
 * The sentence holds whatever `detail` says beside it. `docs/errors.md` explains each; a test checks that the two lists
 * are the same. What people read of it on the pages is in web/src/lib/server/problem-texts.ts, of which a test checks the
 * same.
 */
export const problems = {
  UNAUTHENTICATED: { status: 401, title: "Sign in, or send an API key as `Authorization: Bearer <key>`." },
  SIGNED_IN_AS_ANOTHER: {
    status: 401,
    title: "The session is another user's than `X-Wharf-User` names; reload the page.",
  },
  SIGN_IN_FAILED: { status: 401, title: "The email or the password is wrong." },
  FORBIDDEN: { status: 403, title: "You may not do this; `detail` says why." },
  PASSWORD_NEEDED: {
    status: 403,
    title: "Give your password again (`POST /api/auth/prove`); this is only done within ten minutes of it.",
  },
  ROLE_IN_USE: {
    status: 409,
    title: "Someone, a key or an invitation has this role; give them another first.",
  },
  LAST_OWNER: {
    status: 409,
    title: "The workspace would have no owner; make someone else an owner first.",
  },
  ALREADY_MEMBER: { status: 409, title: "A person with this email is in the workspace already." },
  INVITATION_ENDED: {
    status: 410,
    title: "This invitation was used, revoked or replaced, or is older than seven days; ask for another.",
  },
  PASSWORD_WEAK: { status: 422, title: "This password is too easy to guess; `detail` says why." },
  NOT_FOUND: { status: 404, title: "Your workspace has nothing of this id or name." },
  INVALID_REQUEST: {
    status: 400,
    title: "The request can't be taken as it is; `detail` says what is wrong.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: "The body is too large; send less than the limit that `detail` names.",
  },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "Send the body as application/json." },
  PASSWORD_SET: { status: 409, title: "There is a password already; change it, giving the current one." },
  NAME_TAKEN: { status: 409, title: "Another one of its kind has this name; choose another name." },
  EMAIL_TAKEN: { status: 409, title: "Another account has this email; choose another one." },
  TOO_MANY_READERS: {
    status: 429,
    title: "The workspace reads the change feed as often as it may; close a stream that is no longer used.",
  },
  TOO_MANY_REQUESTS: { status: 429, title: "Too many attempts; wait as long as `Retry-After` says." },
  IMPORT_FILE: { status: 422, title: "This file can't be imported; `detail` says what to correct." },
  IMPORT_NOT_READY: {
    status: 422,
    title: "The import can't start yet; `detail` says what is to be decided.",
  },
  IMPORT_STATE: { status: 409, title: "The import is in another state; `detail` says which." },
  INVALID_URL: { status: 422, title: "This URL can't be used; `detail` says why." },
  URL_TOO_LONG: { status: 422, title: "The URL is longer than 512 characters; use a shorter one." },
  TARGET_NOT_ALLOWED: {
    status: 422,
    title:
      "This address can't be delivered to; use a public one, or ask your operator to allow it (WHARF_ALLOWED_TARGETS).",
  },
  ENDPOINT_LIMIT: {
    status: 422,
    title: "The workspace has 20 endpoints, which is the limit; delete one that is no longer used.",
  },
  HEADER_NOT_ALLOWED: {
    status: 422,
    title: "This header can't be set; `detail` names it and says why.",
  },
  EDITED_MEANWHILE: {
    status: 409,
    title:
      "The endpoint was changed since the version that this change is based on; `conflicts` says what, by which user and when.",
  },
  NO_REMOVED_HEADERS: {
    status: 409,
    title: "These headers can't be put back any more; enter them anew.",
  },
  ON_HOLD: {
    status: 409,
    title:
      "This Wharf was restored or copied and sends nothing until an owner confirms it: POST /api/v1/installation/confirm.",
  },
  NOT_FAILING: {
    status: 409,
    title: "The endpoint is not failing, so there is nothing to attempt; send a test instead.",
  },
  NOTHING_PENDING: {
    status: 409,
    title: "No delivery waits for this endpoint, so there is nothing to attempt; send a test instead.",
  },
  NO_PREPARED_SECRET: { status: 409, title: "No secret is prepared; prepare one first." },
  MASTER_KEY_MISSING: {
    status: 503,
    title:
      "The master key that this endpoint's secret or headers were made with is gone; ask your operator to add it to WHARF_MASTER_KEY, or rotate the secret and enter the headers anew.",
  },
  ENDPOINT_OFF: {
    status: 409,
    title: "The endpoint is switched off or was disabled after failures; enable it first.",
  },
  DELIVERY_STATE: {
    status: 409,
    title: "This can't be done to the delivery in its present state; `detail` says why.",
  },
  BODY_GONE: {
    status: 410,
    title: "The webhook's bytes are no longer kept (WHARF_RETENTION_DAYS), so they can't be sent or shown.",
  },
  TOO_MANY_DELIVERIES: {
    status: 422,
    title: "More than 100,000 deliveries match, which is the limit; narrow the filter.",
  },
  RECOVERY_RUNNING: {
    status: 409,
    title: "Such a recovery is under way for this endpoint; wait for its end, or cancel it.",
  },
  RECOVERY_STATE: { status: 409, title: "The recovery has ended; there is nothing to cancel." },
  JOURNAL_STATE: { status: 409, title: "Only a dead or waiting webhook can be retried; this one is done." },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "This Idempotency-Key was used with another request; send a new key.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: "A request with this Idempotency-Key is still under way; wait for its answer.",
  },
  SANDBOX_OFF: { status: 409, title: "The sandbox runs only while no Meta credentials are set." },
  SIMULATOR_AWAY: {
    status: 503,
    title: "The simulator does not answer just now; it is started again by itself, so try again in a moment.",
  },
  SIMULATOR_BUSY: { status: 409, title: "The simulator plays a scenario already; end that one first." },
  WINDOW_CLOSED: {
    status: 409,
    title: "The person has not written for 24 hours; only a template can be sent now.",
  },
  MARKETING_REFUSED: {
    status: 409,
    title: "The person opted out of marketing, or has not confirmed it; this template can't be sent to them.",
  },
  TEMPLATE_BLOCKED: {
    status: 409,
    title: "Meta refused this template; correct it, have it approved, and use it then.",
  },
  TEMPLATE_INVALID: {
    status: 422,
    title: "Meta does not take such a template; `faults` says what is wrong, field by field.",
  },
  TEMPLATE_REFUSED: {
    status: 422,
    title: "Meta refused the template; `refusal` says why, and at which field.",
  },
  TEMPLATE_STATE: {
    status: 409,
    title: "This can't be done to the template in its present state; `detail` says why.",
  },
  TEMPLATE_EDITED_MEANWHILE: {
    status: 409,
    title: "The draft was changed since the version that this change is based on; read it again.",
  },
  GROUP_NOT_SENDABLE: {
    status: 409,
    title:
      "No template of the group that fits the customer or is the fallback is approved; correct the group.",
  },
  AUTOMATION_STATE: {
    status: 409,
    title: "This can't be done to the automation in its present state; `detail` says why.",
  },
  AUTOMATION_CHANGED: {
    status: 409,
    title: "The draft was changed since the revision that this is based on; `detail` names its present one.",
  },
  AUTOMATION_INCOMPLETE: {
    status: 422,
    title:
      "The automation can't be activated yet; `detail` says what to correct, and `checks` at which node.",
  },
  CAMPAIGN_STATE: {
    status: 409,
    title: "This can't be done to the campaign in its present state; `detail` says why.",
  },
  APPROVAL_NEEDS_TWO: {
    status: 409,
    title: "Approval can't be asked for; `detail` says why.",
  },
  CAMPAIGN_EDITED_MEANWHILE: {
    status: 409,
    title: "The campaign was changed since the `updated_at` that this change is based on; read it again.",
  },
  RATE_CARD_INVALID: {
    status: 422,
    title: "The rate card can't be kept as it is; `detail` says what to correct.",
  },
  CAMPAIGN_NOT_READY: {
    status: 422,
    title: "The campaign can't be sent as it is; `detail` says what is missing, and `checks` at a launch.",
  },
  META_AWAY: { status: 503, title: "Meta could not be reached, and nothing has happened; try again." },
  META_UNSURE: {
    status: 502,
    title: "Meta's answer was lost: it may have been done. Look whether it was before trying again.",
  },
  MESSAGE_INVALID: { status: 422, title: "This message can't be sent; `detail` says why." },
  NUMBER_INVALID: {
    status: 422,
    title: "This phone number can't be used; `detail` says why. Write it with + and its country code.",
  },
  MERGE_REFUSED: { status: 409, title: "These two contacts can't become one; `detail` says why." },
  ERASE_REFUSED: { status: 409, title: "This contact can't be erased, or not now; `detail` says why." },
  RECIPIENT_IS_SENDER: {
    status: 422,
    title: "This is the number that sends the message. Write to another number.",
  },
  MEDIA_INVALID: { status: 422, title: "Meta does not take such a file; `detail` says why." },
  MEDIA_STATE: { status: 409, title: "The file is not there, or need not be fetched; `detail` says which." },
  MEDIA_MISSING: { status: 410, title: "The file was stored, and its bytes are gone; ask your operator." },
  MEDIA_UNAVAILABLE: {
    status: 503,
    title: "The store of the files can't be used just now; try again in a few seconds.",
  },
  RANGE_OUTSIDE: { status: 416, title: "The file is shorter than where the range begins." },
  WORD_TAKEN: { status: 409, title: "The list has this word or button already; `detail` says which." },
  WORD_INVALID: {
    status: 422,
    title: "No message can be read by this word; it needs a letter or a digit, and at most 80 characters.",
  },
  TOO_MANY_WORDS: { status: 409, title: "The list of words is full; `detail` says how many it holds." },
  ASKING_TEMPLATE: {
    status: 422,
    title: "A double opt-in can't ask by this template, or from this number; `detail` says why.",
  },
  QUIET_HOURS_INVALID: { status: 422, title: "These quiet hours can't be kept; `detail` says why." },
  TIME_ZONE_INVALID: { status: 422, title: "The time zone is not known; `detail` says which it was." },
  CONTACT_ERASED: { status: 409, title: "This person was erased; nothing is kept of them any more." },
  NOT_CONNECTED: {
    status: 409,
    title: "No access token is set for this number's connection; add one under Settings, Connections.",
  },
  CONNECTION_STATE: {
    status: 409,
    title: "This can't be done to the connection in its present state; `detail` says why.",
  },
  ACCOUNT_TAKEN: {
    status: 409,
    title: "The account belongs to another workspace or connection; `detail` says to which.",
  },
  META_REFUSED: { status: 422, title: "Meta refused this; `detail` says why." },
  SEND_STATE: {
    status: 409,
    title: "This can't be done to the message in its present state; `detail` says why.",
  },
  CONFIRM_NEEDED: {
    status: 409,
    title: 'The message may have arrived already; to send it again all the same, say `{"confirm": true}`.',
  },
  QUERY_TIMEOUT: {
    status: 503,
    title: "The database took too long for this and was stopped; ask for less, or try again in a minute.",
  },
  UNAVAILABLE: { status: 503, title: "Wharf can't do this just now; try again in a few seconds." },
  INTERNAL: { status: 500, title: "An internal error; the log has the details under this request id." },
} as const;

export type ProblemCode = keyof typeof problems;

/** Thrown by handlers, answered as an RFC 9457 problem document. `detail` is written for the caller. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  /** Goes out as `Retry-After`. */
  readonly retry_after_s: number | undefined;
  /** Members of the document beside the common ones, for programs. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail?: string,
    {
      retry_after_s,
      more = {},
      ...options
    }: { cause?: unknown; retry_after_s?: number; more?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(detail ?? problems[code].title, options);
    this.code = code;
    this.detail = detail;
    this.more = more;
    this.retry_after_s =
      retry_after_s ?? (code === "UNAVAILABLE" || code === "MEDIA_UNAVAILABLE" ? 5 : undefined);
  }

  get status(): number {
    return problems[this.code].status;
  }
}

import { randomBytes } from "node:crypto";

/** The title and HTTP status that Meta gives a code; others have the title of an unknown error. */
const TITLES: Record<number, readonly [title: string, http_status: number]> = {
  0: ["AuthException", 401],
  1: ["API Unknown", 400],
  2: ["API Service", 503],
  3: ["API Method", 500],
  4: ["API Too Many Calls", 400],
  10: ["Permission Denied", 403],
  33: ["Parameter value is not valid", 400],
  100: ["Invalid parameter", 400],
  190: ["Access token has expired", 401],
  200: ["Permission Denied", 403],
  368: ["Temporarily blocked for policies violations", 403],
  80007: ["Rate limit issues", 400],
  130429: ["Rate limit hit", 400],
  130472: ["User's number is part of an experiment", 400],
  130497: ["Business account is restricted from messaging users in this country.", 403],
  131000: ["Something went wrong", 500],
  131005: ["Access denied", 403],
  131008: ["Required parameter is missing", 400],
  131009: ["Parameter value is not valid", 400],
  131016: ["Service unavailable", 500],
  131020: ["Bad Group", 400],
  131021: ["Recipient cannot be sender", 400],
  131026: ["Message Undeliverable.", 400],
  131030: ["Recipient phone number not in allowed list", 400],
  131031: ["Account has been locked", 403],
  131037: ["WhatsApp provided number needs display name approval before message can be sent.", 400],
  131041: ["Group unknown", 400],
  131042: ["Business eligibility payment issue", 400],
  131045: ["Incorrect certificate", 500],
  131047: ["Re-engagement message", 400],
  131048: ["Spam rate limit hit", 400],
  131049: ["This message was not delivered to maintain healthy ecosystem engagement.", 400],
  131050: ["User has stopped marketing messages from this business", 400],
  131051: ["Unsupported message type", 400],
  131052: ["Media download error", 400],
  131053: ["Media upload error", 400],
  131056: ["(Business Account, Consumer Account) pair rate limit hit", 400],
  131057: ["Business Account is in maintenance mode", 500],
  131062: ["Recipient user id is not supported", 400],
  131201: ["Request partially succeeded", 206],
  131212: ["Participant is not a part of the group.", 400],
  131213: ["Group join request does not exist.", 400],
  132000: ["Number of parameters does not match the expected number of params", 400],
  132001: ["Template name does not exist in the translation", 404],
  132005: ["Translated text too long", 400],
  132007: ["Template content policy violation", 400],
  132008: ["Template parameter value is invalid", 400],
  132012: ["Parameter format does not match format in the created template", 400],
  132015: ["Template is paused", 400],
  132016: ["Template is disabled", 400],
  133005: ["Two step verification PIN Mismatch", 400],
  133006: ["Phone number re-verification needed", 400],
  132018: ["There is an issue with the parameters in your template", 400],
  133010: ["Phone number not registered", 400],
  133016: ["Account register deregister rate limit exceeded", 400],
  134100: ["Only marketing messages are supported", 400],
  135000: ["Generic user error", 400],
  138001: ["Receiver uncallable", 400],
  138006: ["No approved call permission from the recipient", 400],
  139001: ["Flow can't be updated", 400],
  139002: ["Flow can't be published", 400],
  139003: ["Flow can't be deprecated", 400],
  139004: ["Flow can't be deleted", 400],
  139100: ["Failed to block/unblock users", 400],
  147001: ["Username not available", 400],
  147005: ["Username transfer required", 400],
};

/** What Meta's answer to a wrong request says. */
export class GraphFault extends Error {
  readonly code: number;
  readonly details: string | null;
  readonly more: {
    /** In Graph's own words, which stand in `message` alone. */
    message?: string;
    subcode?: number;
    user_title?: string;
    type?: string;
    http_status?: number;
  };

  constructor(code: number, details: string | null = null, more: GraphFault["more"] = {}) {
    super(more.message ?? titleOf(code));
    this.code = code;
    this.details = details;
    this.more = more;
  }
}

/** What Graph itself refuses, before WhatsApp sees it: without details. */
export const graphFault = (message: string, code = 100, more: GraphFault["more"] = {}): GraphFault =>
  new GraphFault(code, null, { ...more, message });

/** The parameter isn't there, or is nothing that Graph takes. */
export const missing = (name: string): GraphFault => graphFault(`(#100) The parameter ${name} is required.`);

export const unknownObject = (method: string, id: string): GraphFault =>
  graphFault(
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    100,
    { subcode: 33, type: "GraphMethodException" },
  );

export const unknownField = (name: string, type: string): GraphFault =>
  graphFault(`(#100) Tried accessing nonexisting field (${name}) on node type (${type})`);

export const titleOf = (code: number): string => TITLES[code]?.[0] ?? "An unknown error occurred";

/** An error in Meta's very form: what depends on its product stands in `error_data`. */
export function answerOf(fault: GraphFault): { http_status: number; body: unknown } {
  const { code, details, more } = fault;
  const { subcode, user_title, type = "OAuthException", http_status = TITLES[code]?.[1] ?? 400 } = more;
  const ofWhatsApp = more.message === undefined && (code === 100 || (code >= 130_000 && code < 150_000));
  return {
    http_status,
    body: {
      error: {
        message: ofWhatsApp ? `(#${code}) ${fault.message}` : (details ?? fault.message),
        type,
        code,
        ...(details === null || !ofWhatsApp || user_title !== undefined
          ? {}
          : { error_data: { messaging_product: "whatsapp", details } }),
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(user_title === undefined
          ? {}
          : { is_transient: false, error_user_title: user_title, error_user_msg: details }),
        fbtrace_id: traceId(),
      },
    },
  };
}

/** `errors[]` of a status. */
export function failureOf(code: number): Record<string, unknown> {
  const title = titleOf(code);
  return {
    code,
    title,
    message: title,
    error_data: { details: DETAILS[code] ?? title },
    href: "/documentation/business-messaging/whatsapp/support/error-codes",
  };
}

const DETAILS: Record<number, string> = {
  131026: "Message undeliverable.",
  131047:
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
  131049: "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
};

export const traceId = (): string => `A${randomBytes(17).toString("base64url").slice(0, 22)}`;

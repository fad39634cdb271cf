import { z } from "zod";

/** The things that the API shows. Times are ISO 8601 UTC; names are the columns' names. */
export const Id = z.uuid();
export const Time = z.iso.datetime({ offset: true });

export const Subscription = z.enum([
  "statuses",
  "messages",
  "template_status",
  "template_quality",
  "account",
  "phone_number",
  "user_preferences",
  "echoes",
  "calls",
  "flows",
  "groups",
  "other",
]);

export const User = z.object({ id: z.string(), name: z.string(), email: z.string() });
export const Workspace = z.object({ id: Id, name: z.string() });
export const Me = z.object({
  user: User.nullable(),
  workspace: Workspace,
  role: z.string(),
  /** The owner came in by the one-time link and has no password yet. */
  needs_password: z.boolean(),
  /** sandbox: the simulator is our Meta. */
  mode: z.enum(["sandbox", "live"]),
});

export const Identity = z.object({
  kind: z.enum(["wa_id", "phone", "bsuid", "parent_bsuid", "username", "group"]),
  value: z.string(),
  former: z.boolean(),
});
export const MarketingState = z.enum([
  "SUBSCRIBED",
  "PENDING",
  "NOT_SUBSCRIBED",
  "UNSUBSCRIBED",
  "UNKNOWN",
  "INVALID",
  "REDACTED",
]);
export const Contact = z.object({
  id: Id,
  /** What to call the contact: the name given by people, else the profile's, else @username, else the number. */
  display_name: z.string(),
  name: z.string().nullable(),
  profile_name: z.string().nullable(),
  username: z.string().nullable(),
  /** International form (`+1 650 555 1234`) of the current number; null when Meta hides it. */
  phone: z.string().nullable(),
  marketing_state: MarketingState,
  identities: z.array(Identity),
  last_inbound_at: Time.nullable(),
  created_at: Time,
});
export const ConsentEvent = z.object({
  id: Id,
  state: MarketingState,
  source: z.string(),
  evidence: z.string().nullable(),
  occurred_at: Time,
});

export const PhoneNumber = z.object({
  id: Id,
  phone_number_id: z.string(),
  display_phone_number: z.string().nullable(),
  last_webhook_at: Time.nullable(),
});

export const MessageStatus = z.enum(["QUEUED", "ACCEPTED", "SENT", "DELIVERED", "READ", "PLAYED", "FAILED"]);
export const Message = z.object({
  id: Id,
  conversation_id: Id,
  direction: z.enum(["INBOUND", "OUTBOUND"]),
  source: z.enum(["CUSTOMER", "AGENT", "CAMPAIGN", "AUTOMATION", "API", "PHONE_APP"]),
  type: z.string(),
  wamid: z.string().nullable(),
  /** The newest text: an edit replaces it. Null when revoked or when the type has none. */
  text: z.string().nullable(),
  content: z.record(z.string(), z.unknown()),
  /** Who spoke, in a group. */
  author: z.string().nullable(),
  context: z
    .object({
      wamid: z.string(),
      message_id: Id.nullable(),
      text: z.string().nullable(),
      type: z.string().nullable(),
      direction: z.enum(["INBOUND", "OUTBOUND"]).nullable(),
    })
    .nullable(),
  reactions: z.array(z.object({ emoji: z.string(), actor: z.string() })),
  edited_at: Time.nullable(),
  revoked_at: Time.nullable(),
  /** Outbound only. */
  status: MessageStatus.nullable(),
  delivered_at: Time.nullable(),
  read_at: Time.nullable(),
  failed_at: Time.nullable(),
  error: z
    .object({ code: z.number().nullable(), title: z.string().nullable(), details: z.string().nullable() })
    .nullable(),
  sent_at: Time,
  received_at: Time,
});

export const Conversation = z.object({
  id: Id,
  status: z.enum(["OPEN", "PENDING", "RESOLVED"]),
  contact: Contact.pick({ id: true, display_name: true, phone: true, username: true, marketing_state: true }),
  phone_number: PhoneNumber.pick({ id: true, phone_number_id: true, display_phone_number: true }),
  assignee: User.nullable(),
  unread_count: z.number().int(),
  last_message: z
    .object({
      id: Id,
      direction: z.enum(["INBOUND", "OUTBOUND"]),
      type: z.string(),
      text: z.string().nullable(),
      status: MessageStatus.nullable(),
      sent_at: Time,
    })
    .nullable(),
  last_message_at: Time.nullable(),
  window_expires_at: Time.nullable(),
  updated_at: Time,
});

export const Template = z.object({
  id: Id,
  template_id: z.string(),
  waba_id: z.string(),
  name: z.string().nullable(),
  language: z.string().nullable(),
  category: z.string().nullable(),
  correct_category: z.string().nullable(),
  status: z.string(),
  status_at: Time.nullable(),
  reason: z.string().nullable(),
  recommendation: z.string().nullable(),
  pause_title: z.string().nullable(),
  disable_date: z.string().nullable(),
  quality: z.string(),
  updated_at: Time,
});
export const TemplateEvent = z.object({
  id: Id,
  subject: z.string(),
  value: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  occurred_at: Time,
});

export const JournalState = z.enum(["pending", "done", "dead"]);
export const JournalWebhook = z.object({
  id: Id,
  received_at: Time,
  connection_id: Id,
  state: JournalState,
  attempts: z.number().int(),
  next_attempt_at: Time.nullable(),
  error: z.string().nullable(),
  settled_at: Time.nullable(),
  body_bytes: z.number().int(),
  /** Kinds of the events that it brought first. */
  kinds: z.array(z.string()),
});
export const JournalEvent = z.object({
  id: Id,
  key: z.string(),
  kind: z.string(),
  occurred_at: Time.nullable(),
  outcome: z.enum(["applied", "ignored", "failed"]),
  reason: z.string().nullable(),
  payload: z.unknown(),
});

export const Endpoint = z.object({
  id: Id,
  url: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  events: z.array(Subscription),
  state: z.enum(["ok", "failing", "disabled"]),
  state_reason: z.string().nullable(),
  secret_created_at: Time,
  /** The first 8 hex digits of the SHA-256 of the secret: to tell secrets apart, of no use to sign. */
  secret_fingerprint: z.string(),
  last_success_at: Time.nullable(),
  last_failure_at: Time.nullable(),
  created_at: Time,
  updated_at: Time,
});
export const Delivery = z.object({
  id: Id,
  endpoint_id: Id,
  journal_id: Id.nullable(),
  kind: z.enum(["event", "test", "replay"]),
  events: z.array(Subscription),
  state: z.enum(["pending", "delivered", "failed", "cancelled", "held"]),
  attempts: z.number().int(),
  next_attempt_at: Time.nullable(),
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  created_at: Time,
  settled_at: Time.nullable(),
});
export const Attempt = z.object({
  attempt: z.number().int(),
  started_at: Time,
  duration_ms: z.number().int(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  error_code: z.string().nullable(),
  response_excerpt: z.string().nullable(),
  response_truncated: z.boolean(),
});

/** A person that the sandbox's phone can be. */
export const SandboxPersona = z.object({
  wa_id: z.string(),
  name: z.string(),
  username: z.string().nullable(),
});
export const SandboxNumber = z.object({
  phone_number_id: z.string(),
  display_phone_number: z.string(),
  waba_id: z.string(),
});

/** RFC 9457, with our stable `code`. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string(),
  request_id: z.string().optional(),
});

/** What a live event holds: enough to update a page without asking again. */
export const LiveEvents = {
  ConversationMessageCreated: z.object({ conversation_id: Id, message: Message, conversation: Conversation }),
  ConversationUpdated: z.object({ conversation_id: Id, conversation: Conversation.nullable() }),
  MessageStatusUpdated: z.object({ conversation_id: Id, message_id: Id, message: Message }),
  TemplateStatusChanged: z.object({ template: Template }),
  ContactUpdated: z.object({ contact_id: Id }),
  EndpointUpdated: z.object({ endpoint_id: Id }),
  DeliveryUpdated: z.object({ endpoint_id: Id, delivery_id: Id, state: z.string() }),
};

/**
 * What Wharf understands of a webhook: one event an item, with the kind-specific part in `data`.
 * Field names are Meta's where Meta has one. Source of every rule: Meta's webhook reference for the field.
 */

/** What an endpoint can subscribe to; the field families of Meta's webhooks. */
export const SUBSCRIPTIONS = [
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
] as const;
export type Subscription = (typeof SUBSCRIPTIONS)[number];

/** Who an event is about. Every part may be missing; a person with a username may have no number at all. */
export interface Person {
  wa_id: string | null;
  /** The business-scoped user id (BSUID), e.g. `US.13491208655302741918`. */
  user_id: string | null;
  parent_user_id: string | null;
  profile_name: string | null;
  username: string | null;
}

/** The inner content of a message: inbound, echo, edit or history alike. */
export interface MessageContent {
  /** Meta's type: text, image, audio, video, document, sticker, location, contacts, interactive, button, order, unsupported, … */
  type: string;
  /** Body, caption, or the title of what was tapped; null when there is none. */
  text: string | null;
  /** Meta's own object for the type, plus `referral`, `errors`, `forwarded`, `referred_product` when they came. */
  content: Record<string, unknown>;
  /** A tap: a template's quick reply, a reply button, a list row, a flow, a call permission. */
  reply: {
    kind: "button" | "button_reply" | "list_reply" | "nfm_reply" | "call_permission_reply" | "other";
    payload: string | null;
    title: string | null;
  } | null;
  context_wamid: string | null;
  /** Who wrote what is quoted, as Meta names them. */
  context_from?: string | null;
}

export interface Failure {
  code: number | null;
  title: string | null;
  message: string | null;
  details: string | null;
  href: string | null;
}

export type EventData =
  /**
   * A message from a person (also unsupported ones, and those with errors). `group_id` when it was said in a group.
   * A message that comes without an id gets a stand-in that follows from its content: `no-id.{32 hex}`.
   */
  | { kind: "message"; wamid: string; from: Person; group_id: string | null; message: MessageContent }
  | {
      kind: "reaction";
      wamid: string | null;
      from: Person;
      group_id: string | null;
      target_wamid: string;
      emoji: string | null;
    }
  | {
      kind: "message_edit";
      wamid: string | null;
      from: Person;
      group_id?: string | null;
      target_wamid: string;
      message: MessageContent;
    }
  | {
      kind: "message_revoke";
      wamid: string | null;
      from: Person;
      group_id?: string | null;
      target_wamid: string;
    }
  /** A line in the thread from WhatsApp itself; `moved` when it announces a new number or id of the same person. */
  | {
      kind: "system";
      wamid: string | null;
      person: Person;
      system_type: string;
      body: string | null;
      moved: { from: Person; to: Person } | null;
    }
  | {
      kind: "status";
      wamid: string;
      /** sent, delivered, read, played, failed; anything else Meta says is kept as an event only. */
      status: string;
      recipient: Person;
      /** In a group: whose status this is. */
      participant_id: string | null;
      group_id: string | null;
      errors: Failure[];
      pricing: Record<string, unknown> | null;
      conversation: Record<string, unknown> | null;
      callback_data: string | null;
    }
  /** How the payment of an order stands; says nothing about the message that asked for it. */
  | {
      kind: "payment_status";
      /** The message with the order's details. */
      wamid: string | null;
      status: string | null;
      payment: Payment;
    }
  | {
      kind: "call";
      call_id: string;
      /** Without an identity in a transcription's event, which names the call alone. */
      person: Person;
      /** Null: the event does not tell who called. */
      by_business: boolean | null;
      /** created, connect, terminate, recording, transcription; ringing, accepted, rejected; others as Meta says. */
      event: string;
      /** Of `terminate`. */
      end: CallEnd | null;
      /** Meta's media object of what was recorded or written down. */
      file: Record<string, unknown> | null;
    }
  | { kind: "group"; group_id: string; event: string; change: GroupChange }
  /** A thread changed hands between the responders of a number (Conversation Routing). */
  | {
      kind: "handover";
      person: Person;
      /** control_passed: it is ours now; control_taken: another has it. */
      handover_type: string;
      from_role: string | null;
      to_role: string | null;
      /** What who passed it wrote. */
      note: string | null;
      /** Meta's summary of what was said, made by a model. */
      summary: string | null;
    }
  /** Told to a listener: another responder, as Meta Business Agent, has the thread. */
  | { kind: "standby"; told: EventData }
  /** A message typed in the WhatsApp Business app on the phone. */
  | { kind: "echo"; wamid: string; to: Person; message: MessageContent }
  | { kind: "echo_edit"; wamid: string | null; to: Person; target_wamid: string; message: MessageContent }
  | { kind: "echo_revoke"; wamid: string | null; to: Person; target_wamid: string }
  /** One message of the history that a coexistence number shares; `from_business` tells its direction. */
  | {
      kind: "history_message";
      wamid: string;
      person: Person;
      from_business: boolean;
      status: string | null;
      message: MessageContent;
    }
  /** The phone app's address book. */
  | {
      kind: "contact_sync";
      action: string;
      phone_number: string | null;
      full_name: string | null;
      first_name: string | null;
    }
  | { kind: "user_preference"; person: Person; category: string | null; value: string; detail: string | null }
  | {
      kind: "template_status";
      template: TemplateRef;
      /** Meta's event, upper-case: APPROVED, REJECTED, PAUSED, … unknown ones are kept. */
      event: string;
      /** Meta's word: INVALID_FORMAT, SCAM, …; what is wrong in sentences, and what to do, come beside it. */
      reason: string | null;
      reason_details: string | null;
      recommendation: string | null;
      pause: { title: string | null; description: string | null } | null;
      disable_date: string | null;
      category: string | null;
    }
  | { kind: "template_quality"; template: TemplateRef; previous: string | null; quality: string }
  | {
      kind: "template_category";
      template: TemplateRef;
      category: string | null;
      previous: string | null;
      correct_category: string | null;
    }
  | { kind: "template_components"; template: TemplateRef; components: Record<string, unknown> }
  | { kind: "phone_number"; display_phone_number: string | null; event: string | null }
  /** What a person did with a message beside answering it: `marketing_messages_link_click`, others as Meta says. */
  | { kind: "user_action"; subject: string; person: Person; action: string | null }
  /** Kept, shown and delivered; no rule of ours acts on them (yet). `subject` is Meta's field. */
  | {
      kind: "account" | "flow" | "error" | "other";
      subject: string;
    };

export interface CallEnd {
  /** The call was answered. */
  picked_up: boolean;
  failed: boolean;
  started_at_ms: number | null;
  ended_at_ms: number | null;
  duration_s: number | null;
  errors: Failure[];
}

export interface Payment {
  reference_id: string | null;
  /** In units of the currency, as a decimal text. */
  amount: string | null;
  currency: string | null;
  method: string | null;
  /** Why it failed. */
  reason: string | null;
}

/** What an event says of a group; null and empty: nothing. */
export interface GroupChange {
  subject: string | null;
  description: string | null;
  join_approval_mode: string | null;
  invite_link: string | null;
  picture: boolean;
  joined: Person[];
  left: Person[];
  /** Who asks to join, or no longer does. */
  asking: Person | null;
  /** business, participant. */
  initiated_by: string | null;
  reason: string | null;
  errors: Failure[];
}

export interface TemplateRef {
  /** Up to 20 digits: never a number. */
  template_id: string;
  name: string | null;
  /** As Meta's REST API spells it: `en_US`, not `en-US`. */
  language: string | null;
}

export type EventKind = EventData["kind"];

/**
 * Where an item stands in its webhook: `entry[entry].changes[change].value[list][index]`; list null: the value itself.
 * A chunk of history is one item of many messages, so their events share a path.
 */
export interface ItemPath {
  entry: number;
  change: number;
  list: string | null;
  index: number;
}

export interface MetaEvent {
  data: EventData;
  subscription: Subscription;
  /**
   * What makes two items the same: `message:{wamid}` (also of reactions, edits, revokes, system lines and echoes),
   * `status:{wamid}:{status}:{participant}`, `template:{id}:{what}:{entry.time}`, `history:{wamid}`, else
   * `{kind}:{hash of the item}`.
   */
  key: string;
  /** By Meta's clock, Unix ms; null when the item has no readable time. */
  occurred_at_ms: number | null;
  path: ItemPath;
  /** Its place among the events of its webhook, from 0: Meta lists what one second holds in order. */
  position: number;
  /** `entry.id`: the WABA, when there is one. */
  waba_id: string | null;
  phone_number_id: string | null;
  display_phone_number: string | null;
  /** The item as JSON text that PostgreSQL's jsonb can hold: big numbers digit for digit, NUL and lone surrogates replaced. */
  payload: string;
  /** The item is not what Meta's reference says; what is wrong with it, in a sentence. Its kind is then `other`. */
  problem: string | null;
}

/** What reading one body gives. A body that is no webhook at all is malformed as a whole: it will never get better. */
export type ReadWebhook =
  | {
      ok: true;
      object: string;
      events: MetaEvent[];
      /** Why there is nothing to do, when there is nothing. */ note: string | null;
    }
  | { ok: false; reason: string };

import type { CallEnd, Failure, MessageContent, Payment } from "../../meta/events.ts";
import type { MessageStatus } from "./message-status.ts";
import { compare, type IdentityKind } from "./partition.ts";
import type { Meaning } from "./consent-keywords.ts";

/** What a batch of events says, sorted by what it is about. Made by read-events.ts, folded by the files beside it. */
export interface Facts {
  sightings: Sighting[];
  moves: Move[];
  tellings: Telling[];
  lines: Line[];
  statuses: StatusStep[];
  edits: Edit[];
  revokes: Revoke[];
  reactions: Reaction[];
  consents: Consent[];
  closures: Closure[];
  calls: CallStep[];
  payments: PaymentStep[];
  groups: GroupSighting[];
  group_facts: GroupFact[];
  participations: Participation[];
  ignored: { id: string; reason: string }[];
}

export interface Handle {
  kind: IdentityKind;
  value: string;
}

/** A person was seen with these identities; the first is the one that the event resolves by. */
export interface Sighting {
  workspace_id: string;
  event_id: string;
  identities: [Handle, ...Handle[]];
  waba_id: string | null;
  at_ms: number;
  profile_name: string | null;
  username: string | null;
  /** From an address book: undefined when the event is not about one, null when the entry was removed. */
  book_name?: string | null;
}

/** Whose is known by what they are called by WhatsApp alone: no name came with it. */
export function nameless(
  { workspace_id, event_id, at_ms }: Pick<Sighting, "workspace_id" | "event_id" | "at_ms">,
  identities: Sighting["identities"],
  waba_id: string | null = null,
): Sighting {
  return { workspace_id, event_id, identities, waba_id, at_ms, profile_name: null, username: null };
}

/** WhatsApp says that the owner of `from` is now `to`. */
export interface Move {
  workspace_id: string;
  from: Handle;
  to: Handle;
  at_ms: number;
}

/** An outbound message was said to be this contact's. */
export interface Telling {
  workspace_id: string;
  wamid_hash: string;
  identity: Handle;
  at_ms: number;
  /** Our own id of it, where a status gives it back. */
  message_id: string | null;
}

/** A line of a thread. */
export interface Line {
  workspace_id: string;
  event_id: string;
  phone_number: string;
  origin: "message" | "echo" | "standby" | "call" | "system" | "history";
  direction: "INBOUND" | "OUTBOUND";
  source: "CUSTOMER" | "PHONE_APP" | "OTHER_APP";
  type: string;
  wamid: string | null;
  wamid_hash: string;
  /** Whose thread it is in. */
  identity: Handle;
  /** Who spoke, in a group. */
  author: Handle | null;
  text: string | null;
  content: Record<string, unknown>;
  context_wamid: string | null;
  /** Who wrote what is quoted: a number without signs, or an id. */
  context_from: string | null;
  sent_at_ms: number;
  /** A tap of what a business offered. */
  reply: MessageContent["reply"];
  /** The event's place in its webhook. */
  position: number;
  received_at: Date;
}

export interface StatusStep {
  workspace_id: string;
  event_id: string;
  wamid_hash: string;
  status: MessageStatus;
  /** Null: it got there at an unknown time (history). */
  at_ms: number | null;
  /** Of a failure: all that Meta says of it, in its order. */
  failures: readonly Failure[];
  pricing: Record<string, unknown> | null;
  conversation: Record<string, unknown> | null;
}

/** What is said of a message, in the conversation that it is in: the message may be unknown, or another's of that token. */
export interface Remark {
  workspace_id: string;
  event_id: string;
  wamid_hash: string;
  /** Whose conversation it is; null: nothing tells. */
  party: Handle | null;
  at_ms: number;
}

export interface Edit extends Remark {
  type: string;
  text: string | null;
  content: Record<string, unknown>;
  phone_number: string | null;
  received_at: Date;
}

export type Revoke = Remark;

export interface Reaction extends Remark {
  /** A person, or the business itself from its phone. */
  actor: Handle | typeof BUSINESS;
  emoji: string | null;
}

export const BUSINESS = { kind: "business", value: "business" } as const;

/** Meta refused a message because this person's window was closed. */
export interface Closure {
  workspace_id: string;
  phone_number: string;
  identity: Handle;
  wamid_hash: string;
  at_ms: number;
}

/** Something was told of a call. */
export interface CallStep {
  workspace_id: string;
  event_id: string;
  /** Of the call's id. */
  wamid_hash: string;
  at_ms: number;
  phone_number: string | null;
  received_at: Date;
  event: string;
  detail: Partial<CallEnd> & { file?: Record<string, unknown> };
}

export interface PaymentStep {
  workspace_id: string;
  event_id: string;
  /** The message that asked for it. */
  wamid_hash: string;
  at_ms: number;
  status: string;
  detail: Payment;
}

/** A group of one of our numbers. */
export interface GroupSighting {
  workspace_id: string;
  event_id: string;
  group_id: string;
  phone_number: string;
  at_ms: number;
}

export interface GroupFact {
  workspace_id: string;
  event_id: string;
  group_id: string;
  at_ms: number;
  fact: "description" | "join_approval_mode" | "invite_link" | "suspended" | "deleted" | "listed";
  value: string | boolean;
}

/** A person was in a group at that time, or left it. */
export interface Participation {
  workspace_id: string;
  event_id: string;
  group_id: string;
  identity: Handle;
  present: boolean;
  at_ms: number;
}

export interface Consent {
  workspace_id: string;
  event_id: string;
  identity: Handle;
  state: "SUBSCRIBED" | "PENDING" | "NOT_SUBSCRIBED" | "UNSUBSCRIBED" | "UNKNOWN";
  source:
    | "STOP_KEYWORD"
    | "START_KEYWORD"
    | "BUTTON"
    | "META_PREFERENCE"
    | "META_ERROR_131050"
    | "AGENT"
    | "API"
    | "IMPORT"
    | "DOUBLE_OPT_IN";
  evidence: string | null;
  wamid: string | null;
  at_ms: number;
  /** Of an agent, or a key of the API: who, and why. */
  user_id?: string | null;
  reason?: string | null;
}

/** By the sender's clock; of two at one time the greater event id, so that what is newest does not depend on order. */
export function isNewer(
  a: { at_ms: number; event_id: string },
  b: { at_ms: number; event_id: string },
): boolean {
  return (a.at_ms - b.at_ms || compare(a.event_id, b.event_id)) > 0;
}

export const stateOf = {
  STOP: "UNSUBSCRIBED",
  START: "SUBSCRIBED",
  CONFIRM: "SUBSCRIBED",
} as const satisfies Record<Meaning, Consent["state"]>;

export function noFacts(): Facts {
  return {
    sightings: [],
    moves: [],
    tellings: [],
    lines: [],
    statuses: [],
    edits: [],
    revokes: [],
    reactions: [],
    consents: [],
    closures: [],
    calls: [],
    payments: [],
    groups: [],
    group_facts: [],
    participations: [],
    ignored: [],
  };
}

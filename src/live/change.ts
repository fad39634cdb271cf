import type { Tx } from "../db/db.ts";

/** Something that a page may want to know, named by ids: what is shown is read when a page listens. */
export interface LiveChange {
  workspace_id: string;
  name: string;
  data: Record<string, unknown>;
}

/** What a message was sent for, where neither an agent nor the API asked for it. */
export interface Origin {
  kind: "campaign" | "automation";
  id: string;
}

/** QUEUED: it is on its way again. UNCONFIRMED: whether Meta took it is unknown, and a person decides. */
type Status =
  | "QUEUED"
  | "ACCEPTED"
  | "SENT"
  | "FAILED"
  | "DELIVERED"
  | "READ"
  | "PLAYED"
  | "UNCONFIRMED"
  | "CANCELLED";

/**
 * A message of ours whose status changed, by a webhook, by Meta's answer to our request or by a person, told in the
 * transaction that changes it (`Listen`). Each change is told once, also when a status came before its message; a batch
 * that raises a status by several steps tells the last. A message that is sent again begins anew, with QUEUED.
 */
export interface Moved {
  workspace_id: string;
  message_id: string;
  conversation_id: string;
  contact_id: string;
  status: Status;
  /** The status before; null: it was on its way, queued or without an answer. */
  before: Status | null;
  /** By Meta's clock where a webhook told it, else by ours; null where Meta doesn't say (the history of a number). */
  at: Date | null;
  /** Why it failed, as Meta or Wharf says it; null unless `status` is FAILED. */
  error: {
    code: number | null;
    title: string | null;
    message: string | null;
    details: string | null;
    href: string | null;
    /** Wharf's word for it, where Wharf itself found it or the answer to a request said it: `MARKETING_REFUSED`. */
    symbol?: string;
  } | null;
  origin: Origin | null;
}

/** A message of a customer that was stored by this batch as told live: no duplicate, and none of a number's history. */
export interface Heard {
  workspace_id: string;
  contact_id: string;
  conversation_id: string;
  message_id: string;
  /** The row of phone_numbers that it was written to. */
  phone_number: string;
  /** A tap, or a message that quotes another. */
  reply: {
    kind:
      | "button"
      | "button_reply"
      | "list_reply"
      | "nfm_reply"
      | "call_permission_reply"
      | "other"
      | "quote";
    payload: string | null;
    title: string | null;
    /** Our id of the message that it answers; null: it names none, or one that isn't known. */
    quoted_message_id: string | null;
  } | null;
  /** By Meta's clock. */
  at: Date;
}

/** What a customer, or Meta of them, said about marketing; each once. */
export interface Stated {
  workspace_id: string;
  contact_id: string;
  /** Of the statement in the ledger. */
  event_id: string;
  state: string;
  source: string;
  /** By Meta's clock. */
  at: Date;
}

/** What a batch did, for the modules behind those that did it, in the same transaction. */
export interface BatchFacts {
  moved: Moved[];
  heard: Heard[];
  stated: Stated[];
  /** Contacts turned out to be another one: what hangs on their ids is to follow (the inbox's `takeJoins`). */
  joined: boolean;
  /** Names by Meta under which a status rose and no message is known, or none yet. */
  unplaced: { workspace_id: string; wamid_hash: string }[];
}

/**
 * A module that follows what happens to messages (campaigns, automations). It is called in the transaction of what
 * happened, by whichever module writes that, and returns what pages are to know.
 */
export type Listen = (tx: Tx, moved: readonly Moved[]) => Promise<LiveChange[]>;

/** What a domain module answers to a batch of events. */
export interface Applied extends Partial<BatchFacts> {
  changes: LiveChange[];
  /** Events that the module understood but that have no effect, and why. */
  ignored: { id: string; reason: string }[];
}

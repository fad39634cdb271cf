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

type Status = "QUEUED" | "ACCEPTED" | "SENT" | "FAILED" | "DELIVERED" | "READ" | "PLAYED";

/**
 * A message of ours whose status rose by this batch, or which failed by it. Every status is told at most once, also when
 * it came before its message; a batch that raises it by several steps tells the last. A message that is sent again
 * begins anew. Outcomes of requests to Meta are not among them: the sender writes those outside of the pipeline.
 */
export interface Moved {
  workspace_id: string;
  message_id: string;
  conversation_id: string;
  contact_id: string;
  status: Status;
  /** The status that was told before; null: none was. */
  before: Status | null;
  /** By Meta's clock; null where Meta doesn't say (the history of a number). */
  at: Date | null;
  /** Why it failed, as Meta says it; null unless `status` is FAILED. */
  error: {
    code: number | null;
    title: string | null;
    message: string | null;
    details: string | null;
    href: string | null;
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

/** What a batch did, for the modules behind those that did it, in the same transaction. */
export interface BatchFacts {
  moved: Moved[];
  heard: Heard[];
  /** Names by Meta under which a status rose and no message is known, or none yet. */
  unplaced: { workspace_id: string; wamid_hash: string }[];
}

/** What a domain module answers to a batch of events. */
export interface Applied extends Partial<BatchFacts> {
  changes: LiveChange[];
  /** Events that the module understood but that have no effect, and why. */
  ignored: { id: string; reason: string }[];
}

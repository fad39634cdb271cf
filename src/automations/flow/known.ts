import type { Said } from "./words.ts";

/** What is known of a run at the moment at which it is looked at. Times are milliseconds since 1970, by each event's own clock. */
export interface Known {
  now_ms: number;
  /** What happened before does not concern the run: when its trigger happened. */
  since_ms: number;
  zone: string;
  /** The contact's values, by the field's id. */
  fields: Readonly<Record<string, unknown>>;
  marketing_state: string;
  /** What the trigger told. */
  payload: unknown;
  /** What URLs that this run called have answered, by the node's id, the last one behind the others. */
  answers: ReadonlyMap<string, Answer>;
  /** The call that this visit makes; null: it makes none. */
  call: CallFacts | null;
  /** What this run has sent, the oldest first. */
  messages: readonly MessageFacts[];
  /** What the person said since it began, the oldest first; nothing that answers a message of ours which isn't this run's. */
  replies: readonly Reply[];
  /** What other systems told of the person since it began, the oldest first. */
  events: readonly { name: string; at_ms: number }[];
  /** When the window for free messages closes or closed; null: the person never wrote. */
  window_until_ms: number | null;
  /** When an agent first wrote since the run began, or was let go on. */
  answered_ms: number | null;
  /** A person gave the conversation to the agent who has it, since the run began or was let go on. */
  is_assigned: boolean;
  /** Conditions and segments that are asked for, by `keyOfCondition` and `keyOfSegment`. */
  holds: ReadonlyMap<string, boolean>;
}

export interface Reply extends Said {
  at_ms: number;
}

/** What a URL answered: `status` null where no answer came, and `body` null where it is no JSON. */
export interface Answer {
  status: number | null;
  body: unknown;
}

/** A call of a URL, and how far it came. */
export interface CallFacts {
  state: "pending" | "answered" | "failed" | "cancelled";
  attempts: number;
  answer: Answer;
  /** Why it failed, in a sentence. */
  says: string | null;
  ended_ms: number | null;
}

/** A message of this run, and how far it came. */
export interface MessageFacts {
  id: string;
  node_id: string;
  state: "queued" | "sending" | "waiting" | "unconfirmed" | "sent" | "failed" | "cancelled";
  asked_ms: number;
  sent_ms: number | null;
  delivered_ms: number | null;
  read_ms: number | null;
  played_ms: number | null;
  failed_ms: number | null;
  error: MessageError | null;
}

export interface MessageError {
  /** Wharf's word or Meta's code. */
  reason: string;
  says: string;
  /** It was the template's: none is sent by it until it is corrected. */
  of_template: boolean;
}

/** With what a status implies: one that was read was delivered, and what arrived has not failed. */
export function readFacts(told: MessageFacts): MessageFacts {
  const first = (one: number | null, other: number | null) =>
    one === null || other === null ? (one ?? other) : Math.min(one, other);
  const read_ms = first(told.read_ms, told.played_ms);
  const delivered_ms = first(told.delivered_ms, read_ms);
  return {
    ...told,
    read_ms,
    delivered_ms,
    sent_ms: told.sent_ms ?? delivered_ms,
    failed_ms: delivered_ms === null ? told.failed_ms : null,
  };
}

/** The message that a node asks of: the last one, or the last one of a node. */
export const messageOf = ({ messages }: Pick<Known, "messages">, of: string | null): MessageFacts | null =>
  messages.findLast((message) => of === null || message.node_id === of) ?? null;

/** What a node answered; null asks for the last one that did. */
export const answerOf = ({ answers }: Pick<Known, "answers">, of: string | null): Answer | null =>
  (of === null ? [...answers.values()].at(-1) : answers.get(of)) ?? null;

const SECOND_MS = 1_000;

/** From when on a person's word is an answer to it. Meta tells whole seconds. */
export const answeredFrom = (message: MessageFacts | null, { since_ms }: Pick<Known, "since_ms">): number => {
  const from_ms = message === null ? since_ms : (message.sent_ms ?? message.asked_ms);
  return Math.floor(from_ms / SECOND_MS) * SECOND_MS;
};

export const keyOfCondition = (condition: object): string => JSON.stringify(condition);
export const keyOfSegment = (segment_id: string): string => `segment ${segment_id}`;

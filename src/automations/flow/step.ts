import type { Act } from "../../contract/automations.ts";

/** A visit of a node by a run, as it was written last. Times are milliseconds since 1970. */
export interface Visit {
  run_id: string;
  automation_id: string;
  contact_id: string;
  number: number;
  started_ms: number;
  /** When it goes on at the latest; null: it has not rested yet. */
  due_ms: number | null;
  /** What it has sent; null: nothing yet. */
  message_id: string | null;
}

export type Inputs = Record<string, unknown>;

/** What happens next at a node. */
export type Step =
  /** Done: the run goes on by the port, if an edge leaves there; `to` in place of an edge. */
  | {
      kind: "pass";
      status: "COMPLETED" | "FAILED" | "SKIPPED";
      port: string | null;
      to?: string | null;
      reason: string | null;
      inputs: Inputs;
      /** By the clock of what decided it: the next node begins then. */
      at_ms: number;
    }
  | {
      kind: "rest";
      status: "PENDING" | "SCHEDULED";
      /** Until then at the longest, for people; null: it is not known. */
      due_ms: number | null;
      /** When to look again, if nothing happens before. */
      wake_ms: number;
      message_id: string | null;
      reason: string | null;
      /** Besides what its message does. */
      hears: readonly Hearing[];
      inputs: Inputs;
    }
  /** To be done now; `afterAct` says what follows. */
  | { kind: "act"; act: Act }
  | {
      kind: "end";
      state: "COMPLETED" | "FAILED" | "EXITED";
      status: "COMPLETED" | "FAILED" | "SKIPPED";
      reason: string | null;
      /** Because of a template that can't be sent. */
      stopped: boolean;
      inputs: Inputs;
      at_ms: number;
    };

/** What was decided, once nothing is left to be done first. */
export type Done = Exclude<Step, { kind: "act" }>;

/** What a person does, or others do with them, that may concern a run: what automation_waits.hears has. */
export type Hearing = "replied" | "event" | "contact" | "consent" | "answered" | "called";

/** What came of an action. */
export type Acted =
  | { kind: "done"; inputs?: Inputs }
  | { kind: "sent"; message_id: string }
  /** A URL is being called: the answer is waited for. */
  | { kind: "called" }
  | { kind: "failed"; reason: string; says: string }
  /** Not possible at the moment, for all: it waits until it is. */
  | { kind: "held"; reason: string }
  /** Kept back: by consent, or as it was switched off. */
  | { kind: "skipped"; reason: string }
  /** Its template can't be sent. */
  | { kind: "stopped"; reason: string; says: string };

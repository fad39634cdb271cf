import type { z } from "zod";

/** A line of the contract. */
export interface Endpoint {
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response: z.ZodType;
  /** 200 unless said. */
  status?: 201 | 202 | 204;
  /**
   * An `Idempotency-Key` is honoured: it creates or sends. `kept`: its answer is committed with its effect, so nothing
   * does it twice. `leased`: it has effects outside of the database, which a crash in their midst may repeat.
   */
  idempotent?: "kept" | "leased";
  /** What the caller's role must allow; others are answered FORBIDDEN. */
  needs: Need;
}

/**
 * `read`: to see what there is. `work`: to write and send, and to send again. `manage`: to change endpoints and how the
 * workspace is set up, to resume what Meta paused and to dismiss notices. `own`: its name, its Meta apps and who may come in.
 */
export type Need = "read" | "work" | "manage" | "own";

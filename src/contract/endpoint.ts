import type { z } from "zod";
import type { Need } from "./permissions.ts";

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
  /** What `:id` names belongs to conversations: one who sees none of these is answered NOT_FOUND. */
  sees?: "conversation" | "message" | "file" | "contact" | "note";
  /**
   * It shows what came and goes out as it is, over all conversations: only for those who see all of them, with the
   * numbers of customers. Others are answered FORBIDDEN.
   */
  whole?: true;
  /** Done only within ten minutes of giving the password: what shows secrets, erases, or changes who may what. */
  step_up?: true;
  /**
   * Whether the audit log tells of it: what changes something is, but for what only counts or tries, and for messages,
   * which name their author; what only reads isn't, but for what shows or takes out data as it is.
   */
  audited?: boolean;
}

import type { Clock, Logger } from "../base/base.ts";
import type { ArrivedWebhook } from "../journal/journal.ts";

export interface Limits {
  /** Meta sends 3 MB at most. */
  body_bytes: number;
  /** Pieces that one body may come in; 3 MB over a network are some 2,000. */
  body_pieces: number;
  /** From the headers to the last byte of the body; who is slower is cut off. */
  body_ms: number;
  /** For PostgreSQL to find the connection, and again to commit; then 503. */
  commit_ms: number;
  /** Bodies that are held at once, being read or waiting for their commit; beyond it 503 (held.ts says to which). */
  held_bytes: number;
  /** Of that, what bodies that hold no more than `small_body_bytes` have for themselves. */
  small_bodies_bytes: number;
  small_body_bytes: number;
  /** The most of one group commit; larger ones were measured to bring nothing. */
  group_rows: number;
  group_bytes: number;
  /** How long a refused sender is listened to, so that it can read its answer. */
  linger_ms: number;
  /** What `Retry-After` says. */
  retry_after_s: number;
}

export const DEFAULT_LIMITS: Limits = {
  body_bytes: 3 * 1024 * 1024,
  body_pieces: 20_000,
  body_ms: 10_000,
  commit_ms: 5_000,
  held_bytes: 128 * 1024 * 1024,
  small_bodies_bytes: 32 * 1024 * 1024,
  small_body_bytes: 64 * 1024,
  group_rows: 500,
  group_bytes: 1024 * 1024,
  linger_ms: 500,
  retry_after_s: 5,
};

export interface IntakeConnection {
  id: string;
  /** Any of these may have signed; none: no one may. */
  app_secrets: string[];
  verify_token: string | null;
}

export interface IntakeDeps {
  connections: {
    find(connection_id: string | null): Promise<IntakeConnection | null>;
    /** The handshake succeeded. Its failure keeps no answer back. */
    recordVerified?(id: string): Promise<void>;
    /** A webhook's signature was wrong. It returns at once. */
    noteReject?(id: string): void;
  };
  journal: { append(webhooks: readonly ArrivedWebhook[]): Promise<string[]> };
  log: Logger;
  clock: Clock;
  limits?: Partial<Limits>;
}

/**
 * The door: Meta's handshake and Meta's webhooks, as a bare node:http handler. The way of a POST: form of the header →
 * connection → body under a limit → signature over its raw bytes → a place in the next group commit → 200. It answers
 * 200 (stored), 401 (unsigned or wrongly), 413, 503 (not stored, send again), or cuts the connection. It never looks
 * into a body.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, Logger } from "../base/base.ts";
import type { ArrivedWebhook } from "../journal/journal.ts";
import { createComplaints } from "./complaints.ts";
import { createGroupCommit } from "./group-commit.ts";
import { answerHandshake } from "./handshake.ts";
import { createReceiver } from "./receive.ts";
import { refuse } from "./refuse.ts";

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

const defaults: Limits = {
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
  };
  journal: { append(webhooks: readonly ArrivedWebhook[]): Promise<string[]> };
  log: Logger;
  clock: Clock;
  limits?: Partial<Limits>;
}

export interface Intake {
  /** Everything under /webhooks. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** What keeps webhooks from being stored, for `/readyz`; null: nothing that is known of. */
  problem(): string | null;
  /** Answers 503 from now on; resolves when all that came before has its answer. */
  stop(): Promise<void>;
}

export function createIntake(deps: IntakeDeps): Intake {
  const limits: Limits = { ...defaults, ...deps.limits };
  const { connections, clock } = deps;
  const complain = createComplaints(deps.log, clock);
  const group = createGroupCommit({ append: (webhooks) => deps.journal.append(webhooks), limits, complain });
  const receiver = createReceiver({ connections, clock, limits, group, complain });

  const shakeHands = async (response: ServerResponse, connection_id: string | null, query: string) => {
    const connection = await connections.find(connection_id);
    if (!answerHandshake(response, connection, new URLSearchParams(query)) || !connection) return;
    await connections
      .recordVerified?.(connection.id)
      .catch((error: unknown) => complain(error, "the handshake could not be recorded"));
  };

  return {
    handle(request, response) {
      const { path, query } = split(request.url ?? "");
      const match = /^\/webhooks\/meta(?:\/([^/]*))?$/.exec(path);
      if (!match) return refuse(request, response, 404, limits);
      const connection_id = match[1] ? match[1] : null;
      if (request.method === "POST") return receiver.receive(request, response, connection_id);
      if (request.method !== "GET") return refuse(request, response, 405, limits, { allow: "GET, POST" });
      shakeHands(response, connection_id, query).catch((error: unknown) => {
        complain(error, "the handshake could not read its connection");
        refuse(request, response, 503, limits);
      });
    },
    problem: () => (group.isFailing() ? NOT_STORED : null),
    stop: () => receiver.stop(),
  };
}

const NOT_STORED =
  "webhooks could not be stored a moment ago; look at the disk of the database, and at the log";

function split(url: string): { path: string; query: string } {
  const at = url.indexOf("?");
  return at < 0 ? { path: url, query: "" } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

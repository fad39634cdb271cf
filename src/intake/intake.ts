/**
 * The door: Meta's handshake and Meta's webhooks, as a bare node:http handler. The way of a POST: form of the header →
 * connection → body under a limit → signature over its raw bytes → a place in the next group commit → 200. It answers
 * 200 (stored), 401 (unsigned or wrongly), 413, 503 (not stored, send again), or cuts the connection. It never looks
 * into a body.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createComplaints } from "./complaints.ts";
import { createGroupCommit } from "./group-commit.ts";
import { answerHandshake } from "./handshake.ts";
import { DEFAULT_LIMITS, type IntakeDeps, type Limits } from "./intake-deps.ts";
import { createReceiver } from "./receive.ts";
import { refuse } from "./refuse.ts";

export type { IntakeConnection, IntakeDeps, Limits } from "./intake-deps.ts";

export interface Intake {
  /** Everything under /webhooks. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** What keeps webhooks from being stored, for `/readyz`; null: nothing that is known of. */
  problem(): string | null;
  /** Answers 503 from now on; resolves when all that came before has its answer. */
  stop(): Promise<void>;
}

export function createIntake(deps: IntakeDeps): Intake {
  const limits: Limits = { ...DEFAULT_LIMITS, ...deps.limits };
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

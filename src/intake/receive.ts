import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { metrics, type Clock } from "../base/base.ts";
import { verifySignature } from "../meta/meta.ts";
import { Body } from "./body.ts";
import type { Complain } from "./complaints.ts";
import type { GroupCommit, Waiting } from "./group-commit.ts";
import { createHeld, type Held, type Holder } from "./held.ts";
import type { IntakeConnection, IntakeDeps, Limits } from "./intake-deps.ts";
import { refuse } from "./refuse.ts";

const SIGNATURE_FORM = /^sha256=[0-9a-f]{64}$/;

/** What no one knows the secret of. */
const DECOY: IntakeConnection = {
  id: "",
  app_secrets: [randomBytes(32).toString("hex")],
  verify_token: null,
};

type Status = "200" | "401" | "413" | "503" | "cut" | "aborted";
const statuses: Status[] = ["200", "401", "413", "503", "cut", "aborted"];

export interface Receiver {
  receive(request: IncomingMessage, response: ServerResponse, connection_id: string | null): void;
  stop(): Promise<void>;
}

interface ReceiverDeps {
  connections: IntakeDeps["connections"];
  clock: Clock;
  limits: Limits;
  group: GroupCommit;
  complain: Complain;
}

/** What all exchanges share. */
interface Receiving extends Readonly<ReceiverDeps> {
  readonly held: Held;
  /** Labels are looked up once: at thousands a second it shows. */
  readonly counters: ReadonlyMap<Status, { inc(): void }>;
  under_way: number;
  stopping: boolean;
  readonly whenIdle: (() => void)[];
}

export function createReceiver(deps: ReceiverDeps): Receiver {
  const receiving: Receiving = {
    ...deps,
    held: createHeld(deps.limits),
    counters: new Map(statuses.map((status) => [status, metrics.intake_webhooks.labels(status)])),
    under_way: 0,
    stopping: false,
    whenIdle: [],
  };
  return {
    receive: (request, response, connection_id) => receive(receiving, request, response, connection_id),
    stop: () => stop(receiving),
  };
}

function receive(
  receiving: Receiving,
  request: IncomingMessage,
  response: ServerResponse,
  connection_id: string | null,
): void {
  const exchange = new Exchange(receiving, request, response);
  const signature = request.headers["x-hub-signature-256"];
  if (receiving.stopping) return exchange.refuse(503);
  if (typeof signature !== "string" || !SIGNATURE_FORM.test(signature)) return exchange.refuse(401);
  if (Number(request.headers["content-length"] ?? 0) > receiving.limits.body_bytes)
    return exchange.refuse(413);
  exchange.run(connection_id, signature).catch((error: unknown) => {
    receiving.complain(error, "a webhook's connection could not be read; Meta was told to send it again");
    exchange.refuse(503);
  });
}

async function stop(receiving: Receiving): Promise<void> {
  receiving.stopping = true;
  if (receiving.under_way > 0) {
    await new Promise<void>((resolve) => {
      receiving.whenIdle.push(resolve);
    });
  }
}

/** From the headers to the answer. `phase` says what the deadline means when it comes. */
class Exchange implements Holder {
  readonly since_ms = performance.now();
  held_bytes = 0;
  readonly #receiving: Receiving;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #phase: "finding" | "reading" | "committing" | "over" = "finding";
  #deadline: NodeJS.Timeout;
  #body = new Body();
  #waiting: Waiting | null = null;

  constructor(receiving: Receiving, request: IncomingMessage, response: ServerResponse) {
    this.#receiving = receiving;
    this.#request = request;
    this.#response = response;
    const { limits } = receiving;
    this.#deadline = setTimeout(() => this.#expire(), Math.min(limits.body_ms, limits.commit_ms));
    receiving.under_way++;
  }

  async run(connection_id: string | null, signature: string): Promise<void> {
    const found = await this.#receiving.connections.find(connection_id);
    if (this.#phase !== "finding") return;
    // An unknown connection is read and answered as a wrong signature is: no one learns which ids exist.
    this.#read(found && found.app_secrets.length > 0 ? found : DECOY, signature);
  }

  #read(connection: IntakeConnection, signature: string): void {
    const request = this.#request;
    const { limits, held } = this.#receiving;
    this.#phase = "reading";
    request.on("data", (piece: Buffer) => {
      if (this.#phase !== "reading") return;
      const body = this.#body;
      body.add(piece);
      // Counted while reading, because Content-Length may be missing.
      if (body.bytes > limits.body_bytes || body.pieces > limits.body_pieces) return this.refuse(413);
      if (body.held_bytes > this.held_bytes) held.hold(this, body.held_bytes);
    });
    request.on("end", () => {
      if (this.#phase === "reading") this.#commit(connection, signature);
    });
    request.on("close", () => {
      if (this.#phase === "reading") this.#over("aborted");
    });
    // It may have gone away while we looked for its connection.
    if (request.destroyed && !request.readableEnded) this.#over("aborted");
  }

  #commit(connection: IntakeConnection, signature: string): void {
    const { limits, held, clock, group } = this.#receiving;
    held.keep(this);
    const body = this.#body.take();
    if (!verifySignature(body, signature, connection.app_secrets)) {
      // What no one knows the secret of has no id.
      if (connection.id !== "") this.#receiving.connections.noteReject?.(connection.id);
      return this.#answer(401);
    }
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#expire(), limits.commit_ms);
    this.#phase = "committing";
    this.#waiting = {
      connection_id: connection.id,
      body,
      received_at_ms: clock.now(),
      answer: (status) => this.#answer(status),
    };
    group.add(this.#waiting);
  }

  #expire(): void {
    if (this.#phase === "reading") {
      const left_ms = this.since_ms + this.#receiving.limits.body_ms - performance.now();
      if (left_ms >= 1) {
        this.#deadline = setTimeout(() => this.#expire(), left_ms);
        return;
      }
      this.#over("cut");
      this.#request.destroy();
    } else if (this.#phase === "finding") {
      this.refuse(503);
    } else if (this.#waiting) {
      this.#receiving.group.remove(this.#waiting);
      this.#answer(503);
    }
  }

  /** With the body read: the connection can stay. */
  #answer(status: 200 | 401 | 503): void {
    if (this.#phase === "over") return;
    const response = this.#response;
    const { limits, stopping } = this.#receiving;
    response.statusCode = status;
    if (status === 503) response.setHeader("retry-after", String(limits.retry_after_s));
    if (stopping) response.setHeader("connection", "close");
    response.end();
    this.#over(`${status}`);
  }

  evict(): void {
    this.refuse(503);
  }

  /** Without: it can't. */
  refuse(status: 401 | 413 | 503): void {
    if (this.#phase === "over") return;
    this.#over(`${status}`);
    refuse(this.#request, this.#response, status, this.#receiving.limits);
  }

  #over(status: Status): void {
    const receiving = this.#receiving;
    this.#phase = "over";
    clearTimeout(this.#deadline);
    receiving.held.release(this);
    this.#body = new Body();
    this.#waiting = null;
    receiving.counters.get(status)?.inc();
    metrics.intake_seconds.observe((performance.now() - this.since_ms) / 1_000);
    receiving.under_way--;
    if (receiving.under_way === 0) for (const resolve of receiving.whenIdle.splice(0)) resolve();
  }
}

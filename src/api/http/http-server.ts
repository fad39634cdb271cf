/**
 * The HTTP server under intake and the API, and what one peer may hold of it: a few requests on a connection that
 * wait for their answer, a bounded time for what it sends, and one of a bounded number of connections.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface ServerLimits {
  /** Requests of one connection that have no answer yet; node itself takes every one that its parser finds. */
  unanswered: number;
  /** Beyond it the connection that is idle the longest makes room: a new one may be Meta's. */
  connections: number;
  /** How long a body may take to come in; 100 MB in `upload_ms` are 1.4 Mbit/s. */
  request_ms: number;
  upload_ms: number;
  headers_ms: number;
  /** How long one that was answered early may go on sending. */
  linger_ms: number;
}

export const serverLimits: ServerLimits = {
  unanswered: 16,
  connections: 10_000,
  request_ms: 30_000,
  upload_ms: 600_000,
  headers_ms: 10_000,
  linger_ms: 1_000,
};

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

export function createHttpServer(handle: Handle, given: Partial<ServerLimits> = {}): Server {
  const limits = { ...serverLimits, ...given };
  const connections = createConnectionTable(limits);
  const server = createServer(
    {
      headersTimeout: limits.headers_ms,
      // Live streams have no end, so only the request is timed.
      requestTimeout: limits.upload_ms,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(5_000, limits.headers_ms),
    },
    (request, response) => {
      // Kept here, as a request that was destroyed has none any more.
      const { socket } = request;
      if (!connections.begin(socket, request)) return;
      response.once("close", () => {
        connections.end(socket);
        if (!request.complete && !socket.destroyed) linger(socket, request, limits.linger_ms);
      });
      handle(request, response);
    },
  );
  server.on("connection", (socket) => connections.add(socket));
  return server;
}

/** Answered before its body was there: what still comes is thrown away for a moment, so that the answer can be read. */
function linger(socket: Socket, request: IncomingMessage, linger_ms: number): void {
  // Nothing is left on the socket, which may serve a million such requests.
  setTimeout(() => {
    if (!request.complete) socket.destroy();
  }, linger_ms).unref();
}

/** Cuts a request that isn't there in time; a file has longer, and so has the server's own timeout. */
export function hurry(request: IncomingMessage, request_ms = serverLimits.request_ms): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, request_ms).unref();
  request.once("close", () => clearTimeout(timer));
}

function createConnectionTable(limits: ServerLimits) {
  /** Idle ones and busy ones, each in the order in which they became so. */
  const idle = new Set<Socket>();
  const busy = new Map<Socket, { unanswered: number; request: IncomingMessage }>();

  const makeRoom = (): void => {
    for (const socket of idle) return void socket.destroy();
    for (const [socket, { request }] of busy) if (!request.complete) return void socket.destroy();
  };

  return {
    add(socket: Socket): void {
      if (idle.size + busy.size >= limits.connections) makeRoom();
      idle.add(socket);
      socket.once("close", () => {
        idle.delete(socket);
        busy.delete(socket);
      });
    },
    /** False: it has too many under way, and was cut. */
    begin(socket: Socket, request: IncomingMessage): boolean {
      if (socket.destroyed) return false;
      const entry = busy.get(socket);
      if (!entry) {
        idle.delete(socket);
        busy.set(socket, { unanswered: 1, request });
        return true;
      }
      if (entry.unanswered >= limits.unanswered) {
        socket.destroy();
        return false;
      }
      entry.unanswered++;
      entry.request = request;
      return true;
    },
    end(socket: Socket): void {
      const entry = busy.get(socket);
      if (!entry || --entry.unanswered > 0) return;
      busy.delete(socket);
      if (!socket.destroyed) idle.add(socket);
    },
  };
}

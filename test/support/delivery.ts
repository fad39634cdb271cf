import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { newId, type Clock } from "../../src/base/base.ts";
import { sql, type Database } from "../../src/db/db.ts";
import type { ItemPath, Subscription } from "../../src/meta/events.ts";
import type { RoutedEvent } from "../../src/meta/routed.ts";

/** A clock that stands still until it is moved. Starts now, as PostgreSQL's own clock is real. */
export function createTestClock(): Clock & { readonly ahead_ms: number; advance(ms: number): void } {
  let moved_ms = 0;
  const start_ms = Date.now();
  return {
    now: () => start_ms + moved_ms,
    get ahead_ms() {
      return moved_ms;
    },
    advance: (ms) => {
      moved_ms += ms;
    },
  };
}

/** A webhook in the journal, done. Returns its id. */
export async function insertJournal(
  db: Database,
  connection_id: string,
  body: Buffer,
  id = newId(),
): Promise<string> {
  await db.run(sql`create table if not exists journal_any partition of journal default`);
  await db.run(sql`
    insert into journal (id, received_at, connection_id, body) values (${id}, now(), ${connection_id}, ${body})`);
  return id;
}

/** A new event, with just what delivery looks at. */
export function routedEvent(
  workspace_id: string,
  journal_id: string,
  subscription: Subscription,
  wamid: string,
  path: ItemPath = { entry: 0, change: 0, list: "messages", index: 0 },
): RoutedEvent {
  return {
    workspace_id,
    journal_id,
    id: newId(),
    phone_number: null,
    received_at: new Date(),
    occurred_at: new Date(),
    event: {
      data: { kind: "message_revoke", wamid, from: unidentified, target_wamid: wamid },
      subscription,
      key: `message:${wamid}`,
      occurred_at_ms: null,
      path,
      position: 0,
      waba_id: null,
      phone_number_id: null,
      display_phone_number: null,
      payload: "{}",
      problem: null,
    },
  };
}
const unidentified = { wa_id: null, user_id: null, parent_user_id: null, profile_name: null, username: null };

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
export interface Receiver {
  url: string;
  received: Received[];
  /** Resolves as soon as `count` requests have come in full. */
  atLeast(count: number): Promise<Received[]>;
  server: Server;
}

/** A receiver on this machine, which answers as told (200 unless told). Closed after the file's tests. */
export async function createReceiver(
  answer: (request: Received, res: ServerResponse, nth: number) => void = (_request, res) => res.end(),
): Promise<Receiver> {
  const received: Received[] = [];
  let waiting: { count: number; resolve: (received: Received[]) => void }[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const request = { path: req.url ?? "", headers: req.headers, body: Buffer.concat(chunks) };
      received.push(request);
      answer(request, res, received.length);
      waiting = waiting.filter(({ count, resolve }) => {
        if (received.length < count) return true;
        resolve(received);
        return false;
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    server,
    atLeast: (count) =>
      received.length >= count
        ? Promise.resolve(received)
        : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

/** Takes everything and answers nothing, until `speak` is called: then all of it, and what comes later. */
export async function createSilentReceiver(): Promise<Receiver & { speak(): void }> {
  let speaking = false;
  const waiting: ServerResponse[] = [];
  const receiver = await createReceiver((_request, res) => {
    if (speaking) res.end();
    else waiting.push(res);
  });
  return {
    ...receiver,
    speak() {
      speaking = true;
      for (const res of waiting.splice(0)) res.end();
    },
  };
}

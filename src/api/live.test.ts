import type { AddressInfo } from "node:net";
import { createConnection } from "node:net";
import { afterEach, beforeAll, expect, test } from "vitest";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { getConversation } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";

let api: TestApi;
let base: string;
/** Readers that other files of this process have left. */
let others: number;
beforeAll(async () => {
  api = await createTestApi({ live_options: { heartbeat_ms: 20, stall_ms: 200 } });
  await api.app.listen({ port: 0, host: "127.0.0.1" });
  base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  others = (await figures()).clients;
});

interface Seen {
  event: string | null;
  id: string | null;
  data: unknown;
}
const open: AbortController[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});

async function figures() {
  const { body } = await api.app.inject({ url: "/metrics" });
  const of = (name: string) => Number(new RegExp(`^${name} (\\d+)`, "m").exec(body)![1]);
  return { clients: of("wharf_live_clients"), events: of("wharf_live_events_total") };
}

/** Reads a live stream as a browser does; `next` waits for the next block that holds a field. */
async function listen(headers: Record<string, string> = {}, query = "") {
  const abort = new AbortController();
  open.push(abort);
  const response = await fetch(`${base}/api/v1/live${query}`, {
    headers: { authorization: `Bearer ${api.key}`, ...headers },
    signal: abort.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let comments = 0;
  const next = async (): Promise<Seen | null> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end < 0) {
        const { done, value } = await reader.read();
        if (done) return null;
        text += value;
        continue;
      }
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
      if (lines.some((line) => line.startsWith(":"))) comments++;
      const data = field("data");
      if (field("id") === null && field("event") === null) continue;
      return { event: field("event"), id: field("id"), data: data === null ? null : JSON.parse(data) };
    }
  };
  return { response, next, abort: () => abort.abort(), comments: () => comments };
}

const say = (...ids: string[]) =>
  api.db.transaction((tx) =>
    publish(
      tx,
      ids.map((contact_id) => ({
        workspace_id: api.workspace_id,
        name: "ContactUpdated",
        data: { contact_id },
      })),
    ),
  );

test("events come with their name, cursor and JSON; who comes back with Last-Event-ID misses nothing", async () => {
  const [one, two, three] = [newId(), newId(), newId()];
  const first = await listen();
  expect(first.response.status).toBe(200);
  expect(first.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(first.response.headers.get("x-accel-buffering")).toBe("no");
  const opened = await first.next();
  expect(opened).toMatchObject({ event: null, data: null });
  await say(one);
  const seen = await first.next();
  expect(seen).toEqual({
    event: "ContactUpdated",
    id: String(Number(opened!.id) + 1),
    data: { contact_id: one, contact: null },
  });
  first.abort();
  await say(two, three);

  for (const again of [
    await listen({ "last-event-id": seen!.id! }),
    await listen({}, `?last_event_id=${seen!.id}`),
  ]) {
    expect((await again.next())!.data).toEqual({ contact_id: two, contact: null });
    expect((await again.next())!.data).toEqual({ contact_id: three, contact: null });
  }
});

test("a reader and an event to it are counted once each", async () => {
  await expect.poll(async () => (await figures()).clients).toBeLessThanOrEqual(others);
  const before = await figures();
  const reader = await listen();
  await reader.next();
  await say(newId());
  await reader.next();
  expect(await figures()).toEqual({ clients: before.clients + 1, events: before.events + 1 });
});

test.each([{}, { "last-event-id": "from another server" }])(
  "a stream that begins at the end (%j) is open only when it is known where that is: what comes after that is on it",
  async (headers: Record<string, string>) => {
    // A workspace that no one has listened to yet.
    const { workspace_id, key } = await createForeignWorkspace(api.db);
    let open: Awaited<ReturnType<typeof listen>> | null = null;
    let opening: Promise<unknown> = Promise.resolve();
    const id = newId();
    await api.db.transaction(async (tx) => {
      await tx.run(sql`lock table live_feeds in access exclusive mode`);
      opening = listen({ ...headers, authorization: `Bearer ${key}` }).then((stream) => (open = stream));
      await expect
        .poll(() =>
          api.db.rows(
            sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          ),
        )
        .toHaveLength(1);
      expect(open).toBeNull();
    });
    await opening;
    await api.db.transaction((tx) =>
      publish(tx, [{ workspace_id, name: "ContactUpdated", data: { contact_id: id } }]),
    );
    let seen = await open!.next();
    while (seen?.event !== "ContactUpdated") seen = await open!.next();
    expect(seen.data).toEqual({ contact_id: id, contact: null });
  },
);

test("a cursor that can't be resumed from says reload, and the stream goes on", async () => {
  for (const headers of [{ "last-event-id": "999999" }, { "last-event-id": "from another server" }]) {
    const stream = await listen(headers);
    let seen = await stream.next();
    while (seen?.event !== "reload") seen = await stream.next();
    expect(seen.data).toHaveProperty("reason");
    const id = newId();
    await say(id);
    while (seen?.event !== "ContactUpdated") seen = await stream.next();
    expect(seen.data).toEqual({ contact_id: id, contact: null });
  }
});

test("conversations and messages come whole, and another workspace hears nothing of them", async () => {
  const foreign = await createForeignWorkspace(api.db);
  const theirs = await listen({ authorization: `Bearer ${foreign.key}` });
  const their_start = await theirs.next();
  const ours = await listen();
  await ours.next();
  const { conversation_id, message_id } = await createThread(api);
  await api.db.transaction((tx) =>
    publish(tx, [
      {
        workspace_id: api.workspace_id,
        name: "ConversationMessageCreated",
        data: { conversation_id, message_id },
      },
      { workspace_id: api.workspace_id, name: "ConversationUpdated", data: { conversation_id: newId() } },
      {
        workspace_id: foreign.workspace_id,
        name: "ConversationMessageCreated",
        data: { conversation_id, message_id },
      },
    ]),
  );
  expect(await ours.next()).toMatchObject({
    event: "ConversationMessageCreated",
    data: {
      conversation_id,
      message: { id: message_id, text: "Hello" },
      conversation: { id: conversation_id, contact: { display_name: "Ana", phone: "+1 650 555 1234" } },
    },
  });
  expect((await ours.next())!.data).toMatchObject({ conversation: null });
  // Someone else's ids in our feed would be a bug elsewhere; even so nothing is shown but that time goes on.
  expect(await theirs.next()).toEqual({ event: null, id: String(Number(their_start!.id) + 1), data: null });
});

test("a quiet stream carries comments, and ends when its key is revoked", async () => {
  const { id, key } = await api.people.makeKey({ name: "Listener", slug: await slugOf(api.workspace_id) });
  const stream = await listen({ authorization: `Bearer ${key}` });
  await stream.next();
  await api.people.revokeKey(id);
  expect(await stream.next()).toBeNull();
  expect(stream.comments()).toBeGreaterThan(0);
});
const slugOf = async (id: string) =>
  (await api.db.first<{ slug: string }>(sql`select slug from workspaces where id = ${id}`))!.slug;

test("who doesn't read is cut, and the others go on", async () => {
  const { port } = api.app.server.address() as AddressInfo;
  const slow = createConnection({ port, host: "127.0.0.1" });
  const cut = new Promise((resolve) => slow.once("close", resolve));
  slow.on("error", () => {});
  const began = new Promise((resolve) => slow.once("data", resolve));
  slow.write(`GET /api/v1/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.key}\r\n\r\n`);
  await began;
  slow.pause();
  const good = await listen();
  await good.next();
  const { conversation_id } = await createThread(api, "long ".repeat(2000));
  const batch = Array.from({ length: 200 }, () => ({
    workspace_id: api.workspace_id,
    name: "ConversationUpdated",
    data: { conversation_id, nonce: newId() },
  }));
  const sockets = () =>
    new Promise<number>((resolve) => api.app.server.getConnections((_, count) => resolve(count)));
  const before = await sockets();
  let seen = 0;
  // First more than the kernel takes for one that sleeps, then until the patience with it is over.
  while ((await sockets()) === before) {
    await api.db.transaction((tx) => publish(tx, batch));
    for (let i = 0; i < batch.length; i++) if ((await good.next())!.event === "ConversationUpdated") seen++;
  }
  expect(seen).toBeGreaterThanOrEqual(batch.length);
  slow.resume();
  await cut;
});

test("without a session or key there is no stream", async () => {
  const { response } = await listen({ authorization: "Bearer unknown" });
  expect(response.status).toBe(401);
});

test("a name that comes without a message is told as conversations show it (F13)", async () => {
  const { conversation_id } = await createThread(api);
  const { contact } = await getConversation(api.db, api.workspace_id, conversation_id);
  const stream = await listen();
  await stream.next();
  await api.db.run(sql`update contacts set book_name = 'Ana of the book' where id = ${contact.id}`);
  await say(contact.id);
  expect((await stream.next())!.data).toEqual({
    contact_id: contact.id,
    contact: { ...contact, display_name: "Ana of the book" },
  });
  stream.abort();
});

test("closing the server ends the streams properly", async () => {
  const stream = await listen();
  await stream.next();
  const closing = api.app.close();
  expect(await stream.next()).toBeNull();
  await closing;
});

async function createThread({ db, workspace_id, connection_id }: TestApi, text = "Hello") {
  const [number, contact, conversation_id, message_id] = [newId(), newId(), newId(), newId()];
  await db.run(sql`insert into phone_numbers (workspace_id, id, connection_id, phone_number_id)
    values (${workspace_id}, ${number}, ${connection_id}, ${number})`);
  await db.run(
    sql`insert into contacts (workspace_id, id, profile_name) values (${workspace_id}, ${contact}, 'Ana')`,
  );
  await db.run(sql`insert into contact_identities (workspace_id, kind, value, contact_id)
    values (${workspace_id}, 'wa_id', '16505551234', ${contact}) on conflict (workspace_id, kind, value) do nothing`);
  await db.run(sql`insert into conversations (workspace_id, id, phone_number_id, contact_id, last_message_at, last_message_id)
    values (${workspace_id}, ${conversation_id}, ${number}, ${contact}, now(), ${message_id})`);
  await db.run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${message_id}, ${conversation_id}, 'INBOUND', 'CUSTOMER', 'message', ${newId()}, 'text', ${`wamid.${message_id}`},
      ${newId()}, 'wa_id', '16505551234', ${text}, '{}', now(), now())`);
  return { conversation_id, message_id };
}

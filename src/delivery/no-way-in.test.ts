import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo, type Server } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { allowDeliveryWrites } from "../../test/support/delivery-writes.ts";
import { createTestClock, insertJournal, routedEvent } from "../../test/support/delivery.ts";
import { FORBIDDEN_HOSTS } from "../../test/support/forbidden-hosts.ts";
import { createSecretBox, newId, type Problem } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createDispatcher } from "./dispatch/dispatcher.ts";
import { createEndpoints, MAX_ENDPOINTS } from "./endpoints/endpoints.ts";
import { createFanOut } from "./fan-out/fan-out.ts";
import { createGuard, type Guard } from "./http/ssrf-guard.ts";
import { createTester } from "./testing/tester.ts";
import { getDelivery, listDeliveries } from "./log/delivery-views.ts";

/** What a name inside resolves to; no one outside may learn it. */
const INSIDE = "127.0.0.1";
const NAMES = ["intranet.example", "127.0.0.1..", "metadata", "kubernetes.default.svc"];

/** A listener in the machine that notices every connection, on one port of both loopback addresses. */
async function createSentinel() {
  const servers: Server[] = [];
  let connections = 0;
  const listen = (host: string, port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer((socket) => {
        connections++;
        socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      });
      servers.push(server);
      server.once("error", reject).listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
  const port = await listen("127.0.0.1", 0);
  // A machine without IPv6 has no such address to reach.
  await listen("::1", port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
  });
  return {
    port,
    connections: () => connections,
    stop() {
      for (const server of servers) server.close();
    },
  };
}

const db = await createTestDatabase();
await allowDeliveryWrites(db);

describe("no request leaves for a forbidden address", () => {
  const log_lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void log_lines.push(line) });
  const box = createSecretBox([randomBytes(32)]);
  const clock = createTestClock();
  const resolve: NonNullable<Parameters<typeof createGuard>[0]>["resolve"] = (_name, done) =>
    done(null, [{ address: INSIDE, family: 4 }]);
  const guard = createGuard({ resolve });
  const fanOut = createFanOut((body) => body);
  let sentinel: Awaited<ReturnType<typeof createSentinel>>;
  let urls: string[];
  beforeAll(async () => {
    sentinel = await createSentinel();
    urls = [...FORBIDDEN_HOSTS, ...NAMES].map((host) => `http://${host}:${sentinel.port}/hook`);
  });
  afterAll(() => sentinel.stop());
  beforeEach(() => db.run(sql`truncate delivery_queue, delivery_log`));

  /** As if it had been saved when its name still meant something public. */
  const addAsSaved = async (workspace_id: string, url: string) => {
    const { id } = await createEndpoints({ db, box, guard, clock }).create(workspace_id, {
      url: "https://example.com/hook",
      enabled: true,
      events: ["messages"],
    });
    await db.run(sql`update endpoints set url = ${url} where workspace_id = ${workspace_id} and id = ${id}`);
    return id;
  };
  const deliverTo = async (list: readonly string[], by: Guard) => {
    const made: { workspace_id: string; endpoint_id: string }[] = [];
    for (let at = 0; at < list.length; at += MAX_ENDPOINTS) {
      const { workspace_id, connection_id } = await createTestWorkspace(db);
      for (const url of list.slice(at, at + MAX_ENDPOINTS))
        made.push({ workspace_id, endpoint_id: await addAsSaved(workspace_id, url) });
      const body = Buffer.from("{}");
      const journal_id = await insertJournal(db, connection_id, body);
      const events = [routedEvent(workspace_id, journal_id, "messages", `wamid.${newId()}`)];
      await db.transaction((tx) => fanOut(tx, [{ journal_id, body, whole: true, workspace_id, events }]));
    }
    const dispatcher = createDispatcher({ db, box, guard: by, log, clock });
    await dispatcher.drain();
    await dispatcher.stop();
    return made;
  };

  test("when it is saved: each spelling is refused, and so is a change to it", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const endpoints = createEndpoints({ db, box, guard, clock });
    const public_url = "https://example.com/hook";
    const { id } = await endpoints.create(workspace_id, { url: public_url, enabled: true, events: [] });
    const saved: string[] = [];
    for (const host of FORBIDDEN_HOSTS) {
      const url = `http://${host}:${sentinel.port}/hook`;
      const asked = [
        endpoints.create(workspace_id, { url, enabled: true, events: [] }),
        endpoints.update(workspace_id, id, { url }),
      ];
      for (const { reason, status } of (await Promise.allSettled(asked)) as PromiseRejectedResult[])
        if (status !== "rejected" || (reason as Problem).code !== "TARGET_NOT_ALLOWED") saved.push(host);
    }
    expect(saved).toEqual([]);
    expect((await endpoints.get(workspace_id, id)).url).toBe(public_url);
    expect(sentinel.connections()).toBe(0);
  });

  test("when it is tested", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const id = await addAsSaved(workspace_id, urls[0]!);
    const tester = createTester({ db, box, guard, log, clock });
    const sent: string[] = [];
    for (const url of urls) {
      await db.run(
        sql`update endpoints set url = ${url} where workspace_id = ${workspace_id} and id = ${id}`,
      );
      // As many tests a minute as one may send.
      clock.advance(3_000);
      if ((await tester.test(workspace_id, id)).error_code !== "address_not_allowed") sent.push(url);
    }
    expect(sent).toEqual([]);
    await tester.stop();
    expect(sentinel.connections()).toBe(0);
  });

  test("when it is delivered to; and what is shown, kept and logged says nothing of what is inside", async () => {
    const made = await deliverTo(urls, guard);
    expect(made).toHaveLength(urls.length);
    const codes = await db.rows<{ error_code: string | null; tries: number }>(sql`
      select error_code, count(*)::int as tries from attempts join deliveries
             on deliveries.workspace_id = attempts.workspace_id and deliveries.id = attempts.delivery_id
       where kind = 'event' group by error_code`);
    expect(codes).toEqual([{ error_code: "address_not_allowed", tries: urls.length }]);
    expect(sentinel.connections()).toBe(0);

    const { workspace_id, endpoint_id } =
      made[urls.indexOf(`http://intranet.example:${sentinel.port}/hook`)]!;
    const page = await listDeliveries(db, workspace_id, endpoint_id, { limit: 10 });
    const shown = [
      page,
      await getDelivery(db, workspace_id, page.data[0]!.id),
      await createEndpoints({ db, box, guard, clock }).get(workspace_id, endpoint_id),
      log_lines,
    ];
    expect(JSON.stringify(shown)).toContain("The address is not allowed");
    expect(JSON.stringify(shown)).not.toContain(INSIDE);
  });

  test("while one that the operator allows is reached: the sentinel does notice", async () => {
    const allowing = createGuard({ allowed: ["127.0.0.0/8"], resolve });
    await deliverTo([`http://127.0.0.1:${sentinel.port}/hook`], allowing);
    expect(sentinel.connections()).toBe(1);
  });
});

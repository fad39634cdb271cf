import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { insertJournal, routedEvent } from "../../../test/support/delivery.ts";
import { createSecretBox } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import type { ItemPath, Subscription } from "../../meta/events.ts";
import { createEndpoints, type Endpoints } from "../endpoints/endpoints.ts";
import { createFanOut } from "./fan-out.ts";
import { createGuard } from "../http/ssrf-guard.ts";
import { listDeliveries } from "../log/delivery-views.ts";

/** Says which items were kept; the real one is proved where it lives. */
const slice = (_body: Buffer, keep: readonly ItemPath[]) => Buffer.from(JSON.stringify(keep));
const fanOut = createFanOut(slice);

describe("fan-out", () => {
  let db: Database;
  let endpoints: Endpoints;
  beforeAll(async () => {
    db = await createTestDatabase();
    endpoints = createEndpoints({ db, box: createSecretBox([randomBytes(32)]), guard: createGuard() });
  });

  const add = async (workspace_id: string, events: Subscription[], enabled = true) =>
    (await endpoints.create(workspace_id, { url: "https://example.com", description: null, enabled, events }))
      .id;
  const written = (workspace_id: string) =>
    db.rows<{
      endpoint_id: string;
      body: Buffer | null;
      events: string[];
      wamids: string[];
      state: string;
      due: boolean;
    }>(sql`
      select endpoint_id, body, events, wamids, state, next_attempt_at <= now() as due from deliveries
       where workspace_id = ${workspace_id} order by id`);
  const webhookOf = async (
    connection_id: string,
    workspace_id: string,
    keys: Subscription[],
    whole = true,
  ) => {
    const body = Buffer.from('{ "object":"whatsapp_business_account" }');
    const journal_id = await insertJournal(db, connection_id, body);
    const events = keys.map((key, index) =>
      routedEvent(workspace_id, journal_id, key, `wamid.${index}"\\{},\0`, {
        entry: 0,
        change: 0,
        list: key,
        index,
      }),
    );
    return { journal_id, body, whole, workspace_id, events };
  };

  test("points at Meta's bytes when an endpoint wants all of a webhook, and rebuilds it when it wants a part", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const all = await add(workspace_id, ["messages", "statuses"]);
    const some = await add(workspace_id, ["statuses", "account"]);
    await add(workspace_id, ["template_status"]);
    const webhook = await webhookOf(connection_id, workspace_id, ["messages", "statuses"]);
    await db.transaction((tx) => fanOut(tx, [webhook]));

    const rows = await written(workspace_id);
    expect(rows.toSorted((a, b) => a.events.length - b.events.length)).toEqual([
      {
        endpoint_id: some,
        body: slice(webhook.body, [webhook.events[1]!.event.path]),
        events: ["statuses"],
        wamids: ['wamid.1"\\{},\ufffd'],
        state: "pending",
        due: true,
      },
      {
        endpoint_id: all,
        body: null,
        events: ["messages", "statuses"],
        wamids: ['wamid.0"\\{},\ufffd', 'wamid.1"\\{},\ufffd'],
        state: "pending",
        due: true,
      },
    ]);
  });

  test("lets a delivery be found by each message in it", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const endpoint_id = await add(workspace_id, ["messages", "statuses"]);
    const webhook = await webhookOf(connection_id, workspace_id, ["messages", "statuses"]);
    // The same message twice: a status for each of two people of a group.
    const twice = { ...webhook, events: [...webhook.events, webhook.events[1]!] };
    await db.transaction((tx) => fanOut(tx, [twice]));
    for (const index of [0, 1]) {
      const wamid = `wamid.${index}"\\{},\ufffd`;
      const { data } = await listDeliveries(db, workspace_id, endpoint_id, { wamid, limit: 10 });
      expect(data).toHaveLength(1);
      expect(data[0]!.wamids).toContain(wamid);
    }
  });

  test("never sends the raw bytes when a part is old news or another workspace's", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    await add(workspace_id, ["messages"]);
    const webhook = await webhookOf(connection_id, workspace_id, ["messages"], false);
    await db.transaction((tx) => fanOut(tx, [webhook]));
    expect((await written(workspace_id))[0]!.body).toEqual(
      slice(webhook.body, [webhook.events[0]!.event.path]),
    );
  });

  test("writes each workspace its own, in one batch", async () => {
    const one = await createTestWorkspace(db);
    const two = await createTestWorkspace(db);
    const endpoint_one = await add(one.workspace_id, ["messages"]);
    const endpoint_two = await add(two.workspace_id, ["messages"]);
    const webhooks = await Promise.all(
      [one, two, one, two, two].map((of) => webhookOf(of.connection_id, of.workspace_id, ["messages"])),
    );
    await db.transaction((tx) => fanOut(tx, webhooks));
    expect((await written(one.workspace_id)).map((row) => row.endpoint_id)).toEqual([
      endpoint_one,
      endpoint_one,
    ]);
    expect((await written(two.workspace_id)).map((row) => row.endpoint_id)).toEqual(
      Array(3).fill(endpoint_two),
    );
  });

  test("writes nothing for an endpoint that is switched off or deleted, and holds what is for one that was given up", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    await add(workspace_id, ["messages"], false);
    await endpoints.remove(workspace_id, await add(workspace_id, ["messages"]));
    const given_up = await add(workspace_id, ["messages"]);
    await db.run(sql`update endpoints set state = 'disabled' where id = ${given_up}`);
    await db.transaction(async (tx) =>
      fanOut(tx, [await webhookOf(connection_id, workspace_id, ["messages"])]),
    );
    expect(await written(workspace_id)).toMatchObject([{ endpoint_id: given_up, state: "held", due: null }]);

    await endpoints.update(workspace_id, given_up, { enabled: true });
    expect(await written(workspace_id)).toMatchObject([
      { endpoint_id: given_up, state: "pending", due: true },
    ]);
  });

  test("says so to the dispatchers in the same commit, and only when something was written", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const client = await db.pool.connect();
    try {
      let heard = 0;
      client.on("notification", () => heard++);
      await client.query("listen deliveries");
      const webhook = await webhookOf(connection_id, workspace_id, ["messages"]);
      await db.transaction((tx) => fanOut(tx, [webhook]));
      await client.query("select 1");
      expect(heard).toBe(0);
      await add(workspace_id, ["messages"]);
      await client.query("select 1");
      const before = heard;
      await db.transaction((tx) => fanOut(tx, [webhook]));
      await client.query("select 1");
      expect(heard).toBe(before + 1);
    } finally {
      client.release(true);
    }
  });
});

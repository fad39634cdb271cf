import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import {
  createReceiver,
  createSilentReceiver,
  createTestClock,
  insertJournal,
  routedEvent,
} from "../../../test/support/delivery.ts";
import { createSecretBox, newId, silentLog } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import {
  cancel,
  cancelChosen,
  cancelPending,
  countCancellable,
  createDispatcher,
  createEndpoints,
  createGuard,
  fanOut,
  getDelivery,
  listDeliveries,
  resend,
  uncancel,
  uncancelPending,
} from "../delivery.ts";

const db = await createTestDatabase({ max: 20 });
await allowDeliveryWrites(db);
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.1"] });
const endpoints = createEndpoints({ db, box, guard });
const clock = createTestClock();
const newDispatcher = () => createDispatcher({ db, box, guard, log: silentLog, clock });

let workspace_id: string;
let connection_id: string;
beforeEach(async () => {
  // What an earlier test left is not this one's to send.
  await db.run(sql`update deliveries set state = 'cancelled' where state = 'pending'`);
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
});

const addEndpoint = async (url: string) =>
  (await endpoints.create(workspace_id, { url, description: null, enabled: true, events: ["messages"] })).id;

/** A webhook arrives, and is fanned out to the endpoints there are. Returns its delivery to the only one. */
async function arrive(): Promise<{ id: string; journal_id: string }> {
  const body = Buffer.from("{}");
  const journal_id = await insertJournal(db, connection_id, body);
  const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
  await db.transaction((tx) => fanOut(tx, [{ journal_id, body, whole: true, workspace_id, events }]));
  const row = await db.first<{ id: string }>(sql`select id from deliveries where journal_id = ${journal_id}`);
  return { id: row!.id, journal_id };
}

const send = async () => {
  const dispatcher = newDispatcher();
  await dispatcher.drain();
  await dispatcher.stop();
};
const row = (id: string) =>
  db.first(sql`select state, attempts, schedule_start, lease, completed_at from deliveries where id = ${id}`);
const problem = (code: string) => expect.objectContaining({ code });

describe("a delivery is sent again", () => {
  test("at once, also to an endpoint that fails and whose breaker rests", async () => {
    const receiver = await createReceiver();
    const endpoint_id = await addEndpoint(receiver.url);
    const { id } = await arrive();
    await db.run(sql`
      update endpoints set state = 'failing', failures = 9, failing_since = now() - interval '1 hour',
             probe_at = now() + interval '5 minutes'
       where id = ${endpoint_id}`);
    await send();
    expect(receiver.received).toEqual([]);
    await resend(db, workspace_id, id);
    await send();
    expect(await getDelivery(db, workspace_id, id)).toMatchObject({ state: "delivered" });
    expect(await endpoints.get(workspace_id, endpoint_id)).toMatchObject({ state: "ok" });
  });

  test("under its own id, whether it was delivered, had failed or was cancelled", async () => {
    const receiver = await createReceiver();
    await addEndpoint(receiver.url);
    const { id } = await arrive();
    await send();
    expect(await getDelivery(db, workspace_id, id)).toMatchObject({ resent: false });
    for (const [tries, state] of (["delivered", "failed", "cancelled"] as const).entries()) {
      await db.run(sql`update deliveries set state = ${state} where id = ${id}`);
      expect(await resend(db, workspace_id, id)).toMatchObject({
        id,
        state: "pending",
        attempts: tries + 1,
        resent: true,
      });
      // A whole schedule again: the tries so far don't count.
      expect(await row(id)).toMatchObject({ schedule_start: tries + 1, lease: null, completed_at: null });
      await send();
      expect(await row(id)).toMatchObject({ state: "delivered", attempts: tries + 2 });
    }
    expect(receiver.received.map((request) => request.headers["webhook-id"])).toEqual(Array(4).fill(id));
    const { attempt_log } = await getDelivery(db, workspace_id, id);
    expect(attempt_log.map(({ attempt, manual }) => [attempt, manual])).toEqual([
      [1, false],
      [2, true],
      [3, true],
      [4, true],
    ]);
  });

  test("at once, when a retry was waiting for its time", async () => {
    const receiver = await createReceiver(
      (_request, res, nth) => void res.writeHead(nth === 1 ? 500 : 200).end(),
    );
    await addEndpoint(receiver.url);
    const { id } = await arrive();
    await send();
    await db.run(sql`update deliveries set next_attempt_at = now() + interval '1 hour' where id = ${id}`);
    await send();
    expect(receiver.received).toHaveLength(1);
    await resend(db, workspace_id, id);
    await send();
    expect(await row(id)).toMatchObject({ state: "delivered", attempts: 2 });
    // The retry that had been waiting is not made as well.
    clock.advance(3_600_000);
    await send();
    expect(receiver.received).toHaveLength(2);
  });

  test("not while it is being tried, even when it is cancelled meanwhile, and again when a crash forgot it", async () => {
    const receiver = await createSilentReceiver();
    await addEndpoint(receiver.url);
    const { id } = await arrive();
    const dispatcher = newDispatcher();
    await dispatcher.step();
    await receiver.atLeast(1);
    const refused = expect.objectContaining({
      code: "DELIVERY_STATE",
      detail: expect.stringMatching(/at this moment/),
    });
    await expect(resend(db, workspace_id, id)).rejects.toEqual(refused);
    await cancel(db, workspace_id, id);
    await expect(resend(db, workspace_id, id)).rejects.toEqual(refused);
    await db.run(sql`update deliveries set next_attempt_at = now() - interval '1 second' where id = ${id}`);
    await resend(db, workspace_id, id);
    receiver.speak();
    await dispatcher.drain();
    await dispatcher.stop();
    // The forgotten attempt could not record what is no longer its own.
    expect([receiver.received.length, await row(id)]).toEqual([2, expect.objectContaining({ attempts: 1 })]);
  });

  test("never by two requests at the same instant, however people and dispatchers race", async () => {
    const open = new Map<string, number>();
    let most = 0;
    const receiver = await createReceiver(({ headers }, res) => {
      const id = String(headers["webhook-id"]);
      const now = (open.get(id) ?? 0) + 1;
      open.set(id, now);
      most = Math.max(most, now);
      setImmediate(() => {
        open.set(id, open.get(id)! - 1);
        res.writeHead(500).end();
      });
    });
    await addEndpoint(receiver.url);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await arrive()).id);
    const dispatchers = [newDispatcher(), newDispatcher()];
    let again = 0;
    const people = ids.flatMap((id) =>
      Array.from({ length: 3 }, async () => {
        for (let i = 0; i < 15; i++)
          await resend(db, workspace_id, id).then(
            () => again++,
            (error: unknown) => expect(error).toEqual(problem("DELIVERY_STATE")),
          );
      }),
    );
    let racing = true;
    const working = dispatchers.map(async (dispatcher) => {
      while (racing) {
        // An endpoint that fails rests; here it shall not.
        await db.run(sql`
          update endpoints set state = 'ok', failures = 0, held_until = null where workspace_id = ${workspace_id}`);
        await dispatcher.step();
      }
    });
    await Promise.all(people);
    racing = false;
    await Promise.all(working);
    for (const dispatcher of dispatchers) await dispatcher.drain();
    for (const dispatcher of dispatchers) await dispatcher.stop();
    expect([most, again > 5]).toEqual([1, true]);
    // Each request is in the log.
    for (const id of ids) {
      const sent = receiver.received.filter(({ headers }) => headers["webhook-id"] === id).length;
      expect((await getDelivery(db, workspace_id, id)).attempt_log).toHaveLength(sent);
    }
  });

  test("and what can't be says why", async () => {
    const endpoint_id = await addEndpoint("http://127.0.0.1:9/");
    const { id, journal_id } = await arrive();
    await db.run(sql`update deliveries set state = 'failed' where id = ${id}`);
    for (const off of [{ enabled: false }, { state: "disabled" }]) {
      await db.run(sql`
        update endpoints set enabled = ${off.enabled ?? true}, state = ${off.state ?? "ok"} where id = ${endpoint_id}`);
      await expect(resend(db, workspace_id, id)).rejects.toEqual(problem("ENDPOINT_OFF"));
    }
    await db.run(sql`update endpoints set state = 'ok' where id = ${endpoint_id}`);

    await db.run(sql`update deliveries set kind = 'test' where id = ${id}`);
    await expect(resend(db, workspace_id, id)).rejects.toEqual(
      expect.objectContaining({ code: "DELIVERY_STATE", detail: expect.stringMatching(/new test/) }),
    );
    await db.run(sql`update deliveries set kind = 'event' where id = ${id}`);

    await db.run(sql`delete from journal where id = ${journal_id}`);
    await expect(resend(db, workspace_id, id)).rejects.toEqual(problem("BODY_GONE"));
    await expect(resend(db, workspace_id, newId())).rejects.toEqual(problem("NOT_FOUND"));
    const other = await createTestWorkspace(db);
    await expect(resend(db, other.workspace_id, id)).rejects.toEqual(problem("NOT_FOUND"));
    expect(await row(id)).toMatchObject({ state: "failed" });
    await endpoints.remove(workspace_id, endpoint_id);
    await expect(resend(db, workspace_id, id)).rejects.toEqual(problem("NOT_FOUND"));
  });

  test("not, when retention takes its webhook at that moment", async () => {
    await addEndpoint("http://127.0.0.1:9/");
    const { id, journal_id } = await arrive();
    await db.run(sql`update deliveries set state = 'delivered' where id = ${id}`);
    // Retention locks the journal before it asks what is referenced, so one of the two comes first, wholly.
    const outcome = await db.transaction(async (tx) => {
      await tx.run(sql`lock table only journal in access exclusive mode`);
      const resent = resend(db, workspace_id, id).catch((error: unknown) => error);
      await tx.run(sql`delete from journal where id = ${journal_id}`);
      return { resent };
    });
    expect(await outcome.resent).toEqual(problem("BODY_GONE"));
  });
});

describe("a delivery is cancelled", () => {
  test("when it waits or is held, and never tried then", async () => {
    const receiver = await createReceiver();
    const endpoint_id = await addEndpoint(receiver.url);
    const waiting = await arrive();
    const held = await arrive();
    await db.run(sql`update deliveries set state = 'held' where id = ${held.id}`);
    for (const { id } of [waiting, held])
      expect(await cancel(db, workspace_id, id)).toMatchObject({
        state: "cancelled",
        next_attempt_at: null,
        completed_at: expect.any(String),
      });
    await endpoints.update(workspace_id, endpoint_id, { enabled: true });
    await send();
    expect(receiver.received).toEqual([]);
    await expect(cancel(db, workspace_id, held.id)).rejects.toEqual(problem("DELIVERY_STATE"));
    const other = await createTestWorkspace(db);
    await expect(cancel(db, other.workspace_id, waiting.id)).rejects.toEqual(problem("NOT_FOUND"));
  });

  test.each([
    [200, "delivered"],
    [500, "cancelled"],
    // Which would hold it for when the endpoint is taken up again.
    [410, "cancelled"],
  ])("while it is tried: with a %i it ends %s, and there is no other try", async (status, state) => {
    let release: (() => void) | undefined;
    const receiver = await createReceiver((_request, res) => {
      release = () => void res.writeHead(status).end();
    });
    await addEndpoint(receiver.url);
    const { id } = await arrive();
    const dispatcher = newDispatcher();
    await dispatcher.step();
    await receiver.atLeast(1);
    expect(await cancel(db, workspace_id, id)).toMatchObject({ state: "cancelled", under_way: true });
    release?.();
    await dispatcher.drain();
    clock.advance(86_400_000);
    await dispatcher.drain();
    await dispatcher.stop();
    expect([receiver.received.length, await row(id)]).toEqual([
      1,
      expect.objectContaining({ state, attempts: 1, completed_at: expect.any(Date) }),
    ]);
  });

  test("with all that waits for its endpoint, and nothing of another's or that comes later", async () => {
    const mine = await addEndpoint("http://127.0.0.1:9/");
    const other = await addEndpoint("http://127.0.0.1:9/");
    for (const endpoint_id of [mine, other])
      await db.run(sql`
        insert into deliveries (workspace_id, id, endpoint_id, events, state, next_attempt_at)
        select ${workspace_id}, gen_random_uuid(), ${endpoint_id}, '{messages}',
               case i % 4 when 0 then 'held' when 1 then 'delivered' else 'pending' end, now()
          from generate_series(1, 4400) i`);
    const later = newId();
    await db.run(sql`
      insert into deliveries (workspace_id, id, endpoint_id, events, state, next_attempt_at, created_at)
      values (${workspace_id}, ${later}, ${mine}, '{messages}', 'pending', now(), now() + interval '1 hour')`);
    expect(await cancelPending(db, workspace_id, mine)).toMatchObject({ cancelled: 3300 });
    const states = (endpoint_id: string) =>
      db.rows(sql`
        select state, count(*) from deliveries where endpoint_id = ${endpoint_id} group by state order by state`);
    expect(await states(mine)).toEqual([
      { state: "cancelled", count: 3300 },
      { state: "delivered", count: 1100 },
      { state: "pending", count: 1 },
    ]);
    expect(await states(other)).toMatchObject([
      { state: "delivered" },
      { state: "held" },
      { state: "pending" },
    ]);
    expect((await listDeliveries(db, workspace_id, mine, { state: "pending", limit: 5 })).data[0]!.id).toBe(
      later,
    );
    const foreign = await createTestWorkspace(db);
    await expect(cancelPending(db, foreign.workspace_id, mine)).rejects.toEqual(problem("NOT_FOUND"));
    expect(await cancelPending(db, workspace_id, mine)).toMatchObject({ cancelled: 0 });
  });

  test("with what waits of a choice, which is counted first, and taken back by its moment", async () => {
    const mine = await addEndpoint("http://127.0.0.1:9/");
    const other = await addEndpoint("http://127.0.0.1:9/");
    for (const endpoint_id of [mine, other])
      await db.run(sql`
        insert into deliveries (workspace_id, id, endpoint_id, events, state, next_attempt_at)
        select ${workspace_id}, gen_random_uuid(), ${endpoint_id},
               case when i % 2 = 0 then '{messages}'::text[] else '{statuses}'::text[] end,
               case i % 5 when 0 then 'held' when 1 then 'delivered' when 2 then 'failed' else 'pending' end, now()
          from generate_series(1, 2000) i`);
    const states = async (endpoint_id: string) =>
      Object.fromEntries(
        (
          await db.rows<{ name: string; count: number }>(sql`
            select state || ' ' || events[1] as name, count(*) from deliveries
             where endpoint_id = ${endpoint_id} group by 1`)
        ).map(({ name, count }) => [name, count]),
      );
    const before = await states(mine);
    const filter = { event: "statuses" as const };
    expect(await countCancellable(db, workspace_id, mine, { filter })).toEqual({
      total: 600,
      by_state: { pending: 400, held: 200 },
    });
    // A filter on a state that does not wait leaves nothing to cancel.
    for (const state of ["failed", "delivered", "cancelled"] as const)
      expect(await countCancellable(db, workspace_id, mine, { filter: { state } })).toMatchObject({
        total: 0,
      });
    expect(await countCancellable(db, workspace_id, mine, { filter: { state: "held" } })).toEqual({
      total: 400,
      by_state: { pending: 0, held: 400 },
    });
    const { cancelled, cancelled_at } = await cancelChosen(db, workspace_id, mine, { filter });
    expect([cancelled, await states(mine)]).toEqual([
      600,
      {
        ...Object.fromEntries(
          Object.entries(before).filter(([name]) => !/(pending|held) statuses/.test(name)),
        ),
        "cancelled statuses": 600,
      },
    ]);
    expect(await states(other)).toEqual(before);
    expect(await uncancelPending(db, workspace_id, mine, cancelled_at.toISOString())).toEqual({
      restored: 600,
    });
    expect((await listDeliveries(db, workspace_id, mine, { state: "cancelled", limit: 5 })).data).toEqual([]);

    // By ids: only this endpoint's, and of them only what waits.
    const ids = (
      await db.rows<{ id: string }>(sql`
        (select id from deliveries where endpoint_id = ${mine} and state = 'pending' limit 3)
        union all (select id from deliveries where endpoint_id = ${mine} and state = 'delivered' limit 3)
        union all (select id from deliveries where endpoint_id = ${other} and state = 'pending' limit 3)`)
    ).map(({ id }) => id);
    expect(await countCancellable(db, workspace_id, mine, { ids })).toMatchObject({ total: 3 });
    expect(await cancelChosen(db, workspace_id, mine, { ids })).toMatchObject({ cancelled: 3 });
    expect(await states(other)).toEqual(before);
    const foreign = await createTestWorkspace(db);
    await expect(cancelChosen(db, foreign.workspace_id, mine, { ids })).rejects.toEqual(problem("NOT_FOUND"));
    await expect(countCancellable(db, foreign.workspace_id, mine, { ids })).rejects.toEqual(
      problem("NOT_FOUND"),
    );
  });

  test("and goes on where it was when that is taken back", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
    await addEndpoint(receiver.url);
    const { id } = await arrive();
    await send();
    await db.run(sql`update deliveries set next_attempt_at = now() + interval '1 hour' where id = ${id}`);
    const before = await getDelivery(db, workspace_id, id);
    await expect(uncancel(db, workspace_id, id)).rejects.toEqual(problem("DELIVERY_STATE"));
    await cancel(db, workspace_id, id);
    expect(await uncancel(db, workspace_id, id)).toEqual(before);
    const { cancelled, cancelled_at } = await cancelPending(db, workspace_id, before.endpoint_id);
    expect([cancelled, (await getDelivery(db, workspace_id, id)).state]).toEqual([1, "cancelled"]);
    const other = new Date(cancelled_at.getTime() + 1).toISOString();
    const restore = (at: string) => uncancelPending(db, workspace_id, before.endpoint_id, at);
    expect(await restore(other)).toEqual({ restored: 0 });
    expect(await restore(cancelled_at.toISOString())).toEqual({ restored: 1 });
    expect(await getDelivery(db, workspace_id, id)).toEqual(before);
    // Of an endpoint that was switched off meanwhile it is held.
    await cancel(db, workspace_id, id);
    await endpoints.update(workspace_id, before.endpoint_id, { enabled: false });
    expect(await uncancel(db, workspace_id, id)).toMatchObject({ state: "held" });
  });

  test("while it is being sent: taken back, it is retried as if nothing had been", async () => {
    const receiver = await createSilentReceiver();
    await addEndpoint(receiver.url);
    const { id } = await arrive();
    const dispatcher = newDispatcher();
    await dispatcher.step();
    await receiver.atLeast(1);
    await cancel(db, workspace_id, id);
    receiver.server.closeAllConnections();
    await dispatcher.drain();
    expect(await getDelivery(db, workspace_id, id)).toMatchObject({ state: "cancelled", attempts: 1 });
    // By the schedule, as if it had never been cancelled.
    const next = await db.first<{ next_attempt_at: Date }>(
      sql`select next_attempt_at from deliveries where id = ${id}`,
    );
    expect(await uncancel(db, workspace_id, id)).toMatchObject({
      state: "pending",
      next_attempt_at: next!.next_attempt_at.toISOString(),
    });
    await dispatcher.stop();
  });
});

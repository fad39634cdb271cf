import { beforeEach, describe, expect, test } from "vitest";
import { createReceiver, createSilentReceiver } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { silentLog } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { createSender, type Sender } from "./send-now.ts";

const { db, box, guard, endpoints, clock, here, dispatcher, add, enqueue, deliveries, historyOf } =
  await createDispatching();

let sender: Sender;
beforeEach(() => {
  sender = createSender({ db, box, guard, log: silentLog, clock });
  return () => sender.stop();
});
const problem = (code: string) => expect.objectContaining({ code });
const idsOf = (requests: readonly { headers: Record<string, unknown> }[]) =>
  requests.map(({ headers }) => headers["webhook-id"]);

/** An endpoint that is paused after failures, with `count` deliveries that wait, none of them tried. */
async function paused(url: string, count: number) {
  const endpoint = await add(url);
  await enqueue(count);
  await db.run(sql`
    update endpoints set state = 'failing', failures = 7, failing_since = now() - interval '1 hour', trips = 3,
           probe_at = now() + interval '5 minutes', held_until = now() + interval '4 minutes',
           state_reason = 'The server answered 503.'
     where id = ${endpoint.id}`);
  return { endpoint, waiting: await deliveries() };
}

describe("a person sends one delivery now", () => {
  test("this one, whichever it is, and not the oldest, to an endpoint that is paused after failures (M6)", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end("no warehouse"));
    const { endpoint, waiting } = await paused(receiver.url, 8);
    const chosen = waiting[5]!;
    const sent = await sender.send(here.workspace_id, chosen.id);
    expect(idsOf(receiver.received)).toEqual([chosen.id]);
    expect(sent).toMatchObject({ id: chosen.id, state: "pending", attempts: 1, last_status: 500 });
    expect(sent.attempt_log).toMatchObject([
      { attempt: 1, manual: true, status: 500, error_code: "http_status", response_excerpt: "no warehouse" },
    ]);
    // It was the probe: the pause begins anew, longer, and nothing else was sent.
    await dispatcher().drain();
    expect(receiver.received).toHaveLength(1);
    const { state, held_until } = await endpoints.get(here.workspace_id, endpoint.id);
    expect(state).toBe("failing");
    expect(Date.parse(held_until!)).toBeGreaterThan(clock.now());
    expect((await deliveries()).filter(({ attempts }) => attempts > 0).map(({ id }) => id)).toEqual([
      chosen.id,
    ]);
  });

  test("and when it is received, the endpoint is well again and all that waited goes out", async () => {
    const receiver = await createReceiver();
    const { endpoint, waiting } = await paused(receiver.url, 5);
    const sent = await sender.send(here.workspace_id, waiting[3]!.id);
    expect(sent).toMatchObject({ state: "delivered", attempts: 1, last_status: 200 });
    expect(await endpoints.get(here.workspace_id, endpoint.id)).toMatchObject({
      state: "ok",
      held_until: null,
    });
    expect((await historyOf(endpoint.id)).map(({ kind }) => kind)).toEqual(["recovered"]);
    await dispatcher().drain();
    expect(new Set(idsOf(receiver.received))).toEqual(new Set(waiting.map(({ id }) => id)));
    expect(receiver.received).toHaveLength(5);
  });

  test("again, however it ended, with a whole schedule of retries behind it", async () => {
    let broken = true;
    const receiver = await createReceiver((_request, res) => void res.writeHead(broken ? 500 : 200).end());
    await add(receiver.url);
    await enqueue(1);
    const { id } = (await deliveries())[0]!;
    for (const [nth, state] of (["failed", "cancelled", "delivered", "held"] as const).entries()) {
      await db.run(sql`update deliveries set state = ${state}, attempts = ${nth} where id = ${id}`);
      broken = nth % 2 === 0;
      const sent = await sender.send(here.workspace_id, id);
      expect(sent).toMatchObject({
        state: broken ? "pending" : "delivered",
        attempts: nth + 1,
        last_error_class: broken ? "http_5xx" : null,
      });
      expect(sent.next_attempt_at === null).toBe(!broken);
    }
  });

  test("never by two requests at the same instant: who asks meanwhile is told so, and no dispatcher takes it", async () => {
    const receiver = await createSilentReceiver();
    await add(receiver.url);
    await enqueue(1);
    const { id } = (await deliveries())[0]!;
    const sending = sender.send(here.workspace_id, id);
    await receiver.atLeast(1);
    await expect(sender.send(here.workspace_id, id)).rejects.toEqual(problem("DELIVERY_STATE"));
    expect(await dispatcher().step()).toBe(0);
    receiver.speak();
    expect(await sending).toMatchObject({ state: "delivered", attempts: 1 });
    expect(receiver.received).toHaveLength(1);
  });

  test("what can't be says why, and a stop gives back what is under way", async () => {
    const receiver = await createSilentReceiver();
    const endpoint = await add(receiver.url);
    await enqueue(2);
    const [first, second] = await deliveries();
    if (!first || !second) throw new Error("two are needed");
    const foreign = "0190a0b0-0000-7000-8000-000000000000";
    await expect(sender.send(here.workspace_id, foreign)).rejects.toEqual(problem("NOT_FOUND"));
    await expect(sender.send(foreign, first.id)).rejects.toEqual(problem("NOT_FOUND"));
    await endpoints.update(here.workspace_id, endpoint.id, { enabled: false });
    await expect(sender.send(here.workspace_id, first.id)).rejects.toEqual(problem("ENDPOINT_OFF"));
    await endpoints.update(here.workspace_id, endpoint.id, { enabled: true });
    await db.run(
      sql`delete from journal where id = (select journal_id from deliveries where id = ${first.id})`,
    );
    await expect(sender.send(here.workspace_id, first.id)).rejects.toEqual(problem("BODY_GONE"));

    const sending = sender.send(here.workspace_id, second.id).catch((error: unknown) => error);
    await receiver.atLeast(1);
    await sender.stop();
    expect(await sending).toEqual(problem("UNAVAILABLE"));
    expect((await deliveries())[1]).toMatchObject({ state: "pending", attempts: 0, lease: null });
  });
});

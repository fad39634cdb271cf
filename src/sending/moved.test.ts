import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestSending } from "../../test/support/sending.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import type { Listen } from "../live/live.ts";
import { recordExpiredLeases } from "./claim/claim.ts";
import { recordOutcomes, type SendOutcome } from "./outcomes/outcomes.ts";
import { publishMoves } from "./publish-moves.ts";
import { FOUND } from "./send-error.ts";
import { cancel, queueMany, retry } from "./sending.ts";

const SEED = Number(process.env["FC_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const MINUTE_MS = 60_000;
let meta: Awaited<ReturnType<typeof createTestSending>>;
let people = 0;
beforeAll(async () => {
  meta = await createTestSending();
});
beforeEach(() => void meta.moved.splice(0));

const nextPerson = () => meta.person(`49151${String(20_000_000 + people++)}`);

const statusBody = async (id: string, wamid: string, status: string) => {
  const number = await meta.db.first<{ phone_number_id: string }>(
    sql`select phone_number_id from phone_numbers where id = ${meta.number_id}`,
  );
  const timestamp = `${Math.floor(Date.now() / 1000)}`;
  const errors = status === "failed" ? [{ code: 131026, title: "Undeliverable" }] : [];
  const statuses = [
    { id: wamid, status, timestamp, recipient_id: "4915112345", biz_opaque_callback_data: id, errors },
  ];
  const value = { metadata: number, statuses };
  return {
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field: "messages", value }] }],
  };
};

const tell = async (id: string, wamid: string, status: string) => {
  await meta.post(await statusBody(id, wamid, status));
  await meta.pipeline.drain();
};

/** A message whose request is under way, and what the sender writes when its answer comes. */
async function underWay(wamid: string) {
  const id = await meta.write((await nextPerson()).conversation_id, "hello");
  const lease = newId();
  const [send] = await meta.db.rows<{ workspace_id: string; to_kind: "wa_id"; to_value: string }>(sql`
    update sends set state = 'sending', lease = ${lease}, attempts = 1, tries = 1, next_attempt_at = now() + interval '1 hour'
    where id = ${id} returning workspace_id, to_kind, to_value`);
  const outcome: SendOutcome = {
    ...send!,
    id,
    number: meta.number_id,
    template_name: null,
    template_language: null,
    tries: 1,
    priority: 0,
    lease,
    outcome: { state: "sent", wamid, wa_id: null, user_id: null },
  };
  return { id, outcome };
}

const answer = (outcome: SendOutcome, listen = meta.listen) =>
  meta.db.transaction(async (tx) =>
    publishMoves(tx, await recordOutcomes(tx, [outcome], { now_ms: Date.now(), wait_ms: 1_000 }), listen),
  );

const told = (id: string) => meta.moved.filter(({ message_id }) => message_id === id);
const steps = (id: string) => told(id).map(({ status, before }) => [before, status]);

test("a status that comes before the answer to the request names the message, and is told with it", async () => {
  const { id, outcome } = await underWay("wamid.first");
  await tell(id, "wamid.first", "sent");
  await tell(id, "wamid.first", "delivered");
  await answer(outcome);
  expect(told(id)).toMatchObject([
    { message_id: id, status: "SENT", before: null, origin: null },
    { message_id: id, status: "DELIVERED", before: "SENT" },
  ]);
});

test("a status that is applied while the sender writes the message's name is told once", async () => {
  const { id, outcome } = await underWay("wamid.meanwhile");
  let applied = Promise.resolve();
  await meta.db.transaction(async (tx) => {
    const recorded = await recordOutcomes(tx, [outcome], { now_ms: Date.now(), wait_ms: 1_000 });
    applied = tell(id, "wamid.meanwhile", "sent");
    // The batch has come to the row that this transaction has locked.
    const locked = () =>
      meta.db.first<{ waits: boolean }>(sql`
        select count(*) > 0 as waits from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
    await expect.poll(locked, { timeout: 20_000 }).toEqual({ waits: true });
    await publishMoves(tx, recorded, meta.listen);
  });
  await applied;
  await tell(id, "wamid.meanwhile", "read");
  expect(steps(id)).toEqual([
    [null, "ACCEPTED"],
    ["ACCEPTED", "SENT"],
    ["SENT", "READ"],
  ]);
});

test("Meta takes a message, and says later how far it came", async () => {
  const { conversation_id, contact_id } = await nextPerson();
  const id = await meta.write(conversation_id, "hello");
  await meta.sending.drain();
  expect(told(id)).toEqual([
    {
      workspace_id: meta.workspace_id,
      message_id: id,
      conversation_id,
      contact_id,
      status: "ACCEPTED",
      before: null,
      at: expect.any(Date),
      error: null,
      origin: null,
    },
  ]);
  await meta.hear();
  expect(steps(id).slice(1)).toEqual([["ACCEPTED", "SENT"]]);
});

test("Meta refuses a message: it failed at once, with Meta's reason and the message's origin", async () => {
  const origin = { kind: "campaign", id: newId() } as const;
  const { conversation_id } = await nextPerson();
  const row = {
    workspace_id: meta.workspace_id,
    conversation_id,
    source: "CAMPAIGN",
    origin,
    content: { type: "text", body: "hello" },
  } as const;
  const { outcomes } = await meta.db.transaction((tx) => queueMany(tx, [row]));
  meta.graph.next({ refuse: 131026 });
  await meta.sending.drain();
  const [queued] = outcomes;
  expect(told((queued as { id: string }).id)).toMatchObject([
    { status: "FAILED", before: null, error: { code: 131026, title: expect.any(String) }, origin },
  ]);
});

test("a message that is tried again by itself is told of once, when that has ended", async () => {
  const id = await meta.write((await nextPerson()).conversation_id, "hello");
  meta.graph.next({ refuse: 131016 });
  await meta.sending.drain();
  expect(told(id)).toEqual([]);
  meta.clock.moved_ms += MINUTE_MS;
  await meta.sending.drain();
  expect(steps(id)).toEqual([[null, "ACCEPTED"]]);
});

test("a message whose window closed before it could go has failed by Wharf's own word", async () => {
  const { conversation_id } = await nextPerson();
  const id = await meta.write(conversation_id, "hello");
  await meta.db.run(sql`
    update conversations set window_expires_at = now() - interval '1 minute', last_inbound_at = now() - interval '25 hours'
    where id = ${conversation_id}`);
  await meta.sending.drain();
  expect(told(id)).toMatchObject([{ status: "FAILED", before: null, error: { code: null } }]);
});

test("cancelled by a person, and queued again after a failure: both are told, and it begins anew", async () => {
  const { conversation_id } = await nextPerson();
  const id = await meta.write(conversation_id, "hello");
  await cancel(meta.db, meta.workspace_id, id, meta);
  expect(steps(id)).toEqual([[null, "CANCELLED"]]);

  const failed = await meta.write(conversation_id, "hello");
  meta.graph.next({ refuse: 131026 });
  await meta.sending.drain();
  await retry(meta.db, meta.workspace_id, failed, { listen: meta.listen });
  await meta.sending.drain();
  expect(steps(failed)).toEqual([
    [null, "FAILED"],
    ["FAILED", "QUEUED"],
    [null, "ACCEPTED"],
  ]);
});

test("no answer and no status: unconfirmed is told, and so is the status that comes all the same", async () => {
  const id = await meta.write((await nextPerson()).conversation_id, "hello");
  meta.graph.next("bad_gateway");
  await meta.sending.drain();
  meta.clock.moved_ms += 11 * MINUTE_MS;
  await meta.sending.drain();
  expect(steps(id)).toEqual([[null, "UNCONFIRMED"]]);
  await tell(id, `wamid.${id}`, "delivered");
  expect(steps(id).slice(1)).toEqual([["UNCONFIRMED", "DELIVERED"]]);
});

describe("the one who listens", () => {
  test("sees what happened in the transaction in which it does; should that fail, it was told nothing", async () => {
    const { id, outcome } = await underWay("wamid.transaction");
    const seen: unknown[] = [];
    const stateOf = (db: Pick<typeof meta.db, "first">) =>
      db.first(sql`select state from sends where id = ${id}`);
    const listen: Listen = async (tx, moved) => {
      seen.push(
        moved.map(({ status }) => status),
        await stateOf(tx),
        await stateOf(meta.db),
      );
      throw new Error("the listener fails");
    };
    await expect(answer(outcome, listen)).rejects.toThrow("the listener fails");
    expect(seen).toEqual([["ACCEPTED"], { state: "sent" }, { state: "sending" }]);
    expect(await stateOf(meta.db)).toEqual({ state: "sending" });
    await answer(outcome);
    expect(steps(id)).toEqual([[null, "ACCEPTED"]]);
  });

  test("has what it publishes told to pages", async () => {
    const listen: Listen = async (_tx, moved) =>
      moved.map(({ workspace_id }) => ({ workspace_id, name: "CampaignUpdated", data: {} }));
    await answer((await underWay("wamid.published")).outcome, listen);
    expect(
      await meta.db.first(
        sql`select count(*)::int as count from live_events where workspace_id = ${meta.workspace_id} and name = 'CampaignUpdated'`,
      ),
    ).toEqual({ count: 1 });
  });
});

/** All that can happen to a message whose request is under way. */
const happening = fc.constantFrom(
  "answer",
  "refusal",
  "lost",
  "lapse",
  "sent",
  "delivered",
  "failed",
  "warning",
);

test("whatever happens to a message in whichever order, each change is told once, and the last is what is shown", async () => {
  let runs = 0;
  const run = async (happenings: string[]) => {
    const wamid = `wamid.any.${runs++}`;
    const { id, outcome } = await underWay(wamid);
    const refused = { state: "refused", error: FOUND.marketing_refused } as const;
    const lost = { state: "waiting", error: FOUND.unknown("lost") } as const;
    for (const what of happenings) {
      if (what === "answer") await answer(outcome);
      else if (what === "refusal") await answer({ ...outcome, outcome: refused });
      else if (what === "lost") await answer({ ...outcome, outcome: lost });
      else if (what === "lapse")
        await recordExpiredLeases(meta.db, {
          now_ms: Date.now() + 120 * MINUTE_MS,
          wait_ms: 0,
          listen: meta.listen,
        });
      else await tell(id, wamid, what);
    }
    const moves = told(id);
    expect(moves.map(({ before }) => before)).toEqual([
      ...(moves.length > 0 ? [null] : []),
      ...moves.slice(0, -1).map(({ status }) => (status === "QUEUED" ? null : status)),
    ]);
    for (const { status, before } of moves) expect(status).not.toBe(before);
    const { status, send } = await meta.shown(id);
    const shown = send?.state === "unconfirmed" ? "UNCONFIRMED" : status;
    expect(moves.at(-1)?.status ?? "QUEUED").toBe(shown);
    await meta.db.run(
      sql`update sends set state = 'cancelled', next_attempt_at = null, lease = null where id = ${id}`,
    );
  };
  await fc.assert(fc.asyncProperty(fc.uniqueArray(happening, { minLength: 1 }), run), {
    seed: SEED,
    numRuns: 80,
    interruptAfterTimeLimit: 10_000,
    markInterruptAsFailure: false,
  });
}, 60_000);

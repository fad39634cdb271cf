import fc from "fast-check";
import { expect, test } from "vitest";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import { cancel, changeCampaign, pause, resume, retry } from "./campaigns.ts";

const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 1, read: 0 } });
const { db, workspace_id, deps } = meta;
const template_id = await meta.template("sale");

async function launched(count: number, rate_per_min: number | null = null) {
  const { list, contacts } = await meta.people(count, undefined, (from += 1_000));
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const id = await meta.campaign({ template_id, audience, rate_per_min });
  await meta.launch(id);
  return { id, contacts };
}
let from = 0;
const takenBefore = () => meta.taken.length;

test("a pause takes back what no request has begun for, and a resume reaches the rest once", async () => {
  const before = takenBefore();
  const { id } = await launched(300);
  await meta.engine.drain();
  expect(await meta.states(id)).toEqual({ QUEUED: 300 });
  const told = await pause(deps, meta.asking(id));
  expect(told).toMatchObject({
    says: "Paused. 300 messages in the queue were taken back.",
    campaign: { state: "PAUSED", now: { waiting: 300, queued: 0 } },
  });
  expect((await pause(deps, meta.asking(id))).says).toBe("It is paused already.");
  await meta.drainAll();
  expect(meta.taken.length).toBe(before);
  await meta.expectCounted(id);
  await resume(deps, meta.asking(id));
  const ended = await meta.finish(id);
  expect([ended.state, ended.outcome, ended.counts.delivered]).toEqual(["COMPLETED", "SENT", 300]);
  expect(new Set(meta.taken.slice(before).map(({ to }) => to)).size).toBe(300);
  await meta.expectCounted(id);
});

test("a cancel ends it for those who wait, and says how many it was too late for", async () => {
  const { id } = await launched(200, 60_000);
  await meta.engine.step();
  await meta.engine.step();
  await meta.engine.step();
  await meta.sending.drain();
  await meta.hear();
  const { now } = await meta.shown(id);
  const told = await cancel(deps, meta.asking(id));
  expect(told.campaign.state).toBe("CANCELLED");
  expect(told.says).toMatch(/^Cancelled\. .* will not get it; .* already with Meta\.$/);
  await meta.drainAll();
  const states = await meta.states(id);
  expect((states.CANCELLED ?? 0) + (states.DELIVERED ?? 0)).toBe(200);
  expect(states.DELIVERED ?? 0).toBe(now.delivered);
  await expect(resume(deps, meta.asking(id))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  await expect(retry(deps, meta.asking(id))).rejects.toMatchObject({ code: "CAMPAIGN_STATE" });
  await meta.expectCounted(id);
});

test("its own rate is kept over time, and can be changed while it runs", async () => {
  const before = takenBefore();
  const { id } = await launched(400, 60);
  /** Messages a second, by the test's clock, which also goes on by itself. */
  const rateOver = async (seconds: number) => {
    const [at_ms, sent] = [meta.clock.now(), takenBefore()];
    for (let i = 0; i < seconds * 4; i++) {
      await meta.drainAll();
      meta.clock.moved_ms += 250;
    }
    await meta.drainAll();
    return (takenBefore() - sent) / ((meta.clock.now() - at_ms) / 1_000);
  };
  expect(await rateOver(10)).toBeCloseTo(1, 0);
  expect(takenBefore() - before).toBeLessThan(30);
  await changeCampaign(db, workspace_id, id, { rate_per_min: 300 });
  const fast = await rateOver(6);
  expect(fast).toBeGreaterThan(3.5);
  expect(fast).toBeLessThan(6.5);
  await cancel(deps, meta.asking(id));
  await meta.drainAll();
}, 60_000);

/** What a person or a process may do at any moment. */
const act = fc.oneof(
  fc.constant("pause" as const),
  fc.constant("resume" as const),
  fc.constant("step" as const),
  fc.constant("send" as const),
  fc.constant("hear" as const),
  fc.record({ rate: fc.option(fc.integer({ min: 60, max: 60_000 })) }),
);

test("paused, resumed and at other rates at any moment: everyone is reached, and none twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), fc.boolean(), async (acts, cancels) => {
      const before = takenBefore();
      const { id, contacts } = await launched(60);
      for (const one of acts) {
        if (one === "step") await meta.engine.step();
        else if (one === "send") await meta.sending.step();
        else if (one === "hear") await meta.hear();
        else if (one === "pause") await pause(deps, meta.asking(id));
        else if (one === "resume") await resume(deps, meta.asking(id));
        else await changeCampaign(db, workspace_id, id, { rate_per_min: one.rate });
        meta.clock.moved_ms += 300;
      }
      if (cancels) await cancel(deps, meta.asking(id));
      else {
        await resume(deps, meta.asking(id));
        await changeCampaign(db, workspace_id, id, { rate_per_min: null });
      }
      await meta.finish(id);
      await meta.drainAll();
      const sent = meta.taken.slice(before).map(({ to }) => to);
      expect(new Set(sent).size).toBe(sent.length);
      const states = await meta.states(id);
      expect(states.DELIVERED ?? 0).toBe(sent.length);
      // A cancel may come before its recipients are written.
      const over = sent.length + (states.CANCELLED ?? 0);
      expect(cancels ? [0, contacts.length] : [contacts.length]).toContain(over);
      await meta.expectCounted(id);
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);

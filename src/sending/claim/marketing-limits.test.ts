import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestMarketing, TWO_NUMBERS } from "../../../test/support/marketing.ts";
import { createTestSending } from "../../../test/support/sending.ts";
import { wallTime } from "../../base/base.ts";
import { counted } from "../../../test/support/database.ts";
import { sql } from "../../db/db.ts";
import { followPaces } from "../sending.ts";
import { applyLimits } from "./marketing-limits.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let meta: Awaited<ReturnType<typeof createTestSending>>;
let marketing: Awaited<ReturnType<typeof createTestMarketing>>;
let people = 0;
const number = () => `1202555${String(1000 + people++)}`;

beforeAll(async () => {
  meta = await createTestSending({}, { numbers: TWO_NUMBERS });
  marketing = await createTestMarketing(meta);
});
beforeEach(async () => {
  await meta.sending.drain();
  await meta.db.run(sql`delete from marketing_paces`);
  await meta.db.run(sql`delete from marketing_policies`);
});

/** Everything that is due is sent, by the clock of now or later. A sweep has applied the policy before. */
async function send(later_ms = 6_000) {
  meta.clock.moved_ms += later_ms;
  await meta.sending.drain();
  meta.clock.moved_ms += 6_000;
  await meta.sending.drain();
}
async function limit(policy: Parameters<typeof marketing.limit>[0]) {
  await marketing.limit(policy);
  await send();
}
const symbols = async (ids: string[]) =>
  (await marketing.states(ids)).map(({ state, symbol }) => (symbol === null ? state : `${state} ${symbol}`));

describe("the frequency cap", () => {
  test("counts campaigns and automations together, over all numbers, and says why a message was not sent", async () => {
    await limit({ cap: { messages: 2, days: 7 } });
    const to = number();
    const first = await marketing.queue([to], "CAMPAIGN");
    await send();
    const second = await marketing.queue([to], "AUTOMATION", { from: 1 });
    await send();
    const third = await marketing.queue([to], "CAMPAIGN", { from: 1 });
    await send();
    expect(await symbols([...first, ...second, ...third])).toEqual(["sent", "sent", "failed FREQUENCY_CAP"]);
    expect((await meta.shown(third[0]!)).error).toMatchObject({
      title: "The person got 2 marketing messages in the last 7 days, which is your limit.",
    });
    expect(meta.moved.at(-1)).toMatchObject({ message_id: third[0], status: "FAILED" });
  });

  test("is over after its days, to the hour", async () => {
    await limit({ cap: { messages: 1, days: 1 } });
    const to = number();
    const first = await marketing.queue([to], "CAMPAIGN");
    await send();
    const early = await marketing.queue([to], "CAMPAIGN");
    await send(22 * HOUR_MS);
    const late = await marketing.queue([to], "CAMPAIGN");
    await send(2 * HOUR_MS);
    expect(await symbols([...first, ...early, ...late])).toEqual(["sent", "failed FREQUENCY_CAP", "sent"]);
  });

  test("does not count what Meta refused or could not deliver", async () => {
    await limit({ cap: { messages: 1, days: 7 } });
    const to = number();
    meta.graph.next({ refuse: 131026 });
    const refused = await marketing.queue([to], "CAMPAIGN");
    await send();
    meta.graph.next({ fail: 131049 });
    const failed = await marketing.queue([to], "CAMPAIGN");
    await send();
    await meta.hear();
    const sent = await marketing.queue([to], "CAMPAIGN");
    await send();
    expect((await symbols(refused))[0]).toMatch(/^failed/);
    expect((await symbols(failed))[0]).not.toBe("sent");
    expect(await symbols(sent)).toEqual(["sent"]);
  });

  test("lets what agents and the API send pass, unless the policy says so, and all that is not marketing", async () => {
    await limit({ cap: { messages: 1, days: 7 } });
    const to = number();
    const sources = ["CAMPAIGN", "AGENT", "API"] as const;
    const free = [];
    for (const source of sources) {
      free.push(...(await marketing.queue([to], source)));
      await send();
    }
    const utility = await marketing.queue([to], "CAMPAIGN", { category: "UTILITY" });
    await send();
    expect(await symbols([...free, ...utility])).toEqual(["sent", "sent", "sent", "sent"]);
    await limit({ cap: { messages: 2, days: 7 }, people: true });
    const person = number();
    const all = [];
    for (const source of sources) {
      all.push(...(await marketing.queue([person], source)));
      await send();
    }
    expect(await symbols(all)).toEqual(["sent", "sent", "failed FREQUENCY_CAP"]);
  });

  test("counts what was sent before the policy was made", async () => {
    const to = number();
    const before = await marketing.queue([to], "CAMPAIGN");
    await send();
    await marketing.limit({ cap: { messages: 1, days: 3 } });
    const after = await marketing.queue([to], "CAMPAIGN");
    // Before the first sweep of the new policy nothing that is capped goes.
    await meta.sending.drain();
    expect(await symbols(after)).not.toEqual(["sent"]);
    await send();
    expect(await symbols([...before, ...after])).toEqual(["sent", "failed FREQUENCY_CAP"]);
  });

  test("follows a person who turns out to be another one", async () => {
    await limit({ cap: { messages: 1, days: 7 } });
    const [one, other] = [number(), number()];
    await marketing.queue([one], "CAMPAIGN");
    await send();
    const ids = await meta.db.rows<{ value: string; contact_id: string }>(sql`
      select value, contact_id from contact_identities where value in (${one}, ${other})`);
    const from = ids.find(({ value }) => value === one)!.contact_id;
    const second = await marketing.queue([other], "CAMPAIGN");
    const [{ contact_id: to } = { contact_id: "" }] = await meta.db.rows<{ contact_id: string }>(
      sql`select contact_id from contact_identities where value = ${other}`,
    );
    await meta.db.transaction((tx) => followPaces(tx, { workspace_id: meta.workspace_id, from, to }));
    await send();
    expect(await symbols(second)).toEqual(["failed FREQUENCY_CAP"]);
  });

  test("asks nothing where there is no policy, and three times at most where there is one", async () => {
    const number_key = { workspace_id: meta.workspace_id, id: meta.number_id };
    const candidate = {
      id: meta.workspace_id,
      priority: 2,
      contact_id: meta.workspace_id,
      template_name: "hello_world",
      category: "MARKETING",
    } as Parameters<typeof applyLimits>[3][number];
    const limits = {
      cap: { messages: 1, days: 1 },
      quiet: null,
      time_zone: "UTC",
      people: false,
      changed_at: "",
      counted: true,
    };
    const statements = async (given: typeof limits | null, priority: number) =>
      meta.db.transaction(async (plain) => {
        const { tx, statements } = counted(plain);
        const { count, allowed } = await applyLimits(
          tx,
          number_key,
          given,
          [{ ...candidate, priority }],
          Date.now(),
        );
        await count(allowed);
        return statements();
      });
    expect(await statements(null, 2)).toBe(0);
    expect(await statements(limits, 0)).toBe(0);
    expect(await statements(limits, 2)).toBeLessThanOrEqual(3);
  });
});

test("whatever two senders queue at whatever times, no one's cap is exceeded, and no place is left unused", async () => {
  // Its clock goes far ahead.
  const apart = await createTestSending({}, { numbers: TWO_NUMBERS });
  const { clock, graph } = apart;
  const own = await createTestMarketing(apart);
  const senders = [apart.sending, apart.create()];
  const drain = async () => {
    clock.moved_ms += 6_000;
    await Promise.all(senders.map((one) => one.drain()));
  };
  const someone = fc.integer({ min: 0, max: 2 });
  const source = fc.constantFrom("CAMPAIGN" as const, "AUTOMATION" as const);
  const round = fc.record({
    wait_h: fc.constantFrom(0, 1, 13, 30),
    asked: fc.array(fc.record({ person: someone, source }), { minLength: 1, maxLength: 6 }),
    refusals: fc.integer({ min: 0, max: 2 }),
  });
  const cap = fc.record({ messages: fc.integer({ min: 1, max: 3 }), days: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(cap, fc.array(round, { minLength: 1, maxLength: 5 }), async (cap, rounds) => {
      await own.limit({ cap });
      const numbers = [number(), number(), number()];
      const sent: { to: string; at_ms: number }[] = [];
      await drain();
      for (const { wait_h, asked, refusals } of rounds) {
        clock.moved_ms += wait_h * HOUR_MS;
        const after_ms = clock.now() - cap.days * DAY_MS;
        for (let i = 0; i < refusals; i++) graph.next({ refuse: 131026 });
        const ids: string[] = [];
        for (const { person, source } of asked)
          ids.push(...(await own.queue([numbers[person]!], source, { from: source === "CAMPAIGN" ? 0 : 1 })));
        const at_ms = clock.now() + 6_000;
        for (let i = 0; i < asked.length + 2; i++) await drain();
        const states = await own.states(ids);
        for (const to of numbers) {
          const theirs = states.filter(({ to_value }) => to_value === to);
          const used = sent.filter((one) => one.to === to && one.at_ms > after_ms).length;
          const capped = theirs.filter(({ symbol }) => symbol === "FREQUENCY_CAP").length;
          const taken = theirs.filter(({ state }) => state === "sent").length;
          const refused = theirs.length - capped - taken;
          expect([to, taken]).toEqual([to, Math.min(cap.messages - used, theirs.length - refused)]);
          for (let i = 0; i < taken; i++) sent.push({ to, at_ms });
        }
        graph.forgetFates();
      }
    }),
    { numRuns: 6 },
  );
});

describe("quiet hours", () => {
  /** Around now, by the clock of that zone. */
  const quietNow = (zone: string, action: "wait" | "skip" = "wait") => {
    const clock = (minutes: number) => {
      const { minute } = wallTime(zone, meta.clock.now() + minutes * 60_000);
      return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    };
    return { from: clock(-60), to: clock(120), days: [1, 2, 3, 4, 5, 6, 7], whole_days: [], action };
  };

  test("put a message off to their end where the person is, and say so; then it goes", async () => {
    // India is at half past, and so far from Brazil that it is quiet at one of them alone.
    await limit({ quiet: quietNow("Asia/Kolkata") });
    const before_ms = meta.clock.now();
    const ids = await marketing.queue(["+919812345670", "+5511987654321"], "CAMPAIGN");
    await meta.sending.drain();
    const [indian, brazilian] = await marketing.states(ids);
    expect([indian?.state, indian?.symbol, brazilian?.state]).toEqual(["queued", "QUIET_HOURS", "sent"]);
    const wait_min = (indian!.due!.getTime() - before_ms) / 60_000;
    expect(wait_min).toBeGreaterThan(115);
    expect(wait_min).toBeLessThan(122);
    expect((await meta.shown(ids[0]!)).send).toMatchObject({
      reason: "It is quiet time where the person is.",
    });
    await send(2 * HOUR_MS + 60_000);
    expect(await symbols(ids)).toEqual(["sent", "sent"]);
  });

  test("go by the zone of the contact before that of the number, and leave all else alone", async () => {
    await limit({ quiet: quietNow("Asia/Kolkata") });
    const to = "+919812345671";
    const [first] = await marketing.queue([to], "CAMPAIGN");
    await meta.db.run(sql`
      insert into contact_profiles (workspace_id, contact_id, time_zone)
      select workspace_id, contact_id, 'America/Sao_Paulo' from contact_identities where value = '919812345671'`);
    await meta.sending.drain();
    const utility = await marketing.queue(["+919812345672"], "AUTOMATION", { category: "UTILITY" });
    const agents = await marketing.queue(["+919812345673"], "AGENT");
    await meta.sending.drain();
    expect(await symbols([first!, ...utility, ...agents])).toEqual(["sent", "sent", "sent"]);
  });

  test("skip a message where the policy says so", async () => {
    await limit({ quiet: quietNow("Asia/Kolkata", "skip") });
    const ids = await marketing.queue(["+919812345674"], "CAMPAIGN");
    await meta.sending.drain();
    expect(await symbols(ids)).toEqual(["failed QUIET_HOURS"]);
  });

  test("that are taken back let go at once what waited for their end", async () => {
    await limit({ quiet: quietNow("Asia/Kolkata") });
    const ids = await marketing.queue(["+919812345675"], "CAMPAIGN");
    await meta.sending.drain();
    expect(await symbols(ids)).toEqual(["queued QUIET_HOURS"]);
    await limit({});
    expect(await symbols(ids)).toEqual(["sent"]);
  });

  test("keep no later message of another kind to the same person waiting", async () => {
    await limit({ quiet: quietNow("Asia/Kolkata") });
    const to = "+919812345676";
    const waits = await marketing.queue([to], "CAMPAIGN");
    await meta.sending.drain();
    const utility = await marketing.queue([to], "CAMPAIGN", { category: "UTILITY" });
    await meta.sending.drain();
    expect(await symbols([...waits, ...utility])).toEqual(["queued QUIET_HOURS", "sent"]);
  });
});

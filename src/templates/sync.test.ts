import { beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../test/support/product.ts";
import { setToken, TOKEN } from "../../test/support/sending.ts";
import { createTestTemplates } from "../../test/support/templates.ts";
import { sql } from "../db/db.ts";
import { templateStatus } from "../simulator/simulator.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SEEDS = [
  "appointment_reminder",
  "hello_world",
  "new_arrivals",
  "order_confirmation",
  "order_update",
  "spring_sale",
  "verification_code",
];

const meta = await createTestTemplates({ management_calls_per_h: 200 });
const { db, clock, waba_id, workspace_id } = meta;
const names = async () => (await meta.templates()).map(({ name }) => name);
const statusOf = async (name: string) => (await meta.templates()).find((one) => one.name === name)?.status;
const rows = async () =>
  (await db.rows(sql`select from template_events where workspace_id = ${workspace_id}`)).length;
/** What a due list tells, to its end. */
async function drain(): Promise<number> {
  let steps = 0;
  while ((await meta.sync.step()) > 0) steps++;
  return steps;
}
const error = (code: number, status = 400, headers: Record<string, string> = {}) =>
  meta.next.push((_, res) => {
    res.writeHead(status, { "content-type": "application/json", ...headers });
    res.end(JSON.stringify({ error: { code, message: "no" } }));
  });

const pass = (answer: () => void) => answer();

/** Holds the answer to the next page until it is let go. */
function hold() {
  let letGo = () => {};
  const asked = new Promise<void>((resolve) => {
    meta.next.push((answer) => {
      letGo = answer;
      resolve();
    });
  });
  return { asked, letGo: () => letGo() };
}

let made = 0;
async function fill(count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    // Within Meta's calls an hour.
    clock.moved_ms += 20_000;
    await meta.make(`filler_${made++}`);
  }
}

beforeEach(async () => {
  clock.moved_ms += 2 * HOUR_MS;
  meta.next.length = 0;
  await meta.graph.drain();
  await meta.pipeline.drain();
  await drain();
  meta.asked_ms.length = 0;
  clock.moved_ms += 30 * MINUTE_MS;
});

describe("an account's list", () => {
  test("is read as soon as the account is known, and what is in it is told", async () => {
    // By the first drain of this file.
    expect(await names()).toEqual(SEEDS);
    expect(await statusOf("order_update")).toBe("APPROVED");
    expect(await meta.told()).toBe(SEEDS.length);
    expect(await meta.state()).toMatchObject({
      waba_id,
      state: "idle",
      found: SEEDS.length,
      changed: SEEDS.length,
      error: null,
    });
  });

  test("is read about every hour by itself, to no effect where nothing changed", async () => {
    const before = { rows: await rows(), told: await meta.told() };
    expect(await drain()).toBe(0);
    clock.moved_ms += 40 * MINUTE_MS;
    expect(await drain()).toBe(1);
    expect({ rows: await rows(), told: await meta.told() }).toEqual(before);
    expect(await meta.state()).toMatchObject({ found: SEEDS.length, changed: 0 });
  });

  test("has pages, each read once; ids stay as they are, digit by digit", async () => {
    await fill(210);
    const id = await meta.make("last_of_all");
    clock.moved_ms += HOUR_MS;
    expect(await drain()).toBe(1);
    expect(meta.asked_ms).toHaveLength(3);
    expect(await names()).toHaveLength(SEEDS.length + 211);
    expect((await meta.templates()).find(({ name }) => name === "last_of_all")).toMatchObject({
      template_id: id,
      components: { components: [{ type: "BODY", text: "Hello from last_of_all" }] },
    });
    expect(await meta.state()).toMatchObject({ found: SEEDS.length + 211, changed: 211 });
  });

  test("that is no longer whole: a template that is missing was deleted", async () => {
    await meta.remove("last_of_all");
    clock.moved_ms += HOUR_MS;
    const told = await meta.told();
    await drain();
    expect(await statusOf("last_of_all")).toBe("DELETED");
    expect((await meta.told()) - told).toBe(1);
  });

  test("of which a page fails tells what its other pages do, and nothing about what is missing", async () => {
    const read_at = (await meta.state()).read_at;
    await meta.make("on_the_third_page");
    await meta.graph.drain();
    await meta.pipeline.drain();
    // Its webhook is still on its way.
    await meta.remove("filler_0");
    clock.moved_ms += HOUR_MS;
    meta.next.push(pass);
    error(131000, 500);
    await drain();
    expect(await statusOf("filler_0")).toBe("APPROVED");
    expect(await meta.state()).toMatchObject({
      state: "idle",
      read_at,
      error: { code: 131000, says: "Meta failed for a reason that it does not name." },
    });
    // Tried again by itself, and then all is well.
    clock.moved_ms += 10 * MINUTE_MS;
    await drain();
    expect(await statusOf("filler_0")).toBe("DELETED");
    expect(await statusOf("on_the_third_page")).toBe("APPROVED");
    expect(await meta.state()).toMatchObject({ error: null });
  });

  test("counts for when it was asked for: a webhook since then stands", async () => {
    const id = await meta.make("contested");
    await meta.graph.drain();
    clock.moved_ms += HOUR_MS;
    meta.next.push(pass, pass);
    const page = hold();
    const reading = meta.sync.step();
    await page.asked;
    clock.moved_ms += 5_000;
    await meta.post(webhook("REJECTED", id, "contested"));
    await meta.pipeline.drain();
    clock.moved_ms += 5_000;
    page.letGo();
    await reading;
    expect(await statusOf("contested")).toBe("REJECTED");
  });
});

describe("several processes", () => {
  test("read a list once", async () => {
    clock.moved_ms += HOUR_MS;
    const others = [meta.sync, meta.create(), meta.create()];
    const page = hold();
    const steps = others.map((sync) => sync.step());
    await page.asked;
    await Promise.race(steps);
    page.letGo();
    expect((await Promise.all(steps)).filter((due) => due > 0)).toEqual([1]);
    expect(meta.asked_ms).toHaveLength(3);
  });

  test("one that was killed in the midst is taken over, from the beginning", async () => {
    await meta.make("after_the_kill");
    await db.run(sql`update template_syncs set next_at = now(), paid_at = null`);
    const first = hold();
    const second = hold();
    const child = await meta.spawn();
    await first.asked;
    first.letGo();
    await second.asked;
    child.kill("SIGKILL");
    // It had the claim by the real time; ours is ahead by hours.
    await eventually("the claim to be taken over", async () => (await meta.sync.step()) === 1);
    expect(await statusOf("after_the_kill")).toBe("APPROVED");
    expect(await meta.state()).toMatchObject({ state: "idle", error: null });
    expect(meta.asked_ms).toHaveLength(2 + 3);
  });

  test("one that comes back after its claim was taken over changes nothing more", async () => {
    clock.moved_ms += HOUR_MS;
    const late = meta.create();
    const page = hold();
    const stalled = late.step();
    await page.asked;
    clock.moved_ms += 2 * MINUTE_MS;
    expect(await meta.sync.step()).toBe(1);
    const before = await db.rows(sql`select * from template_syncs`);
    const written = await rows();
    page.letGo();
    await stalled;
    expect(await db.rows(sql`select * from template_syncs`)).toEqual(before);
    expect(await rows()).toBe(written);
    expect(meta.asked_ms).toHaveLength(1 + 3);
  });

  test("one that stops gives its claim back at once", async () => {
    clock.moved_ms += HOUR_MS;
    const leaving = meta.create();
    const page = hold();
    const stalled = leaving.step();
    await page.asked;
    await leaving.stop();
    await stalled;
    expect(await meta.sync.step()).toBe(1);
    page.letGo();
  });
});

describe("what Meta refuses", () => {
  test("is told in words, and tried again ever later", async () => {
    clock.moved_ms += HOUR_MS;
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries++) {
      error(2, 503);
      const failed_ms = clock.now();
      while ((await meta.sync.step()) === 0) clock.moved_ms += 5_000;
      expect(await meta.state()).toMatchObject({
        error: { code: 2, says: "Meta's service is down or overloaded for now.", details: "no" },
      });
      waits.push(clock.now() - failed_ms);
    }
    expect(meta.asked_ms).toHaveLength(4);
    expect(waits.at(-1)).toBeGreaterThan(50_000);
  });

  test("because it is too much is not asked for sooner than Meta says, by whomever", async () => {
    clock.moved_ms += HOUR_MS;
    error(80007, 400, { "retry-after": "1500" });
    await drain();
    clock.moved_ms += 20 * MINUTE_MS;
    expect(await meta.ask(0)).toMatchObject([{ state: "idle", error: { code: 80007 } }]);
    expect(await drain()).toBe(0);
    clock.moved_ms += 6 * MINUTE_MS;
    expect(await drain()).toBe(1);
    expect(await meta.state()).toMatchObject({ error: null });
  });

  test("for its token is tried at once with another, and without one says what to do", async () => {
    clock.moved_ms += HOUR_MS;
    error(190, 401);
    await drain();
    expect(await meta.state()).toMatchObject({
      error: { code: 190, advice: "Make a new token for the system user and save it in the connection." },
    });
    expect(await drain()).toBe(0);
    await setToken(db, meta.box, meta.connection_id, null, meta.url);
    expect(await meta.ask(0)).toMatchObject([{ state: "idle", error: { code: null } }]);
    expect(await drain()).toBe(0);
    await setToken(db, meta.box, meta.connection_id, TOKEN, meta.url);
    // The clients look every other second for what changed.
    const other = meta.create();
    expect(await other.step()).toBe(1);
    expect(await meta.state()).toMatchObject({ error: null });
  });

  test("while it can't be reached, counts for none of the calls", async () => {
    clock.moved_ms += HOUR_MS;
    await setToken(db, meta.box, meta.connection_id, TOKEN, "http://127.0.0.1:9");
    await meta.create().step();
    expect(await meta.state()).toMatchObject({ error: { says: "Meta could not be reached." } });
    expect(
      await db.first(sql`select paid_at > ${new Date(clock.now())} as ahead from template_syncs`),
    ).toEqual({
      ahead: false,
    });
    await setToken(db, meta.box, meta.connection_id, TOKEN, meta.url);
    expect(await meta.create().step()).toBe(1);
    expect(await meta.state()).toMatchObject({ error: null });
  });
});

describe("webhooks and people", () => {
  test("a template that a webhook names without saying what is in it is read of, two seconds later", async () => {
    const id = await meta.make("told_of");
    await meta.graph.drain();
    await meta.pipeline.drain();
    await meta.post(webhook("APPROVED", id, "told_of"));
    await meta.pipeline.drain();
    const known = async () => (await meta.templates()).find(({ name }) => name === "told_of");
    expect(await known()).toMatchObject({ status: "APPROVED", components: null });
    // The time of what is due is the database's.
    clock.moved_ms += 3_000;
    await db.run(sql`update template_syncs set next_at = least(next_at, ${new Date(clock.now())})`);
    expect(await drain()).toBe(1);
    expect(await known()).toMatchObject({
      components: { components: [{ type: "BODY", text: "Hello from told_of" }] },
    });
  });

  test("who asks gets what the list tells, once it was read", async () => {
    await meta.make("asked_for");
    await meta.graph.drain();
    const asking = meta.ask(20_000);
    await eventually("the question", async () => (await meta.state()).state === "waiting");
    await meta.sync.step();
    expect(await asking).toMatchObject([{ state: "idle", changed: 1, error: null }]);
    expect(await statusOf("asked_for")).toBe("APPROVED");
  });

  test("who asks while no one reads is told that it waits; asking twice is asking once", async () => {
    expect(await meta.ask(0)).toMatchObject([{ state: "waiting" }]);
    expect(await meta.ask(0)).toMatchObject([{ state: "waiting" }]);
    expect(await drain()).toBe(1);
    expect(await meta.state()).toMatchObject({ state: "idle" });
  });

  test("who asks while it is read is told that it is being read, and it is not read twice", async () => {
    clock.moved_ms += HOUR_MS;
    const page = hold();
    const reading = meta.sync.step();
    await page.asked;
    expect(await meta.ask(0)).toMatchObject([{ state: "reading" }]);
    page.letGo();
    await reading;
    expect(await drain()).toBe(0);
  });

  test("however often webhooks and people want it, Meta is asked far less than 200 times an hour", async () => {
    const began_ms = clock.now();
    let asked = 0;
    while (clock.now() < began_ms + 2 * HOUR_MS) {
      clock.moved_ms += 10_000;
      await db.run(sql`update template_syncs set next_at = ${new Date(clock.now())}`);
      if (asked++ % 3 === 0) await meta.ask(0);
      await meta.sync.step();
    }
    const hourly = meta.asked_ms.map(
      (at_ms) => meta.asked_ms.filter((other_ms) => other_ms >= at_ms && other_ms < at_ms + HOUR_MS).length,
    );
    expect(Math.max(...hourly)).toBeGreaterThan(50);
    expect(Math.max(...hourly)).toBeLessThan(100);
    expect(await meta.state()).toMatchObject({ error: null });
  });
});

test("ids that are no account's are left alone: Meta's test button says 0", async () => {
  await db.run(sql`
    insert into accounts (workspace_id, id, connection_id, waba_id)
    select ${workspace_id}, gen_random_uuid(), ${meta.connection_id}, id from unnest(array['0', '../me', '1/2']) as id`);
  clock.moved_ms += 2 * HOUR_MS;
  expect(await drain()).toBe(1);
  expect(await meta.ask(0)).toHaveLength(1);
});

function webhook(event: string, id: string, name: string): object {
  const update = templateStatus({
    waba_id,
    template_id: Number(id),
    name,
    language: "en_US",
    event,
    time: Math.floor(clock.now() / 1_000),
  });
  const { field, item, time } = update;
  return {
    object: "whatsapp_business_account",
    entry: [{ id: waba_id, time, changes: [{ field, value: item }] }],
  };
}

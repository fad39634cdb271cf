import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { createDatabase, sql, Sql, type Database, type Tx } from "../db/db.ts";
import type { RoutedEvent } from "../meta/meta.ts";
import { applyTemplates } from "../templates/templates.ts";
import type { Apply } from "./pipeline.ts";

const POISON = "POISON";
const poison = { reason: POISON };
let db: Database;
let workspace_id: string;
let connection_id: string;
/** What the rooms were given, batch by batch. */
let given: RoutedEvent[][];
let parts: ReturnType<typeof createTestPipeline>;

const probe: Apply = async (_tx, events) => {
  given.push(events);
  return { changes: [], ignored: [] };
};

beforeAll(async () => {
  db = await createTestDatabase();
  // A real error of the database, in the middle of a room's work.
  await db.run(
    new Sql(
      [
        `create function poison() returns trigger language plpgsql as $$
         begin
           if new.detail->>'reason' = '${POISON}' then raise exception 'poisoned template' using errcode = '23514'; end if;
           return new;
         end $$;
         create trigger poison before insert on template_events for each row execute function poison();
         create function unstorable() returns trigger language plpgsql as $$
         begin
           if new.key like '%UNSTORABLE%' then raise exception 'no room for it' using errcode = '22P02'; end if;
           return new;
         end $$;
         create trigger unstorable before insert on events for each row execute function unstorable();`,
      ],
      [],
    ),
  );
});
beforeEach(async () => {
  await db.run(
    sql`truncate journal, journal_queue, journal_outcomes, events, templates, template_events, delivery_queue, delivery_log, live_events, live_feeds`,
  );
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
  given = [];
  parts = createTestPipeline(db, { templates: applyTemplates, probe });
});

let time = 1_790_000_000;
/** One template update as Meta sends it. */
const update = (template_id: number, event: string, more: object = {}) => ({
  field: "message_template_status_update",
  value: {
    event,
    message_template_id: template_id,
    message_template_name: `t${template_id}`,
    message_template_language: "en-US",
    ...more,
  },
});
const webhook = (...changes: object[]) => ({
  object: "whatsapp_business_account",
  entry: [{ id: "777", time: time++, changes }],
});
const templates = () =>
  db.rows<{ name: string; status: string }>(
    sql`select name, status from templates where workspace_id = ${workspace_id} order by name`,
  );
const events = () =>
  db.rows<{ outcome: string; reason: string | null }>(sql`
    select outcome, reason from events where workspace_id = ${workspace_id}
    order by key`);
const live = () =>
  db.rows<{ name: string }>(
    sql`select name from live_events where workspace_id = ${workspace_id} and name = 'TemplateStatusChanged'`,
  );
const deliveries = () =>
  db.rows<{ journal_id: string; body: Buffer | null; events: string[] }>(
    sql`select journal_id, body, events from deliveries where workspace_id = ${workspace_id} order by id`,
  );
const subscribe = (...events: ("template_status" | "messages")[]) =>
  parts.endpoints.create(workspace_id, {
    url: "https://example.com",
    description: null,
    enabled: true,
    events,
  });

describe("a batch", () => {
  test("leaves events, effects, deliveries and live events, and its webhooks are done", async () => {
    await subscribe("template_status");
    const ids = await parts.post(
      connection_id,
      webhook(update(1, "APPROVED")),
      webhook(update(2, "PAUSED"), update(3, "REJECTED")),
    );
    expect(await parts.pipeline.step()).toBe(2);
    expect(await parts.pipeline.step()).toBe(0);
    expect(await parts.rows()).toMatchObject([
      { id: ids[0], state: "done", attempts: 1, error: null },
      { id: ids[1], state: "done", attempts: 1, error: null },
    ]);
    expect(await templates()).toEqual([
      { name: "t1", status: "APPROVED" },
      { name: "t2", status: "PAUSED" },
      { name: "t3", status: "REJECTED" },
    ]);
    expect((await events()).map(({ outcome }) => outcome)).toEqual(["applied", "applied", "applied"]);
    expect(await live()).toHaveLength(3);
    expect(await deliveries()).toEqual(
      ids.map((journal_id) => ({ journal_id, body: null, events: ["template_status"] })),
    );
    expect(given).toHaveLength(1);
  });

  test("whose commit fails leaves nothing behind, and is taken again", async () => {
    const broken = createTestPipeline(db, {
      templates: applyTemplates,
      lost: async (tx: Tx) => {
        await tx.run(sql`select pg_terminate_backend(pg_backend_pid())`);
        return { changes: [], ignored: [] };
      },
    });
    const [id] = await parts.post(connection_id, webhook(update(1, "APPROVED")));
    await expect(broken.pipeline.step()).rejects.toThrow(/terminat/);
    expect([await events(), await templates(), await live()]).toEqual([[], [], []]);
    expect(await parts.rows()).toMatchObject([{ id, state: "pending", attempts: 0, error: null }]);
    await parts.pipeline.drain();
    expect(await parts.rows()).toMatchObject([{ id, state: "done", attempts: 1 }]);
  });

  test("no webhook is ever without effect or a row in the queue, whatever fails in between", async () => {
    const lost = () =>
      db.rows<{ id: string }>(sql`
        select id from journal j
        where not exists (select from journal_queue q where q.journal_id = j.id)
          and not exists (select from events e where e.journal_id = j.id)
          and not exists (select from journal_outcomes o where o.journal_id = j.id)`);
    let calls = 0;
    const shaky: Apply = async (tx) => {
      const fails = calls++ % 4;
      if (fails === 1) await tx.run(sql`select pg_terminate_backend(pg_backend_pid())`);
      if (fails === 2) throw new Error("ours");
      return { changes: [], ignored: [] };
    };
    const broken = createTestPipeline(
      db,
      { templates: applyTemplates, shaky },
      { batch: { webhooks: 3, bytes: 1e6 } },
    );
    const [one, two] = [broken.another(), broken.another()];
    for (let round = 0; round < 12; round++) {
      await parts.post(
        connection_id,
        webhook(update(round, "APPROVED")),
        webhook(update(100 + round, "PAUSED", round % 3 === 0 ? poison : {})),
        round % 5 === 0 ? "no JSON" : webhook(update(200 + round, "APPROVED")),
      );
      await Promise.allSettled([one.step(), two.step()]);
      expect(await lost()).toEqual([]);
    }
    await parts.pipeline.drain();
    expect(await lost()).toEqual([]);
    const states = (await parts.rows()).map(({ state }) => state);
    expect(states).toHaveLength(36);
    expect(states.filter((state) => state === "dead")).toHaveLength(3);
    expect(calls).toBeGreaterThan(12);
  });

  test("takes what is due in bounded bites, by number and by bytes", async () => {
    const big = JSON.stringify(webhook(update(1, "APPROVED", { other_info: { title: "x".repeat(50_000) } })));
    const small = createTestPipeline(db, { probe }, { batch: { webhooks: 3, bytes: 100_000 } });
    await parts.post(connection_id, big, big, big, big, webhook(), webhook(), webhook(), webhook());
    const bites: number[] = [];
    for (let taken = await small.pipeline.step(); taken > 0; taken = await small.pipeline.step())
      bites.push(taken);
    expect(bites).toEqual([2, 2, 3, 1]);
  });
});

describe("repetition", () => {
  test("the same item in one webhook, in one batch and later counts once, in rooms and in deliveries", async () => {
    await subscribe("template_status");
    const one = webhook(update(1, "APPROVED"));
    const both = {
      ...one,
      entry: [
        { ...one.entry[0]!, changes: [update(1, "APPROVED"), update(1, "APPROVED"), update(2, "PAUSED")] },
      ],
    };
    const ids = await parts.post(connection_id, one, both, one);
    await parts.pipeline.drain();
    ids.push(...(await parts.post(connection_id, both)));
    await parts.pipeline.drain();
    expect(given.flat()).toHaveLength(2);
    expect((await parts.rows()).map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
    const written = await deliveries();
    expect(written.map(({ journal_id }) => journal_id)).toEqual([ids[0], ids[1]]);
    // The second webhook had something old in it: only what is new goes out.
    expect(written[0]!.body).toBeNull();
    expect(JSON.parse(written[1]!.body!.toString())).toMatchObject({
      entry: [{ changes: [update(2, "PAUSED")] }],
    });
  });

  test("two pipelines with the same items at once are harmless", async () => {
    const bodies = Array.from({ length: 40 }, (_, i) =>
      webhook(update(i % 7, i % 2 ? "PAUSED" : "APPROVED")),
    );
    const pair = [parts.another(), parts.another(), parts.another()];
    for (let round = 0; round < 3; round++) {
      await parts.post(connection_id, ...bodies, ...bodies.toReversed());
      await Promise.all(pair.map((pipeline) => pipeline.drain()));
    }
    await parts.pipeline.drain();
    expect(given.flat()).toHaveLength(40);
    expect(new Set(given.flat().map(({ id }) => id)).size).toBe(40);
    expect((await parts.rows()).every(({ state, attempts }) => state === "done" && attempts === 1)).toBe(
      true,
    );
  });
});

describe("one bad item", () => {
  test("is kept with its reason; its neighbours are applied, everything goes out once, and it is tried again", async () => {
    await subscribe("template_status");
    const good = Array.from({ length: 20 }, (_, i) => webhook(update(100 + i, "APPROVED")));
    const bad = webhook(update(1, "APPROVED"), update(2, "APPROVED", poison), update(3, "PAUSED"));
    good.splice(7, 0, bad);
    const ids = await parts.post(connection_id, ...good);
    await parts.pipeline.drain();

    expect(await templates()).toHaveLength(22);
    expect((await events()).filter(({ outcome }) => outcome !== "applied")).toEqual([
      { outcome: "failed", reason: "poisoned template" },
    ]);
    const states = await parts.rows();
    expect(states.filter(({ state }) => state === "done")).toHaveLength(20);
    const waits = states.find(({ state }) => state === "pending")!;
    expect(waits).toMatchObject({ id: ids[7], attempts: 1, error: "1 of 3 items failed: poisoned template" });
    expect(waits.next_attempt_at!.getTime()).toBeGreaterThan(parts.clock.now_ms);
    expect(await deliveries()).toHaveLength(21);
    expect((await deliveries()).every(({ body }) => body === null)).toBe(true);

    // Fixed: only the failed item is given to the rooms, and nothing goes out again.
    given = [];
    await db.run(sql`alter table template_events disable trigger poison`);
    parts.clock.now_ms += 60_000;
    await parts.pipeline.drain();
    await db.run(sql`alter table template_events enable trigger poison`);
    expect(given.flat().map(({ event }) => event.data)).toMatchObject([{ reason: POISON }]);
    expect((await events()).filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(await parts.rows([ids[7]!])).toMatchObject([{ state: "done", attempts: 2, error: null }]);
    expect(await deliveries()).toHaveLength(21);
  });

  test("that never gets better leaves its webhook dead after the last try, with neighbours applied; a retry by hand works", async () => {
    const [id] = await parts.post(
      connection_id,
      webhook(update(1, "APPROVED", poison), update(2, "APPROVED")),
    );
    let tries = 0;
    for (; tries < 50; tries++) {
      if ((await parts.pipeline.step()) === 0 && (await parts.rows())[0]!.state === "dead") break;
      parts.clock.now_ms += 86_400_000;
    }
    expect(await parts.rows()).toMatchObject([
      { state: "dead", error: "1 of 2 items failed: poisoned template" },
    ]);
    expect(await templates()).toEqual([{ name: "t2", status: "APPROVED" }]);
    await db.run(sql`alter table template_events disable trigger poison`);
    await parts.journal.retry(workspace_id, id!);
    await parts.pipeline.drain();
    await db.run(sql`alter table template_events enable trigger poison`);
    expect(await parts.rows()).toMatchObject([{ state: "done", error: null }]);
    expect((await events()).map(({ outcome }) => outcome)).toEqual(["applied", "applied"]);
  });

  test("does not slow others down while it waits: what failed before stays away from batches", async () => {
    await parts.post(connection_id, webhook(update(1, "APPROVED", poison)));
    await parts.pipeline.drain();
    parts.clock.now_ms += 60_000;
    await parts.post(connection_id, webhook(update(2, "APPROVED")), webhook(update(3, "APPROVED")));
    given = [];
    await parts.pipeline.step();
    expect(given.map((batch) => batch.length)).toEqual([2]);
    expect(await templates()).toHaveLength(2);
  });

  test("among a thousand is found, and several are", async () => {
    const changes = Array.from({ length: 1_000 }, (_, i) =>
      update(i, "APPROVED", i % 333 === 5 ? poison : {}),
    );
    await parts.post(connection_id, webhook(...changes));
    await parts.pipeline.drain();
    expect(await templates()).toHaveLength(997);
    expect(await parts.rows()).toMatchObject([
      { state: "pending", error: "3 of 1000 items failed: poisoned template" },
    ]);
  });

  test("more than there can be: the webhook is dead with the reason at once, and its neighbours are done (M6)", async () => {
    const many = JSON.stringify(webhook({ field: "messages", value: { messages: [] } })).replace(
      "[]",
      `[${"{},".repeat(100_000)}{}]`,
    );
    await parts.post(connection_id, webhook(update(1, "APPROVED")), many, webhook(update(2, "APPROVED")));
    await parts.pipeline.drain();
    expect(await parts.rows()).toMatchObject([
      { state: "done" },
      { state: "dead", error: expect.stringContaining("more than 20,000 items") },
      { state: "done" },
    ]);
    expect(await templates()).toHaveLength(2);
  });

  test("that can't even be stored as an event is kept without its key", async () => {
    const [id] = await parts.post(
      connection_id,
      webhook(update(1, "APPROVED"), update(2, "UNSTORABLE"), update(3, "APPROVED")),
    );
    await parts.pipeline.drain();
    expect(await templates()).toHaveLength(2);
    expect((await events()).map(({ outcome }) => outcome).toSorted()).toEqual([
      "applied",
      "applied",
      "failed",
    ]);
    expect(await parts.rows()).toMatchObject([{ id, state: "pending", attempts: 1 }]);
  });

  test("is no excuse for a mistake of ours: a room that throws in code is treated the same", async () => {
    const clumsy = createTestPipeline(db, {
      templates: applyTemplates,
      clumsy: async (_tx, news) => {
        for (const { event } of news)
          if ("template" in event.data && event.data.template.name === "t2") throw new TypeError("oops");
        return { changes: [], ignored: [] };
      },
    });
    await parts.post(
      connection_id,
      webhook(update(1, "APPROVED")),
      webhook(update(2, "APPROVED"), update(3, "APPROVED")),
    );
    await clumsy.pipeline.drain();
    // What another room had already done for the item is undone with it.
    expect((await templates()).map(({ name }) => name)).toEqual(["t1", "t3"]);
    expect(await parts.rows()).toMatchObject([
      { state: "done" },
      { state: "pending", error: "1 of 2 items failed: oops" },
    ]);
  });

  test("a webhook that fails whatever item is left out waits as a whole, and harms no other", async () => {
    const broken = createTestPipeline(db, { templates: applyTemplates });
    await subscribe("template_status");
    await db.run(
      new Sql(
        [
          `create function no_delivery() returns trigger language plpgsql as $$
           begin
             if (select body from journal where id = new.journal_id) like '%UNDELIVERABLE%' then raise exception 'not this one'; end if;
             return new;
           end $$;
           create trigger no_delivery before insert on delivery_queue for each row execute function no_delivery()`,
        ],
        [],
      ),
    );
    await parts.post(
      connection_id,
      webhook(update(1, "APPROVED")),
      webhook(update(2, "APPROVED", { odd: "UNDELIVERABLE" })),
    );
    await broken.pipeline.drain();
    expect((await templates()).map(({ name }) => name)).toEqual(["t1"]);
    expect(await parts.rows()).toMatchObject([
      { state: "done" },
      { state: "pending", attempts: 1, error: "not this one" },
    ]);
    await db.run(sql`drop trigger no_delivery on delivery_queue`);
    broken.clock.now_ms += 60_000;
    await broken.pipeline.drain();
    expect((await templates()).map(({ name }) => name)).toEqual(["t1", "t2"]);
    expect(await deliveries()).toHaveLength(2);
  });
});

describe("the database's own trouble", () => {
  test.each(["57P01", "40001", "40P01", "53100", "53300", "08006", "25006", "55P03"])(
    "%s burns no try",
    async (code) => {
      let times = 0;
      const shaky = createTestPipeline(db, {
        shaky: async (tx) => {
          if (times++ === 0)
            await tx.run(
              new Sql([`do $$ begin raise exception 'trouble' using errcode = '${code}'; end $$`], []),
            );
          return { changes: [], ignored: [] };
        },
      });
      await parts.post(connection_id, webhook(update(1, "APPROVED")));
      await shaky.pipeline.step().catch(() => {});
      await shaky.pipeline.drain();
      expect(await parts.rows()).toMatchObject([{ state: "done", attempts: 1, error: null }]);
    },
  );

  test("a database that can't be reached is reported by step, and counts against no one", async () => {
    const away = createDatabase({ url: "postgres://unknown@127.0.0.1:1/test" });
    const cut = createTestPipeline(away, { probe });
    await expect(cut.pipeline.step()).rejects.toThrow("ECONNREFUSED");
    await away.stop();
  });
});

describe("what can't be applied", () => {
  test("a body that is no webhook is dead at once, with the reason and without events", async () => {
    await parts.post(connection_id, "not json", "[]", webhook(update(1, "APPROVED")));
    await parts.pipeline.drain();
    const states = await parts.rows();
    expect(states.map(({ state }) => state)).toEqual(["dead", "dead", "done"]);
    expect(states[0]!.error).toMatch(/not JSON/);
    expect(await events()).toHaveLength(1);
  });

  test("another object than WhatsApp's is done, with a note", async () => {
    await parts.post(connection_id, { object: "page", entry: [] });
    await parts.pipeline.drain();
    expect(await parts.rows()).toMatchObject([
      { state: "done", error: expect.stringContaining('"page"') as string },
    ]);
    expect(await events()).toEqual([]);
  });

  test("a malformed item is kept as ignored with what is wrong, is given to no room, and goes out all the same", async () => {
    await subscribe("template_status");
    await parts.post(
      connection_id,
      webhook(update(1, "APPROVED"), { field: "message_template_status_update", value: 5 }),
    );
    await parts.pipeline.drain();
    expect(given.flat()).toHaveLength(1);
    expect((await events()).filter(({ outcome }) => outcome === "ignored")).toEqual([
      { outcome: "ignored", reason: expect.stringContaining("not an object") as string },
    ]);
    expect(await parts.rows()).toMatchObject([
      { state: "done", error: expect.stringContaining("1 of 2 items could not be read") as string },
    ]);
    expect((await deliveries()).map(({ body }) => body)).toEqual([null]);
  });

  test("what a room ignores is kept with the reason", async () => {
    await parts.post(connection_id, webhook(update(1, "TELEPORTED")));
    await parts.pipeline.drain();
    expect(await events()).toEqual([
      { outcome: "ignored", reason: "The template event TELEPORTED changes no status." },
    ]);
  });

  test("on a shared connection, items of unknown accounts leave only a note, known ones reach their own workspace only", async () => {
    const other = await createTestWorkspace(db);
    await db.run(sql`update connections set workspace_id = null where id = ${connection_id}`);
    for (const [owner, waba_id] of [
      [workspace_id, "111"],
      [other.workspace_id, "222"],
    ])
      await db.run(sql`insert into accounts (workspace_id, id, connection_id, waba_id)
        values (${owner}, gen_random_uuid(), ${connection_id}, ${waba_id})`);
    await subscribe("template_status");
    const mixed = {
      object: "whatsapp_business_account",
      entry: ["111", "222", "333"].map((id, i) => ({ id, time: time++, changes: [update(i, "APPROVED")] })),
    };
    await parts.post(connection_id, mixed);
    await parts.pipeline.drain();
    expect(await parts.rows()).toMatchObject([
      { state: "done", error: "1 of 3 items belong to no known workspace (account 333, phone number none)." },
    ]);
    expect(await templates()).toEqual([{ name: "t0", status: "APPROVED" }]);
    expect(given.flat().map((event) => event.workspace_id)).toEqual([workspace_id, other.workspace_id]);
    const [delivery] = await deliveries();
    expect(JSON.parse(delivery!.body!.toString())).toEqual({ ...mixed, entry: [mixed.entry[0]] });
  });
});

test("a started pipeline takes what arrives when it is woken, and stop waits for the batch under way", async () => {
  let applied = (): void => {};
  const arrived = new Promise<void>((resolve) => (applied = resolve));
  const started = createTestPipeline(db, {
    signal: async () => {
      applied();
      return { changes: [], ignored: [] };
    },
  });
  started.pipeline.start();
  await parts.post(connection_id, webhook(update(1, "APPROVED")));
  started.pipeline.wake();
  await arrived;
  await started.pipeline.stop();
  expect(await parts.rows()).toMatchObject([{ state: "done" }]);
});

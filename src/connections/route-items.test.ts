import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { newId } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { routeItems, type RoutableItem } from "./connections.ts";

const T = 1_700_000_000_000;
let db: Database;
let workspace_id: string;
let connection_id: string;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
});

const item = (given: Partial<RoutableItem>): RoutableItem => ({
  connection_id,
  waba_id: "100",
  phone_number_id: null,
  display_phone_number: null,
  occurred_at_ms: T,
  ...given,
});
const route = (items: RoutableItem[]) => db.transaction((tx) => routeItems(tx, items));
const numbersOf = (owner = workspace_id) =>
  db.rows<{
    id: string;
    phone_number_id: string;
    waba_id: string | null;
    display_phone_number: string | null;
  }>(sql`
    select id, phone_number_id, waba_id, display_phone_number from phone_numbers
    where workspace_id = ${owner} order by phone_number_id`);
const accountsOf = async (owner = workspace_id) =>
  (
    await db.rows<{ waba_id: string }>(
      sql`select waba_id from accounts where workspace_id = ${owner} order by waba_id`,
    )
  ).map((row) => row.waba_id);
const lastWebhookAt = () =>
  db.rows<{ last_webhook_at: Date; xmin: string }>(
    sql`select last_webhook_at, xmin::text from phone_numbers where workspace_id = ${workspace_id}`,
  );

describe("on a connection that one workspace owns", () => {
  test("unknown accounts and numbers are registered, and each item gets its number, in order", async () => {
    const routes = await route([
      item({ phone_number_id: "2", display_phone_number: "15550002" }),
      item({}),
      item({ phone_number_id: "1", waba_id: "200" }),
      item({ phone_number_id: "2" }),
      item({ waba_id: null }),
    ]);
    const [one, two] = await numbersOf();
    expect(one).toMatchObject({ phone_number_id: "1", waba_id: "200", display_phone_number: null });
    expect(two).toMatchObject({ phone_number_id: "2", waba_id: "100", display_phone_number: "15550002" });
    expect(routes).toEqual([
      { workspace_id, phone_number: two!.id },
      { workspace_id, phone_number: null },
      { workspace_id, phone_number: one!.id },
      { workspace_id, phone_number: two!.id },
      { workspace_id, phone_number: null },
    ]);
    expect(await accountsOf()).toEqual(["100", "200"]);
  });

  test("a known number keeps its row; what is new about it is remembered, what is not told is kept", async () => {
    const [first] = await route([item({ phone_number_id: "1", waba_id: null })]);
    const [second] = await route([item({ phone_number_id: "1", display_phone_number: "15550001" })]);
    await route([item({ phone_number_id: "1", waba_id: null })]);
    expect(second).toEqual(first);
    expect(await numbersOf()).toEqual([
      { id: first!.phone_number, phone_number_id: "1", waba_id: "100", display_phone_number: "15550001" },
    ]);
  });

  test("what is told of a number is taken by its own time: a repeated old webhook changes nothing, in any order (F25)", async () => {
    const told = (waba_id: string, display_phone_number: string, at_s: number | null) =>
      item({
        phone_number_id: "1",
        waba_id,
        display_phone_number,
        occurred_at_ms: at_s === null ? null : T + at_s * 1000,
      });
    const webhooks = [
      told("100", "15550001", 0),
      told("200", "15550002", 600),
      told("300", "15550003", null),
    ];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of [...orders, [1, 0, 1, 0]]) {
      for (const i of order) await route([webhooks[i]!]);
      expect(await numbersOf()).toMatchObject([{ waba_id: "200", display_phone_number: "15550002" }]);
      await db.run(sql`delete from phone_numbers where workspace_id = ${workspace_id}`);
      await route(order.map((i) => webhooks[i]!));
      expect(await numbersOf()).toMatchObject([{ waba_id: "200", display_phone_number: "15550002" }]);
      await db.run(sql`delete from phone_numbers where workspace_id = ${workspace_id}`);
    }
  });

  test("a number that goes back to what it was is told so by its time, and an old webhook between changes nothing (F25)", async () => {
    const told = (display_phone_number: string, at_s: number) =>
      item({ phone_number_id: "1", display_phone_number, occurred_at_ms: T + at_s * 1000 });
    for (const webhook of [told("15550001", 0), told("15550001", 600), told("15550002", 300)])
      await route([webhook]);
    expect(await numbersOf()).toMatchObject([{ display_phone_number: "15550001" }]);
  });

  test("the time of a number's last webhook costs one write a minute at most", async () => {
    await route([item({ phone_number_id: "1" })]);
    const [before] = await lastWebhookAt();
    await route([item({ phone_number_id: "1" })]);
    expect(await lastWebhookAt()).toEqual([before]);
    await db.run(
      sql`update phone_numbers set last_webhook_at = now() - interval '61 seconds' where workspace_id = ${workspace_id}`,
    );
    await route([item({ phone_number_id: "1" })]);
    const [after] = await lastWebhookAt();
    expect(after!.last_webhook_at.getTime()).toBeGreaterThanOrEqual(before!.last_webhook_at.getTime());
  });

  test("a batch never waits for one that is writing the same number's time", async () => {
    await route([item({ phone_number_id: "1" })]);
    await db.run(sql`update phone_numbers set last_webhook_at = null where workspace_id = ${workspace_id}`);
    await db.transaction(async (one) => {
      const first = await routeItems(one, [item({ phone_number_id: "1" })]);
      expect(await route([item({ phone_number_id: "1" })])).toEqual(first);
    });
  });

  test("processes that register the same numbers at once, in any order, agree and never deadlock", async () => {
    const items = Array.from({ length: 40 }, (_, i) =>
      item({ phone_number_id: `${i}`, waba_id: `${i % 7}` }),
    );
    const all = await Promise.all([
      route(items),
      route(items.toReversed()),
      route(items.toSorted((a, b) => a.waba_id!.localeCompare(b.waba_id!))),
      route(items),
    ]);
    expect(all[1].toReversed()).toEqual(all[0]);
    expect(all[3]).toEqual(all[0]);
    expect(await numbersOf()).toHaveLength(40);
    expect(await accountsOf()).toHaveLength(7);
  });

  test("a number that is added by hand at the same moment is that row", async () => {
    const id = newId();
    let routed: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      await tx.run(sql`
        insert into phone_numbers (workspace_id, id, connection_id, phone_number_id)
        values (${workspace_id}, ${id}, ${connection_id}, '1')`);
      routed = route([item({ phone_number_id: "1" })]);
      // Until its insert waits for ours.
      await expect
        .poll(() =>
          db.first(
            sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          ),
        )
        .toBeDefined();
    });
    expect(await routed).toEqual([{ workspace_id, phone_number: id }]);
  });

  test("a name that can't be Meta's is no one's number, and the item still has its workspace", async () => {
    expect(await route([item({ phone_number_id: "x".repeat(101), waba_id: "a\0b" })])).toEqual([
      { workspace_id, phone_number: null },
    ]);
    expect(await accountsOf()).toEqual([]);
  });
});

describe("on a shared connection", () => {
  let shared: string;
  let other: string;
  beforeEach(async () => {
    shared = newId();
    await db.run(
      sql`insert into connections (id, name, graph_url) values (${shared}, 'Shared', 'http://127.0.0.1:1')`,
    );
    other = (await createTestWorkspace(db)).workspace_id;
    await db.run(sql`
      insert into accounts (workspace_id, id, connection_id, waba_id) values
        (${workspace_id}, ${newId()}, ${shared}, 'ours'), (${other}, ${newId()}, ${shared}, 'theirs')`);
    await db.run(sql`
      insert into phone_numbers (workspace_id, id, connection_id, phone_number_id)
      values (${other}, ${newId()}, ${shared}, '7')`);
  });

  test("the number decides, else the account, and what no one owns is null", async () => {
    const [theirs] = await numbersOf(other);
    const on = (given: Partial<RoutableItem>) => item({ connection_id: shared, ...given });
    const routes = await route([
      on({ waba_id: "ours", phone_number_id: "7" }),
      on({ waba_id: "ours" }),
      on({ waba_id: "theirs", phone_number_id: "8" }),
      on({ waba_id: "no one's", phone_number_id: "9" }),
      on({ waba_id: null }),
      item({ connection_id: newId() }),
    ]);
    expect(routes).toEqual([
      { workspace_id: other, phone_number: theirs!.id },
      { workspace_id, phone_number: null },
      { workspace_id: other, phone_number: (await numbersOf(other))[1]!.id },
      null,
      null,
      null,
    ]);
    expect(await accountsOf(other)).toEqual(["theirs"]);
  });

  test("numbers of an owned connection in the same batch stay apart from a shared one's", async () => {
    const [own, foreign] = await route([
      item({ phone_number_id: "7" }),
      item({ connection_id: shared, waba_id: "theirs", phone_number_id: "7" }),
    ]);
    expect(own!.workspace_id).toBe(workspace_id);
    expect(foreign!.workspace_id).toBe(other);
    expect(own!.phone_number).not.toBe(foreign!.phone_number);
  });
});

test("what is no id becomes no number and no account; the item stays unrouted, its neighbours do not", async () => {
  const odd = ["<img src=x onerror=alert(1)>", "106 540", "../1", "9".repeat(65)];
  expect(
    await route([...odd.map((phone_number_id) => item({ phone_number_id })), item({ phone_number_id: "7" })]),
  ).toEqual([...odd.map(() => null), expect.objectContaining({ workspace_id })]);
  expect((await numbersOf()).map((row) => row.phone_number_id)).toEqual(["7"]);
  await route([item({ waba_id: "<b>" })]);
  expect(await accountsOf()).toEqual(["100"]);
});

import { afterEach, beforeAll, expect, test } from "vitest";
import { silentLog } from "../base/base.ts";
import { createTestDatabase } from "../../test/support/database.ts";
import { createListener, paced, sql, type Database, type Listener } from "./db.ts";

let db: Database;
let listener: Listener;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => listener.stop());

/** What was heard, and a way to wait for it. */
function ear() {
  const heard: (string | null)[] = [];
  const waiting: (() => void)[] = [];
  return {
    heard,
    callback: (payload: string | null) => {
      heard.push(payload);
      for (const resolve of waiting.splice(0)) resolve();
    },
    until: async (done: () => boolean) => {
      while (!done()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

const start = () => createListener({ url: db.url, log: silentLog, backoff: { base_ms: 1, cap_ms: 20 } });
const notify = (channel: string, payload: string) => db.run(sql`select pg_notify(${channel}, ${payload})`);

test("a callback is called once when it listens, then with every notification in order", async () => {
  listener = start();
  const { heard, callback, until } = ear();
  listener.on("a", callback);
  await until(() => heard.length === 1);
  await notify("a", "1");
  await notify("b", "not mine");
  await notify("a", "2");
  await until(() => heard.includes("2"));
  expect(heard).toEqual([null, "1", "2"]);
});

test("a channel that is added later is listened to before its callback is called", async () => {
  listener = start();
  const first = ear();
  listener.on("a", first.callback);
  await first.until(() => first.heard.length === 1);
  const late = [ear(), ear()];
  for (const { callback } of late) listener.on("late", callback);
  for (const { heard, until } of late) await until(() => heard.length === 1);
  await notify("late", "x");
  for (const { heard, until } of late) {
    await until(() => heard.length === 2);
    expect(heard).toEqual([null, "x"]);
  }
});

test("after the connection was cut every callback is called again, and hears again", async () => {
  listener = start();
  const ears = [ear(), ear()];
  listener.on("a", ears[0]!.callback);
  listener.on("b", ears[1]!.callback);
  for (const { heard, until } of ears) await until(() => heard.length === 1);
  for (let round = 2; round <= 4; round++) {
    await db.run(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wharf listen' and datname = current_database()`,
    );
    for (const { heard, until } of ears) await until(() => heard.length === round);
  }
  await notify("b", "back");
  await ears[1]!.until(() => ears[1]!.heard.includes("back"));
  expect(ears[1]!.heard).toEqual([null, null, null, null, "back"]);
});

test("it keeps trying while the database can't be reached, and a throwing callback harms no other", async () => {
  const url = new URL(db.url);
  url.port = "1";
  listener = createListener({ url: url.href, log: silentLog, backoff: { base_ms: 1, cap_ms: 1 } });
  await listener.stop();

  listener = start();
  const { heard, callback, until } = ear();
  listener.on("a", () => {
    throw new Error("mine");
  });
  const removed = listener.on("a", () => heard.push("removed"));
  removed.stop();
  listener.on("a", callback);
  await until(() => heard.length === 1);
  expect(heard).toEqual([null]);
});

test("a paced listener calls at once, then once for all that came within its quiet time, each payload apart", async () => {
  const { heard, callback, until } = ear();
  let say: (payload: string | null) => void = () => {};
  listener = paced(
    {
      on(_channel, inner) {
        say = inner;
        return { stop() {} };
      },
      stop: async () => {},
    },
    5,
  );
  const subscription = listener.on("a", callback);
  for (const payload of ["1", "1", "2", "1"]) say(payload);
  expect(heard).toEqual(["1", "2"]);
  await until(() => heard.length === 3);
  expect(heard).toEqual(["1", "2", "1"]);
  subscription.stop();
});

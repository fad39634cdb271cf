import { beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../base/base.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { sql } from "../../db/db.ts";
import type { EndpointEdit } from "./endpoints.ts";
import { openHeaders } from "../signing/custom-headers.ts";
import { clearRemoved, PUT_BACK_MS } from "./removed-headers.ts";

/** Edits by several people, and what an edit means for deliveries that wait. */
const { db, box, endpoints, here, add, enqueue, deliveries, counted } = await createDispatching();

const URL_A = "https://a.example/hook";
const URL_B = "https://b.example/hook";
let ada = "";
let id = "";
beforeEach(async () => {
  ada = newId();
  await db.run(sql`insert into users (id, name, email) values (${ada}, 'Ada', ${`${ada}@example.com`})`);
  ({ id } = await add(URL_A));
});
const update = (edit: EndpointEdit, user_id: string | null = null) =>
  endpoints.update(here.workspace_id, id, edit, user_id);
const get = () => endpoints.get(here.workspace_id, id);
const headers = async () => {
  const row = await db.first<{ id: string; headers: Buffer | null }>(
    sql`select id, headers from endpoints where id = ${id}`,
  );
  return openHeaders(box, row!);
};

describe("two edits that began at one version", () => {
  test("of different settings merge", async () => {
    const { version } = await get();
    await update({ description: "Shop", version }, ada);
    await update({ timeout_ms: 5_000, version });
    expect(await get()).toMatchObject({ description: "Shop", timeout_ms: 5_000, version: version + 2 });
  });

  test("of one setting: the second changes nothing, and is told what is there now, by whose hand and when", async () => {
    const { version } = await get();
    await update({ description: "Shop", concurrency: 3 }, ada);
    const refused = await update({ description: "Till", timeout_ms: 5_000, version }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({
      code: "EDITED_MEANWHILE",
      detail: expect.stringMatching(/^Changed meanwhile: description \(by Ada, 20/),
      more: {
        version: version + 1,
        conflicts: [{ setting: "description", current: "Shop", user: { name: "Ada" } }],
      },
    });
    expect(await get()).toMatchObject({ description: "Shop", timeout_ms: 10_000 });
    // Said again by one who has seen it.
    await update({ description: "Till", version: version + 1 });
    expect((await get()).description).toBe("Till");
  });

  test("that say the same, or send along what they did not change, are not asked about", async () => {
    const { version } = await get();
    await update({ description: "Shop", rate_limit_per_s: 5 }, ada);
    await update({ description: "Shop", rate_limit_per_s: null, version });
    expect(await get()).toMatchObject({ description: "Shop", rate_limit_per_s: 5, version: version + 1 });
  });

  test("switch each event by itself", async () => {
    const { version } = await get();
    await update({ events: ["messages", "statuses"], version }, ada);
    await update({ events: ["calls"], version });
    expect((await get()).events).toEqual(["statuses", "calls"]);
  });

  test("set each header by itself, and one value never goes to a URL that its author did not see", async () => {
    const { version } = await get();
    await update({ headers: { "X-One": "1" }, version }, ada);
    await update({ headers: { "X-Two": "2" }, version });
    expect(await headers()).toEqual({ "X-One": "1", "X-Two": "2" });
    await expect(update({ headers: { "x-one": "other" }, version })).rejects.toMatchObject({
      more: { conflicts: [{ setting: "headers.x-one", current: true }] },
    });
    await update({ url: URL_B }, ada);
    await expect(update({ headers: { Authorization: "hush" }, version })).rejects.toMatchObject({
      more: { conflicts: [{ setting: "url", current: URL_B }] },
    });
    await update({ headers: { "X-Two": null }, version: version + 2 });
    expect(await headers()).toEqual({ "X-One": "1" });
  });

  test("without a version the last one counts, as ever; a version that is not there yet is refused", async () => {
    await update({ description: "Shop" }, ada);
    await update({ description: "Till" });
    expect((await get()).description).toBe("Till");
    await expect(update({ description: "x", version: 99 })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
  });

  test("when the history of what came between is gone, whatever differs is asked about", async () => {
    const { version } = await get();
    await update({ description: "Shop" }, ada);
    await db.run(sql`delete from endpoint_history where endpoint_id = ${id}`);
    await expect(update({ timeout_ms: 5_000, version })).rejects.toMatchObject({ code: "EDITED_MEANWHILE" });
  });
});

test("the version counts people's changes of settings: not one that changes nothing, nor a new secret", async () => {
  const { version } = await get();
  await update({ description: null });
  await endpoints.rotateSecret(here.workspace_id, id);
  expect((await get()).version).toBe(version);
});

describe("another URL, while deliveries wait", () => {
  const fail = (state: "failing" | "disabled") =>
    db.run(sql`
      update endpoints set state = ${state}, failures = 9, failing_since = now(),
             disabled_at = case when ${state} = 'disabled' then now() end where id = ${id}`);
  const states = async () => counted(await deliveries());

  test.each(["failing", "disabled"] as const)("of one that is %s: nothing is sent unsaid", async (state) => {
    await fail(state);
    await enqueue(3);
    expect(await update({ url: URL_B })).toMatchObject({
      url: URL_B,
      state: "disabled",
      failing_since: null,
      state_reason: "The URL was changed. Nothing is sent to it until the webhook is switched on.",
    });
    await enqueue(1);
    expect(await states()).toEqual({ held: 4 });
    expect(await update({ enabled: true })).toMatchObject({ state: "ok", state_reason: null });
    expect(await states()).toEqual({ pending: 4 });
  });

  test.each(["failing", "disabled"] as const)(
    "of one that is %s: sent to it, or discarded, when that is said",
    async (state) => {
      await fail(state);
      await enqueue(3);
      expect(await update({ url: URL_B, waiting_deliveries: "send" })).toMatchObject({ state: "ok" });
      expect(await states()).toEqual({ pending: 3 });
      await fail(state);
      expect(await update({ url: URL_A, waiting_deliveries: "discard" })).toMatchObject({ state: "ok" });
      await enqueue(1);
      expect(await states()).toEqual({ cancelled: 3, pending: 1 });
    },
  );

  test("of one that is well they go to the new URL; of one that fails with nothing waiting there is nothing to hold", async () => {
    await enqueue(2);
    expect(await update({ url: URL_B })).toMatchObject({ state: "ok" });
    expect(await states()).toEqual({ pending: 2 });
    await db.run(sql`truncate delivery_queue, delivery_log`);
    await fail("failing");
    expect(await update({ url: URL_A })).toMatchObject({ state: "ok", failures: 0 });
  });

  test("of one that is switched off it stays off", async () => {
    await enqueue(2);
    await update({ enabled: false });
    await update({ url: URL_B, waiting_deliveries: "send" });
    expect(await get()).toMatchObject({ enabled: false });
    expect(await states()).toEqual({ held: 2 });
    await update({ url: URL_A, waiting_deliveries: "discard" });
    expect(await states()).toEqual({ cancelled: 2 });
  });
});

test("one URL is found however it is spelt, and by a part of it or of the description", async () => {
  await update({ description: "Order System" });
  const found = async (query: { url?: string; search?: string }) =>
    (await endpoints.list(here.workspace_id, { limit: 10, ...query })).data.length;
  for (const url of [
    "HTTPS://A.Example/hook",
    "https://a.example:443/hook",
    "https://a.example./hook#top",
    " https://a.example/x/../hook",
  ])
    expect([url, await found({ url })]).toEqual([url, 1]);
  for (const url of ["http://a.example/hook", "https://a.example/hook/", "https://a.example/Hook", "hook"])
    expect([url, await found({ url })]).toEqual([url, 0]);
  for (const search of ["order", "A.EXAMPLE", "hook"]) expect(await found({ search })).toBe(1);
  expect(await found({ search: "%" })).toBe(0);
});

test("a header that was removed can be put back as it was, for a moment and only then", async () => {
  const user = here.workspace_id;
  await update({ headers: { Authorization: "Bearer hush", "X-Team": "a", "X-Old": "b" } });
  await update({ headers: { authorization: null } });
  await update({ headers: { "X-Old": null } });
  expect((await endpoints.restoreHeaders(user, id, ["Authorization"], ada)).header_names).toEqual([
    "X-Team",
    "Authorization",
  ]);
  expect(await headers()).toEqual({ Authorization: "Bearer hush", "X-Team": "a" });
  const gone = expect.objectContaining({ code: "NO_REMOVED_HEADERS" });
  await expect(endpoints.restoreHeaders(user, id, ["X-Never"])).rejects.toEqual(gone);

  await clearRemoved(db, Date.now());
  expect(
    await db.first(sql`select removed_headers is null as cleared from endpoints where id = ${id}`),
  ).toEqual({
    cleared: false,
  });
  await clearRemoved(db, Date.now() + PUT_BACK_MS + 1_000);
  expect(
    await db.first(sql`select removed_headers is null as cleared from endpoints where id = ${id}`),
  ).toEqual({
    cleared: true,
  });
  await expect(endpoints.restoreHeaders(user, id, ["X-Old"])).rejects.toEqual(gone);
});

test("no value of a header is in the history of changes", async () => {
  await update({ headers: { "X-Team": "hush" }, description: "Shop" }, ada);
  await update({ headers: { "X-Team": "hush hush" } }, ada);
  const rows = await db.rows<{ changes: unknown }>(
    sql`select changes from endpoint_history where endpoint_id = ${id} and changes is not null order by id`,
  );
  expect(rows.map(({ changes }) => changes)).toEqual([
    [
      { setting: "description", before: null, after: "Shop" },
      { setting: "headers.X-Team", before: false, after: true },
    ],
    [{ setting: "headers.X-Team", before: true, after: true }],
  ]);
});

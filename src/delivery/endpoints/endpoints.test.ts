import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { insertJournal, routedEvent } from "../../../test/support/delivery.ts";
import { createSecretBox, newId } from "../../base/base.ts";
import * as shapes from "../../contract/shapes.ts";
import { sql, type Database } from "../../db/db.ts";
import { createEndpoints, MAX_ENDPOINTS, type Endpoints } from "./endpoints.ts";
import type { EndpointSettings } from "./endpoint-settings.ts";
import { listHistory } from "./endpoint-rows.ts";
import { createFanOut } from "../fan-out/fan-out.ts";
import { createGuard } from "../http/ssrf-guard.ts";

const SETTINGS: EndpointSettings = {
  url: "https://example.com/hook",
  description: null,
  enabled: true,
  events: ["messages", "statuses"],
};
const fanOut = createFanOut((body) => body);

describe("endpoints", () => {
  let db: Database;
  let endpoints: Endpoints;
  beforeAll(async () => {
    db = await createTestDatabase();
    endpoints = createEndpoints({ db, box: createSecretBox([randomBytes(32)]), guard: createGuard() });
  });

  test("show their secret when they are made, and never again", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const { secret, ...made } = await endpoints.create(workspace_id, SETTINGS);
    expect(shapes.Endpoint.strict().parse(made)).toEqual(made);
    expect(made.secret_fingerprint).toBe(createHash("sha256").update(secret).digest("hex").slice(0, 8));
    expect(await endpoints.get(workspace_id, made.id)).toEqual(made);
    expect(await endpoints.list(workspace_id, { limit: 10 })).toEqual({ data: [made], next_cursor: null });
    expect(await endpoints.update(workspace_id, made.id, {})).toEqual({
      ...made,
      updated_at: expect.any(String),
    });

    const rotated = await endpoints.rotateSecret(workspace_id, made.id);
    expect(rotated.secret).not.toBe(secret);
    const after = await endpoints.get(workspace_id, made.id);
    expect(after.secret_fingerprint).toBe(
      createHash("sha256").update(rotated.secret).digest("hex").slice(0, 8),
    );
    expect(JSON.stringify(after)).not.toContain(rotated.secret);
  });

  test("belong to their workspace: another's are not found", async () => {
    const mine = await createTestWorkspace(db);
    const theirs = await createTestWorkspace(db);
    const { id } = await endpoints.create(theirs.workspace_id, SETTINGS);
    const not_found = expect.objectContaining({ code: "NOT_FOUND" });
    for (const of of [id, newId()]) {
      await expect(endpoints.get(mine.workspace_id, of)).rejects.toEqual(not_found);
      await expect(endpoints.update(mine.workspace_id, of, { enabled: false })).rejects.toEqual(not_found);
      await expect(endpoints.remove(mine.workspace_id, of)).rejects.toEqual(not_found);
      await expect(endpoints.rotateSecret(mine.workspace_id, of)).rejects.toEqual(not_found);
      await expect(endpoints.prepareSecret(mine.workspace_id, of)).rejects.toEqual(not_found);
      await expect(endpoints.activateSecret(mine.workspace_id, of)).rejects.toEqual(not_found);
      await expect(endpoints.discardSecret(mine.workspace_id, of)).rejects.toEqual(not_found);
    }
    expect((await endpoints.list(mine.workspace_id, { limit: 10 })).data).toEqual([]);
    expect((await endpoints.get(theirs.workspace_id, id)).enabled).toBe(true);
  });

  test("are refused with the problem that the page shows, when made and when changed", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const { id } = await endpoints.create(workspace_id, SETTINGS);
    for (const [url, code] of [
      ["example.com", "INVALID_URL"],
      [`https://example.com/${"x".repeat(500)}`, "URL_TOO_LONG"],
      ["http://169.254.169.254/", "TARGET_NOT_ALLOWED"],
    ] as const) {
      const problem = expect.objectContaining({ code });
      await expect(endpoints.create(workspace_id, { ...SETTINGS, url })).rejects.toEqual(problem);
      await expect(endpoints.update(workspace_id, id, { url })).rejects.toEqual(problem);
    }
    expect((await endpoints.get(workspace_id, id)).url).toBe(SETTINGS.url);
  });

  test(`are at most ${MAX_ENDPOINTS} in a workspace, however many are made at once`, async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const results = await Promise.allSettled(
      Array.from({ length: MAX_ENDPOINTS + 5 }, () => endpoints.create(workspace_id, SETTINGS)),
    );
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.map((result) => result.reason as unknown)).toEqual(
      Array(5).fill(expect.objectContaining({ code: "ENDPOINT_LIMIT" })),
    );
    // A deleted one makes room.
    const { data } = await endpoints.list(workspace_id, { limit: 1 });
    await endpoints.remove(workspace_id, data[0]!.id);
    await endpoints.create(workspace_id, SETTINGS);
  });

  test("are listed newest first, page by page, each once", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await endpoints.create(workspace_id, SETTINGS)).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await endpoints.list(workspace_id, { cursor, limit: 3 });
      seen.push(...page.data.map((endpoint) => endpoint.id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(made.toReversed());
  });

  test("tell the pages about each change", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const { id } = await endpoints.create(workspace_id, SETTINGS);
    await endpoints.update(workspace_id, id, { description: "Shop" });
    await endpoints.rotateSecret(workspace_id, id);
    await endpoints.remove(workspace_id, id);
    const events = await db.rows(
      sql`select name, data from live_events where workspace_id = ${workspace_id} order by seq`,
    );
    expect(events).toEqual([1, 2, 3, 4].map(() => ({ name: "EndpointUpdated", data: { endpoint_id: id } })));
  });

  test("hold what is on its way while they are switched off, and send it when they are switched on", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const { id } = await endpoints.create(workspace_id, SETTINGS);
    const body = Buffer.from("{}");
    const journal_id = await insertJournal(db, connection_id, body);
    const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
    await db.transaction((tx) => fanOut(tx, [{ workspace_id, journal_id, body, whole: true, events }]));
    const states = () =>
      db.rows(sql`select state from deliveries where workspace_id = ${workspace_id} order by id`);

    await endpoints.update(workspace_id, id, { enabled: false });
    expect(await states()).toEqual([{ state: "held" }]);
    await endpoints.update(workspace_id, id, { description: "still off" });
    expect(await states()).toEqual([{ state: "held" }]);
    await endpoints.update(workspace_id, id, { enabled: true });
    expect(await states()).toEqual([{ state: "pending" }]);
  });

  test("have defaults for all that was not said, and keep what a change does not name", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const {
      id,
      secret: _,
      ...made
    } = await endpoints.create(workspace_id, {
      url: SETTINGS.url,
      enabled: true,
      events: [],
    });
    expect(made).toMatchObject({
      description: null,
      events: [],
      header_names: [],
      retry_preset: "standard",
      rate_limit_per_s: null,
      concurrency: 64,
      timeout_ms: 10_000,
      give_up_after_s: 432_000,
    });
    const settings = {
      description: "Shop",
      retry_preset: "fast",
      rate_limit_per_s: 10,
      concurrency: 2,
      timeout_ms: 2_000,
      give_up_after_s: 86_400,
    } as const;
    expect(await endpoints.update(workspace_id, id, settings)).toMatchObject({
      ...made,
      ...settings,
      updated_at: expect.any(String),
      version: 2,
    });
    expect(
      await endpoints.update(workspace_id, id, { rate_limit_per_s: null, description: undefined }),
    ).toMatchObject({ ...settings, rate_limit_per_s: null });
    const all = await endpoints.create(workspace_id, {
      ...SETTINGS,
      ...settings,
      headers: { "X-Team": "a" },
    });
    expect(all).toMatchObject({ ...settings, header_names: ["X-Team"] });
  });

  test("the defaults are the table's own", async () => {
    const defaults = await db.rows<{ name: string; value: string }>(sql`
      select column_name as name, column_default as value from information_schema.columns
       where table_name = 'endpoints' and column_name in ('retry_preset', 'concurrency', 'timeout_ms', 'give_up_after_s')`);
    const { workspace_id } = await createTestWorkspace(db);
    const made: Record<string, unknown> = await endpoints
      .create(workspace_id, SETTINGS)
      .then((row) => ({ ...row }));
    expect(defaults).toHaveLength(4);
    for (const { name, value } of defaults)
      expect([name, value.replace(/^'(.*)'::text$/, "$1")]).toEqual([name, String(made[name])]);
  });

  test("show the names of their headers in every answer, and never a value", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const made = await endpoints.create(workspace_id, {
      ...SETTINGS,
      headers: { Authorization: "Bearer hush", "X-Team": "hush" },
    });
    const changed = await endpoints.update(workspace_id, made.id, {
      headers: { "x-team": null, "X-New": "hush" },
    });
    const answers = [
      made,
      changed,
      await endpoints.get(workspace_id, made.id),
      await endpoints.list(workspace_id, { limit: 10 }),
      await endpoints.update(workspace_id, made.id, { description: "x" }),
    ];
    expect(made.header_names).toEqual(["Authorization", "X-Team"]);
    expect(changed.header_names).toEqual(["Authorization", "X-New"]);
    expect(JSON.stringify(answers)).not.toContain("hush");
    await expect(
      endpoints.update(workspace_id, made.id, { headers: { Host: "hush" }, description: "y" }),
    ).rejects.toMatchObject({ code: "HEADER_NOT_ALLOWED" });
    expect((await endpoints.get(workspace_id, made.id)).description).toBe("x");
  });

  test("start afresh at a URL to which what waits is sent, and when they are switched on", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const { id } = await endpoints.create(workspace_id, SETTINGS);
    const blame = () =>
      db.run(sql`
        update endpoints set state = 'disabled', state_reason = 'x', failures = 9, failing_since = now(),
               held_until = now() + interval '1 hour', warned_at = now(), disabled_at = now(), trips = 3
         where workspace_id = ${workspace_id} and id = ${id}`);
    const forgiven = {
      state: "ok",
      state_reason: null,
      failures: 0,
      failing_since: null,
      held_until: null,
      warned_at: null,
      disabled_at: null,
    };
    for (const changes of [
      { url: "https://example.com/other", waiting_deliveries: "send" },
      { url: "https://example.com/third", enabled: true },
      { enabled: true },
    ] as const) {
      await blame();
      expect(await endpoints.update(workspace_id, id, { description: "still" })).toMatchObject({
        state: "disabled",
        failures: 9,
      });
      expect(await endpoints.update(workspace_id, id, changes)).toMatchObject(forgiven);
    }
    expect(await db.rows(sql`select trips from endpoints where id = ${id}`)).toEqual([{ trips: 0 }]);
  });

  test("a secret is prepared, shown once, replaced by the next one, and signs once it is activated", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const made = await endpoints.create(workspace_id, SETTINGS);
    const fingerprint = (secret: string) => createHash("sha256").update(secret).digest("hex").slice(0, 8);
    const none = expect.objectContaining({ code: "NO_PREPARED_SECRET" });
    await expect(endpoints.activateSecret(workspace_id, made.id)).rejects.toEqual(none);
    await expect(endpoints.discardSecret(workspace_id, made.id)).rejects.toEqual(none);

    const first = await endpoints.prepareSecret(workspace_id, made.id);
    const second = await endpoints.prepareSecret(workspace_id, made.id);
    const waiting = await endpoints.get(workspace_id, made.id);
    expect(waiting).toMatchObject({
      secret_fingerprint: made.secret_fingerprint,
      prepared_secret: { fingerprint: fingerprint(second.secret), created_at: expect.any(String) },
    });
    expect(new Set([made.secret, first.secret, second.secret]).size).toBe(3);

    const active = await endpoints.activateSecret(workspace_id, made.id);
    expect(active).toMatchObject({
      secret_fingerprint: fingerprint(second.secret),
      secret_created_at: waiting.prepared_secret!.created_at,
      prepared_secret: null,
    });
    await expect(endpoints.activateSecret(workspace_id, made.id)).rejects.toEqual(none);

    await endpoints.prepareSecret(workspace_id, made.id);
    await endpoints.discardSecret(workspace_id, made.id);
    expect(await endpoints.get(workspace_id, made.id)).toMatchObject({
      secret_fingerprint: fingerprint(second.secret),
      prepared_secret: null,
    });
    // A rotation ends the prepared one too: no one should activate what was shown before an accident.
    await endpoints.prepareSecret(workspace_id, made.id);
    await endpoints.rotateSecret(workspace_id, made.id);
    await expect(endpoints.activateSecret(workspace_id, made.id)).rejects.toEqual(none);
  });

  test("have a history that says what happened and who did it, once a turn, without a secret", async () => {
    const { workspace_id } = await createTestWorkspace(db);
    const user_id = newId();
    await db.run(sql`insert into users (id, name, email) values (${user_id}, 'Ada', 'ada@example.com')`);
    const { id } = await endpoints.create(workspace_id, SETTINGS, user_id);
    // Another's history is its own.
    await endpoints.create(workspace_id, SETTINGS, user_id);
    const change = (changes: Parameters<Endpoints["update"]>[2]) =>
      endpoints.update(workspace_id, id, changes, user_id);
    await change({ url: "https://example.com/other", events: ["messages"], headers: { "X-Team": "hush" } });
    await change({ url: "https://example.com/other", enabled: true });
    await change({ enabled: false, timeout_ms: 5_000 });
    await change({ enabled: false });
    await change({ enabled: true });
    await db.run(
      sql`update endpoints set state = 'disabled' where workspace_id = ${workspace_id} and id = ${id}`,
    );
    await change({ enabled: true });
    await endpoints.rotateSecret(workspace_id, id, user_id);
    await endpoints.prepareSecret(workspace_id, id, user_id);
    await endpoints.activateSecret(workspace_id, id, user_id);
    await endpoints.prepareSecret(workspace_id, id);
    await endpoints.discardSecret(workspace_id, id);

    const history = await listHistory(db, workspace_id, id, { limit: 50 });
    for (const entry of history.data)
      expect(() =>
        shapes.EndpointHistoryEntry.strict().parse({ ...entry, created_at: entry.created_at.toISOString() }),
      ).not.toThrow();
    const ada = { id: user_id, name: "Ada", email: "ada@example.com" };
    expect(history.data.map(({ kind, detail, user }) => [kind, detail, user])).toEqual(
      [
        ["created", null, ada],
        ["changed", "URL, events, headers", ada],
        ["changed", "timeout", ada],
        ["switched_off", null, ada],
        ["enabled", null, ada],
        ["enabled", "It had been disabled.", ada],
        ["secret_rotated", null, ada],
        ["secret_prepared", null, ada],
        ["secret_activated", null, ada],
        ["secret_prepared", null, null],
        ["secret_discarded", null, null],
      ].toReversed(),
    );
    expect(JSON.stringify(history)).not.toMatch(/hush|whsec/);

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listHistory(db, workspace_id, id, { cursor, limit: 3 });
      seen.push(...page.data.map((entry) => entry.id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(history.data.map((entry) => entry.id));
    const other = await createTestWorkspace(db);
    await expect(listHistory(db, other.workspace_id, id, { limit: 1 })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("made switched off get nothing until they are switched on; those that ask for no event get nothing", async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const off = await endpoints.create(workspace_id, { ...SETTINGS, enabled: false });
    await endpoints.create(workspace_id, { ...SETTINGS, events: [] });
    const body = Buffer.from("{}");
    const enqueue = async () => {
      const journal_id = await insertJournal(db, connection_id, body);
      const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
      await db.transaction((tx) => fanOut(tx, [{ workspace_id, journal_id, body, whole: true, events }]));
    };
    const written = () =>
      db.rows(sql`select endpoint_id, state from deliveries where workspace_id = ${workspace_id}`);
    await enqueue();
    expect(await written()).toEqual([]);
    await endpoints.update(workspace_id, off.id, { enabled: true });
    expect(await written()).toEqual([]);
    await enqueue();
    expect(await written()).toEqual([{ endpoint_id: off.id, state: "pending" }]);
  });
});

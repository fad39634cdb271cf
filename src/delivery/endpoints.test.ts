import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { insertJournal, routedEvent } from "../../test/support/delivery.ts";
import { createSecretBox, newId } from "../base/base.ts";
import * as shapes from "../contract/shapes.ts";
import { sql, type Database } from "../db/db.ts";
import { createEndpoints, MAX_ENDPOINTS, type Endpoints, type EndpointSettings } from "./endpoints.ts";
import { createFanOut } from "./fan-out.ts";
import { createGuard } from "./guard.ts";

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
});

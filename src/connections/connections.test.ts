import { randomBytes } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createSecretBox, newId } from "../base/base.ts";
import { createDatabase, sql, type Database } from "../db/db.ts";
import { createConnections, type Connections } from "./connections.ts";

const box = createSecretBox([randomBytes(32)]);
const given = {
  app_secret: "secret one",
  verify_token: "token",
  access_token: "access",
  graph_url: "https://graph.example",
};

let db: Database;
let now_ms: number;
let connections: Connections;
/** The same in another process. */
let elsewhere: Connections;
let workspace_id: string;

beforeAll(async () => {
  db = await createTestDatabase();
});

beforeEach(async () => {
  await db.run(sql`truncate connections cascade`);
  now_ms = Date.parse("2026-11-22T10:00:00Z");
  const clock = { now: () => now_ms };
  connections = createConnections({ db, box, clock });
  elsewhere = createConnections({ db, box, clock });
  ({ workspace_id } = await createTestWorkspace(db));
  await db.run(sql`truncate connections cascade`);
});

describe("the environment's connection", () => {
  test("is made once, however many ask", async () => {
    const ids = await Promise.all(
      [connections, elsewhere, connections, elsewhere].map((each) =>
        each.ensureFromEnvironment(workspace_id, given),
      ),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await connections.list(workspace_id)).toMatchObject([
      {
        id: ids[0],
        has_app_secret: true,
        has_verify_token: true,
        has_access_token: true,
        verified_at: null,
      },
    ]);
    await connections.recordVerified(ids[0]!);
    expect(await connections.list(workspace_id)).toMatchObject([{ verified_at: new Date(now_ms) }]);
    expect(await connections.open(workspace_id, ids[0]!)).toEqual({
      id: ids[0],
      app_secret: "secret one",
      access_token: "access",
      graph_url: given.graph_url,
    });
  });

  test("whose master key is lost for good takes its secrets anew, and accepts no one until then", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const clock = { now: () => now_ms };
    const later = createConnections({ db, box: createSecretBox([randomBytes(32)]), clock });
    expect(await later.find(id)).toMatchObject({ app_secrets: [], verify_token: null });
    expect(await later.open(workspace_id, id)).toMatchObject({ app_secret: null, access_token: null });
    expect(await later.ensureFromEnvironment(workspace_id, given)).toBe(id);
    expect(await later.find(id)).toMatchObject({ app_secrets: ["secret one"], verify_token: "token" });
    expect(await later.open(workspace_id, id)).toMatchObject({
      app_secret: "secret one",
      access_token: "access",
    });
  });

  test("is left alone where the environment says nothing, and rotates where its app secret changed", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const before = await connections.list(workspace_id);
    await connections.ensureFromEnvironment(workspace_id, {
      ...given,
      app_secret: null,
      verify_token: null,
      access_token: null,
    });
    expect(await connections.list(workspace_id)).toEqual(before);
    await connections.ensureFromEnvironment(workspace_id, {
      ...given,
      app_secret: "secret two",
      verify_token: "token two",
    });
    expect(await connections.find(id)).toMatchObject({
      app_secrets: ["secret two", "secret one"],
      verify_token: "token two",
    });
  });

  test.each(["older", "newer"])(
    "is told from another that is %s, by its mark and not by its age",
    async (age) => {
      const insertOther = async () => {
        const id = newId();
        await db.run(sql`
        insert into connections (id, workspace_id, name, graph_url) values (${id}, ${workspace_id}, 'Other', 'http://127.0.0.1:1')`);
        return id;
      };
      const older = age === "older" ? await insertOther() : null;
      const id = await connections.ensureFromEnvironment(workspace_id, given);
      const other = older ?? (await insertOther());
      await db.run(
        sql`update connections set created_at = now() - interval '1 day' where id = ${older ?? id}`,
      );

      expect(other).not.toBe(id);
      expect(
        await elsewhere.ensureFromEnvironment(workspace_id, { ...given, app_secret: "secret two" }),
      ).toBe(id);
      expect(await elsewhere.find(null)).toMatchObject({ id, app_secrets: ["secret two", "secret one"] });
      expect(await elsewhere.find(other)).toMatchObject({ id: other, app_secrets: [] });
      const marks = (await connections.list(workspace_id)).map((one) => [one.id, one.from_environment]);
      expect(Object.fromEntries(marks)).toEqual({ [id]: true, [other]: false });
      await expect(
        db.run(sql`update connections set from_environment = true where id = ${other}`),
      ).rejects.toThrow("connections__from_environment");
    },
  );

  test("keeps no secret in the clear", async () => {
    await connections.ensureFromEnvironment(workspace_id, given);
    const row = await db.first<Record<string, unknown>>(sql`select * from connections`);
    const stored = Object.values(row!).map((value) =>
      Buffer.isBuffer(value) ? value.toString("latin1") : "",
    );
    expect(stored.join("")).not.toMatch(/secret one|token|access/);
    expect(JSON.stringify(await connections.list(workspace_id))).not.toMatch(/secret one|"token|"access"/);
  });
});

describe("find", () => {
  test("knows a connection by its id and the environment's without one, and nothing else", async () => {
    expect(await connections.find(null)).toBeNull();
    now_ms += 60_000;
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const other = await createTestWorkspace(db);
    expect(await connections.find(null)).toEqual({
      id,
      workspace_id,
      app_secrets: ["secret one"],
      verify_token: "token",
    });
    expect(await connections.find(id)).toMatchObject({ id });
    expect(await connections.find(other.connection_id)).toMatchObject({
      app_secrets: [],
      verify_token: null,
    });
    expect(await connections.find(newId())).toBeNull();
    expect(await connections.find("'; drop table connections --")).toBeNull();
  });

  test("asks the database once for many webhooks, and sees within seconds what another process changed", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const [first, ...others] = await Promise.all(Array.from({ length: 50 }, () => connections.find(id)));
    expect(others.every((found) => found === first)).toBe(true);
    await elsewhere.rotateAppSecret(workspace_id, id, "secret two");
    now_ms += 5_000;
    expect((await connections.find(id))?.app_secrets).toEqual(["secret two", "secret one"]);
  });

  test("accepts the previous app secret until its time is over, also without looking again", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    await connections.rotateAppSecret(workspace_id, id, "secret two", 1_000);
    expect((await connections.find(id))?.app_secrets).toEqual(["secret two", "secret one"]);
    now_ms += 999;
    expect((await connections.find(id))?.app_secrets).toEqual(["secret two", "secret one"]);
    now_ms += 1;
    expect((await connections.find(id))?.app_secrets).toEqual(["secret two"]);
    now_ms += 60_000;
    expect((await connections.find(id))?.app_secrets).toEqual(["secret two"]);
    expect(await connections.list(workspace_id)).toMatchObject([{ previous_app_secret_until: null }]);
  });

  test("rotating to the same secret changes nothing, and another workspace's connection can't be rotated", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    await connections.rotateAppSecret(workspace_id, id, "secret one");
    expect((await connections.find(id))?.app_secrets).toEqual(["secret one"]);
    const other = await createTestWorkspace(db);
    await expect(connections.rotateAppSecret(other.workspace_id, id, "theirs")).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await connections.open(other.workspace_id, id)).toBeNull();
  });

  test("answers what it knew while the database is away, and throws for what it never knew", async () => {
    const own = createDatabase({ url: db.url, max: 1 });
    const cut = createConnections({ db: own, box, clock: { now: () => now_ms } });
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const known = await cut.find(id);
    await own.stop();
    now_ms += 60_000;
    expect(await cut.find(id)).toEqual(known);
    await expect(cut.find(newId())).rejects.toThrow("pool");
  });
});

describe("what intake looks up", () => {
  /** The pool as it is, and every statement that went through it. */
  const counted = (pool: Database) => {
    const statements: unknown[] = [];
    const rows: Database["rows"] = (query) => {
      statements.push(query);
      return pool.rows(query);
    };
    return { statements, db: { ...pool, rows } };
  };
  const clock = { now: () => now_ms };

  test("does not wait for the pool that the API's questions fill (M4)", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const full = createDatabase({ url: db.url, max: 1, application_name: "full" });
    const own = createDatabase({ url: db.url, max: 1, application_name: "own" });
    const found = await full.transaction(() =>
      createConnections({ db: full, find_db: own, box, clock }).find(id),
    );
    expect(found).toMatchObject({ id });
    await full.stop();
    await own.stop();
  });

  test("is a few statements, however many ids strangers try at once (M4)", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const { statements, db: find_db } = counted(db);
    const finder = createConnections({ db, find_db, box, clock });
    const found = await Promise.all([
      ...Array.from({ length: 500 }, () => finder.find(newId())),
      finder.find(null),
      finder.find(id.toUpperCase()),
    ]);
    expect(found.map((one) => one?.id ?? null)).toEqual([...Array.from({ length: 500 }, () => null), id, id]);
    expect(statements.length).toBeLessThan(4);
  });

  test("is answered with what was known while the database is slow, and with what is so once it has answered (M4)", async () => {
    const id = await connections.ensureFromEnvironment(workspace_id, given);
    const own = createDatabase({ url: db.url, max: 1, application_name: "own" });
    const finder = createConnections({ db, find_db: own, box, clock });
    expect(await finder.find(id)).toMatchObject({ app_secrets: ["secret one"] });
    await elsewhere.rotateAppSecret(workspace_id, id, "secret two");
    now_ms += 4_000;
    await db.transaction(async (tx) => {
      await tx.run(sql`lock table connections in access exclusive mode`);
      expect(await finder.find(id)).toMatchObject({ app_secrets: ["secret one"] });
    });
    await expect.poll(async () => (await finder.find(id))?.app_secrets[0]).toBe("secret two");
    await own.stop();
  });
});

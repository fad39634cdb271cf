import { expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { readConfig, roles } from "../config.ts";
import { checkConnections, connectionsOfProcess } from "./check-connections.ts";

const env = { META_APP_SECRET: "secret", WHARF_PROCESSES: "2" };

test("a process has as many connections as the manual says", () => {
  const config = readConfig(env);
  expect(connectionsOfProcess(["intake", "api"], config)).toBe(23);
  expect(connectionsOfProcess(["pipeline", "sending", "delivery"], config)).toBe(18);
  expect(connectionsOfProcess([...roles], config)).toBe(30);
});

test("doctor says when this machine may ask for more connections than the database has, and what the pooler lacks", async () => {
  const db = await createTestDatabase();
  const few = await checkConnections(db, readConfig(env));
  expect(few).toMatchObject([{ state: "ok", text: expect.stringContaining("take 43 at most") }]);
  const many = readConfig({ ...env, WHARF_PROCESSES: "64", WHARF_POOL_SIZE: "50" });
  expect(await checkConnections(db, many)).toMatchObject([
    { state: "problem", text: expect.stringContaining("raise max_connections") },
  ]);

  const pooled = readConfig({
    ...env,
    DATABASE_URL: db.url,
    DATABASE_DIRECT_URL: db.url,
    WHARF_MASTER_KEY: Buffer.alloc(32).toString("base64"),
  });
  expect((await checkConnections(db, pooled))[1]).toMatchObject({
    state: "problem",
    text: expect.stringContaining("idle_in_transaction_session_timeout to 10s"),
  });
});

import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createSecretBox, OperatorError, systemClock } from "../base/base.ts";
import { readConfig, type Config } from "../config.ts";
import { createConnections } from "../connections/connections.ts";
import { sql, type Database } from "../db/db.ts";
import { createEndpoints, createGuard } from "../delivery/delivery.ts";
import { checkMasterKeys, missingMasterKeys } from "./master-keys.ts";

const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const given = (...master_keys: Buffer[]): Config => ({ ...readConfig({}), master_keys });
const idOf = (key: Buffer) => createSecretBox([key]).key_id;

let db: Database;
let workspace_id: string;
const endpointsWith = (key: Buffer) =>
  createEndpoints({ db, box: createSecretBox([key]), guard: createGuard() });

beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id } = await createTestWorkspace(db));
});

test("whatever a key is needed for, its absence is found and named, and nothing is missed without a reason", async () => {
  expect(await missingMasterKeys(db, given(first))).toBeNull();
  const endpoints = endpointsWith(first);
  const { id } = await endpoints.create(workspace_id, {
    url: "https://example.com",
    enabled: true,
    events: [],
  });
  expect(await missingMasterKeys(db, given(first))).toBeNull();
  expect(await missingMasterKeys(db, given(second, first))).toBeNull();
  expect(await missingMasterKeys(db, given(second))).toMatch(
    new RegExp(`${idOf(first)}.*${idOf(second)}.*endpoints can't be signed for\\. `),
  );
  await expect(checkMasterKeys(db, given(second))).rejects.toThrow(OperatorError);

  // A prepared secret by one key, headers by another.
  await endpointsWith(second).prepareSecret(workspace_id, id);
  await endpointsWith(third).update(workspace_id, id, { headers: { "X-Team": "a" } });
  expect(await missingMasterKeys(db, given(first, second))).toContain(idOf(third));
  expect(await missingMasterKeys(db, given(first, third))).toContain(idOf(second));
  expect(await missingMasterKeys(db, given(first, second, third))).toBeNull();

  const connections = createConnections({ db, box: createSecretBox([third]), clock: systemClock });
  await db.run(sql`delete from connections`);
  await connections.ensureFromEnvironment(workspace_id, {
    app_secret: "secret",
    verify_token: null,
    access_token: null,
    graph_url: "https://graph.example",
  });
  await endpoints.remove(workspace_id, id);
  expect(await missingMasterKeys(db, given(third))).toBeNull();
  expect(await missingMasterKeys(db, given(first))).toMatch(/: Meta's credentials can't be read\. /);
});

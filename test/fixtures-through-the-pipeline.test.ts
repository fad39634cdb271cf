import { applyAccounts } from "../src/accounts/accounts.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { sql, type Database } from "../src/db/db.ts";
import { applyInbox } from "../src/inbox/inbox.ts";
import { readWebhook } from "../src/meta/meta.ts";
import { applyTemplates } from "../src/templates/templates.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { readInbox } from "./support/inbox.ts";
import { createTestPipeline } from "./support/pipeline.ts";

interface Fixture {
  name: string;
  body: Buffer;
}
interface World {
  workspace_id: string;
  connection_id: string;
}

const dir = join(projectDir, "test/fixtures/meta");
const fixtures: Fixture[] = readdirSync(dir)
  .filter((name) => name.endsWith(".json"))
  .toSorted()
  .map((name) => ({ name, body: readFileSync(join(dir, name)) }));

vi.setConfig({ testTimeout: 120_000 });

let db: Database;
/** Fixtures and the workspace that each is posted to. */
let posts: (Fixture & World)[];
let parts: ReturnType<typeof createTestPipeline>;

beforeAll(async () => {
  db = await createTestDatabase();
  posts = [];
  for (const world of divideIntoWorlds(fixtures)) {
    const workspace = await createTestWorkspace(db);
    posts.push(...world.map((fixture) => ({ ...fixture, ...workspace })));
  }
});
beforeEach(async () => {
  await db.run(sql`truncate journal, journal_queue, journal_outcomes, events, templates, template_events, contacts, contact_identities, identity_links,
    consent_events, conversations, messages, message_statuses, message_amendments, message_reactions, accounts,
    phone_numbers, live_events, live_feeds, delivery_queue, delivery_log cascade`);
  parts = createTestPipeline(db, {
    inbox: applyInbox,
    templates: applyTemplates,
    accounts: applyAccounts,
  });
  // A moment for all runs: an item without a time of its own counts from its arrival.
  parts.clock.now_ms = Date.parse("2026-11-22T12:00:00Z");
});

/**
 * Meta's reference uses one wamid in many examples with different messages under it, which never happens in life.
 * So they are spread over workspaces in such a way that within each a key means one thing.
 */
function divideIntoWorlds(all: readonly Fixture[]): Fixture[][] {
  const worlds: { fixtures: Fixture[]; meanings: Map<string, string> }[] = [];
  for (const fixture of all) {
    const read = readWebhook(fixture.body);
    const meant = read.ok
      ? read.events.map((event): [string, string] => [event.key, JSON.stringify({ ...event, path: null })])
      : [];
    let world = worlds.find(({ meanings }) =>
      meant.every(([key, meaning]) => (meanings.get(key) ?? meaning) === meaning),
    );
    if (!world) worlds.push((world = { fixtures: [], meanings: new Map() }));
    world.fixtures.push(fixture);
    for (const [key, meaning] of meant) world.meanings.set(key, meaning);
  }
  return worlds.map((world) => world.fixtures);
}

/** Every row that has a meaning; not when and with what it arrived. */
async function dump(): Promise<Record<string, string>> {
  const rows: Record<string, Record<string, unknown[]>> = {};
  for (const { workspace_id } of new Map(posts.map((post) => [post.workspace_id, post])).values()) {
    const mine = sql`workspace_id = ${workspace_id}`;
    rows[workspace_id] = {
      ...(await readInbox(db, workspace_id)),
      events: await db.rows(
        sql`select id, key, kind, occurred_at, outcome, reason from events where ${mine} order by id`,
      ),
      templates: await db.rows(
        sql`select to_jsonb(templates) - '{created_at,updated_at}'::text[] as row from templates where ${mine} order by id`,
      ),
      template_events: await db.rows(sql`select * from template_events where ${mine} order by id`),
      accounts: await db.rows(sql`select id, waba_id from accounts where ${mine} order by id`),
      phone_numbers: await db.rows(
        sql`select id, phone_number_id from phone_numbers where ${mine} order by id`,
      ),
    };
  }
  return Object.fromEntries(
    Object.entries(rows).flatMap(([world, tables]) =>
      Object.entries(tables).map(([table, all]) => [
        `${world} ${table}`,
        all.map((row) => JSON.stringify(row)).join("\n"),
      ]),
    ),
  );
}

async function post(batch: readonly (Fixture & World)[]): Promise<string[]> {
  const received_at_ms = parts.clock.now_ms;
  const ids = await parts.journal.append(
    batch.map(({ connection_id, body }) => ({ connection_id, body, received_at_ms })),
  );
  await parts.pipeline.drain();
  return ids;
}

function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** In batches of 1 to 40. */
async function postInBatches(
  all: readonly (Fixture & World)[],
  pick: (below: number) => number,
): Promise<void> {
  for (let at = 0; at < all.length;) {
    const size = 1 + pick(40);
    await post(all.slice(at, at + size));
    at += size;
  }
}

function shuffle<Item>(items: readonly Item[], pick: (below: number) => number): Item[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = pick(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

test("each fixture posted once: none dead or waiting but the malformed, and these say why", async () => {
  const ids = await post(posts);
  const rows = new Map((await parts.rows()).map((row) => [row.id, row]));
  const ended = posts.map(({ name }, i) => ({ name, ...rows.get(ids[i]!)! }));
  const [malformed, sound] = [true, false].map((is) =>
    ended.filter(({ name }) => name.startsWith("malformed.") === is),
  ) as [typeof ended, typeof ended];
  expect(malformed.filter(({ state, error }) => state === "pending" || error === null)).toEqual([]);
  expect(sound.filter(({ state, attempts }) => state !== "done" || attempts !== 1)).toEqual([]);
  expect([malformed.length, sound.length]).toEqual([12, fixtures.length - 12]);
  expect(await db.rows(sql`select key, reason from events where outcome = 'failed'`)).toEqual([]);
});

test("posted again, in reverse and in random batches, they change no row", async () => {
  await post(posts);
  const first = await dump();
  const pick = chance(7);
  for (const again of [posts, posts.toReversed(), shuffle(posts, pick)]) {
    await postInBatches(again, pick);
    expect(await dump()).toEqual(first);
  }
});

test.each([
  ["in reverse", (all: readonly (Fixture & World)[]) => all.toReversed()],
  ["shuffled, with repeats", (all: readonly (Fixture & World)[]) => shuffle([...all, ...all], chance(2))],
])("posted %s into an empty database, in random batches, they leave the same rows", async (_, arrange) => {
  await post(posts);
  const first = await dump();
  await db.run(sql`truncate journal, events, templates, template_events, contacts, contact_identities, identity_links,
    consent_events, conversations, messages, message_statuses, message_amendments, message_reactions, accounts,
    phone_numbers cascade`);
  await postInBatches(arrange(posts), chance(3));
  expect(await dump()).toEqual(first);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { projectDir, systemClock } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { createApply } from "../sending/sending.ts";
import { applyTemplates } from "../templates/templates.ts";

let db: Database;
let connection_id: string;
let parts: ReturnType<typeof createTestPipeline>;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  ({ connection_id } = await createTestWorkspace(db));
  const apply = {
    inbox: applyInbox,
    templates: applyTemplates,
    sending: createApply({ clock: systemClock }),
  };
  parts = createTestPipeline(db, apply);
});

interface Change {
  field: string;
  value: Record<string, unknown>;
}
const dir = join(projectDir, "test/fixtures/meta");
/** Every change of the fixtures: what may stand in one. */
const changes = readdirSync(dir)
  .filter((name) => name.endsWith(".json") && !name.includes("1000"))
  .flatMap((name): Change[] => {
    try {
      const body = JSON.parse(readFileSync(join(dir, name), "utf8")) as { entry?: { changes?: Change[] }[] };
      return (body.entry ?? []).flatMap((entry) => entry.changes ?? []);
    } catch {
      return [];
    }
  })
  .filter((change) => typeof change?.value === "object" && change.value !== null);

/** Texts of JSON: what a parser of ours, a number, a time or a column may not expect. */
const odd = fc.oneof(
  fc.constantFrom(
    '"9999999999"',
    "9999999999",
    '"9949999999999"',
    "99999999999999",
    '"253402300800"',
    "-1",
    "0",
    '"0"',
    "1.5",
    "1e308",
    "1e999",
    "-0",
    "9".repeat(30),
    `"${"9".repeat(400)}"`,
    "2147483648",
    '"2147483648"',
    "9007199254740993",
    "true",
    "null",
    "[]",
    "{}",
    '""',
    '" "',
    '"\\u0000"',
    '"\\ud83d"',
    '"__proto__"',
    '{"__proto__":1}',
    `"${"x".repeat(70_000)}"`,
    "[[[[[[{}]]]]]]",
    '[null,1,"a",{}]',
  ),
  fc.json({ maxDepth: 2 }),
);

/** Where in a value something can be replaced. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** The change's JSON with `text` at that place. */
function withText(change: Change, path: string[], text: string): string {
  const mark = "\u2603here\u2603";
  const copy = structuredClone(change);
  let at: Record<string, unknown> = copy.value;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[path.at(-1)!] = mark;
  return JSON.stringify(copy).replace(`"${mark}"`, () => text);
}

const oddChange = fc
  .tuple(fc.constantFrom(...changes), fc.nat(), odd)
  .filter(([change]) => placesIn(change.value).length > 0)
  .map(([change, pick, text]) => {
    const places = placesIn(change.value);
    return withText(change, places[pick % places.length]!, text);
  });

const goodChange = (i: number) =>
  JSON.stringify({
    field: "messages",
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
      contacts: [{ profile: { name: "Eve" }, wa_id: "16505551234" }],
      messages: [
        {
          from: "16505551234",
          id: `wamid.GOOD${i}`,
          timestamp: "1795999000",
          type: "text",
          text: { body: "hi" },
        },
      ],
    },
  });

test("any odd value in one item harms only itself: its neighbours in the same webhook take effect (M5)", async () => {
  const seed = Number(process.env["ODD_SEED"] ?? 20_261_130);
  const samples = fc.sample(oddChange, { numRuns: 400, seed });
  samples.push(
    withText(JSON.parse(goodChange(-1)) as Change, ["messages", "0", "timestamp"], '"9999999999"'),
  );
  await parts.post(
    connection_id,
    ...samples.map(
      (sample, i) =>
        `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","time":1795999000,"changes":[${sample},${goodChange(i)}]}]}`,
    ),
  );
  await parts.pipeline.drain();
  const found = await db.rows<{ wamid: string }>(
    sql`select wamid from messages where wamid like 'wamid.GOOD%'`,
  );
  const there = new Set(found.map(({ wamid }) => wamid));
  expect(samples.filter((_, i) => !there.has(`wamid.GOOD${i}`)).map((text) => text.slice(0, 500))).toEqual(
    [],
  );
  // What failed is one item, and says why.
  const states = await parts.rows();
  const wrong = states.filter(
    ({ state, error }) => state !== "done" && !/^\d+ of \d+ items failed/.test(error ?? ""),
  );
  expect(wrong.map(({ state, error }) => [state, error])).toEqual([]);
}, 120_000);

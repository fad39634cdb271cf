import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readMigrations, Sql, sql, type Database } from "../db/db.ts";
import type { EventData, TemplateRef } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { makeRoomForEvents } from "../../test/support/events.ts";
import { templateEvent } from "../../test/support/template-events.ts";
import { applyTemplates, getTemplate } from "./templates.ts";

let db: Database;
let workspace_id: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  ({ workspace_id } = await createTestWorkspace(db));
});

type Said = { at?: number; waba_id?: string | null; ref?: Partial<TemplateRef> };
const ref = (said: Said): TemplateRef => ({
  template_id: "12345678901234567890",
  name: "offer",
  language: "en_US",
  ...said.ref,
});

const event = (data: EventData, { at = 0, waba_id = "1" }: Said) =>
  templateEvent(workspace_id, data, at, waba_id);
const status = (name: string, said: Said & Partial<Extract<EventData, { kind: "template_status" }>> = {}) =>
  event(
    {
      kind: "template_status",
      template: ref(said),
      event: name,
      reason: said.reason ?? null,
      reason_details: said.reason_details ?? null,
      recommendation: said.recommendation ?? null,
      pause: said.pause ?? null,
      disable_date: said.disable_date ?? null,
      category: said.category ?? null,
    },
    said,
  );
const quality = (value: string, said: Said = {}) =>
  event({ kind: "template_quality", template: ref(said), previous: null, quality: value }, said);
const category = (said: Said & { category: string | null; previous?: string; correct_category?: string }) =>
  event(
    {
      kind: "template_category",
      template: ref(said),
      category: said.category,
      previous: said.previous ?? null,
      correct_category: said.correct_category ?? null,
    },
    said,
  );
const components = (value: Record<string, unknown>, said: Said = {}) =>
  event({ kind: "template_components", template: ref(said), components: value }, said);

const apply = (...events: RoutedEvent[]) => db.transaction((tx) => applyTemplates(tx, events));
const template = () =>
  db.first<Record<string, unknown>>(sql`select * from templates where workspace_id = ${workspace_id}`);

async function dump(): Promise<unknown> {
  const templates = await db.rows(sql`
    select template_id, waba_id, name, language, category, category_at, correct_category, status, status_at, reason, reason_details,
      recommendation,
      pause_title, pause_description, disable_date, quality, quality_at, components, components_at
    from templates where workspace_id = ${workspace_id} order by template_id`);
  const history = await db.rows(sql`
    select template_id, subject, value, detail, occurred_at from template_events
    where workspace_id = ${workspace_id} order by template_id, occurred_at, subject, value, detail::text`);
  return { templates, history };
}

test.each([
  ["APPROVED", "APPROVED"],
  ["FLAGGED", "APPROVED"],
  ["REINSTATED", "APPROVED"],
  ["REJECTED", "REJECTED"],
  ["PAUSED", "PAUSED"],
  ["DISABLED", "DISABLED"],
  ["PENDING", "PENDING"],
  ["IN_APPEAL", "IN_APPEAL"],
  ["LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
  ["LOCKED", "LOCKED"],
  ["ARCHIVED", "ARCHIVED"],
  ["PENDING_DELETION", "PENDING_DELETION"],
  ["DELETED", "DELETED"],
  ["UNARCHIVED", "APPROVED"],
  ["UNLOCKED", "APPROVED"],
])(
  "the event %s, the first that we hear of a template, makes a stub with status %s",
  async (name, expected) => {
    const applied = await apply(status(name));
    const row = await template();
    expect(row).toMatchObject({
      status: expected,
      name: "offer",
      language: "en_US",
      waba_id: "1",
      components: null,
    });
    const told = { workspace_id, name: "TemplateStatusChanged", data: { template_id: row!["id"] } };
    expect(applied.ignored).toEqual([]);
    expect(applied.changes[0]).toEqual(told);
    // What can't be sent any more is a notice, too.
    expect(applied.changes.slice(1).map(({ name }) => name)).toEqual(
      ["REJECTED", "PAUSED", "DISABLED", "LIMIT_EXCEEDED", "LOCKED"].includes(expected)
        ? ["NoticeUpdated"]
        : [],
    );
  },
);

test("an event that we don't know goes into the history and changes no status", async () => {
  await apply(status("PAUSED"));
  const odd = status("TELEPORTED", { at: 5, reason: "odd" });
  const applied = await apply(odd);
  expect(await template()).toMatchObject({ status: "PAUSED", reason: null });
  expect(applied).toEqual({
    changes: [],
    ignored: [{ id: odd.id, reason: "The template event TELEPORTED changes no status." }],
  });
  const history = await db.rows(
    sql`select subject, value, detail->>'reason' as reason from template_events where workspace_id = ${workspace_id} order by occurred_at`,
  );
  expect(history).toEqual([
    { subject: "status", value: "PAUSED", reason: null },
    { subject: "status", value: "TELEPORTED", reason: "odd" },
  ]);
});

test("UNARCHIVED and UNLOCKED go back to the status before, also when that is heard of last", async () => {
  await apply(status("UNARCHIVED", { at: 9 }));
  await apply(status("ARCHIVED", { at: 8 }));
  expect(await template()).toMatchObject({ status: "APPROVED" });
  await apply(status("PAUSED", { at: 7 }));
  expect(await template()).toMatchObject({ status: "PAUSED" });
  await apply(status("LOCKED", { at: 10 }), status("UNLOCKED", { at: 11 }));
  expect(await template()).toMatchObject({ status: "PAUSED" });
});

test("the newest event by Meta's clock decides; what an older one said about reasons is gone with it", async () => {
  await apply(
    status("REJECTED", {
      at: 1,
      reason: "INVALID_FORMAT",
      reason_details: "The header has no sample.",
      recommendation: "Add a sample.",
      disable_date: "May 1",
    }),
  );
  expect(await template()).toMatchObject({
    status: "REJECTED",
    reason: "INVALID_FORMAT",
    reason_details: "The header has no sample.",
    recommendation: "Add a sample.",
    disable_date: "May 1",
  });
  await apply(status("PAUSED", { at: 3, pause: { title: "FIRST_PAUSE", description: "Three hours" } }));
  await apply(status("APPROVED", { at: 2 }));
  expect(await template()).toMatchObject({
    status: "PAUSED",
    reason: null,
    reason_details: null,
    recommendation: null,
    disable_date: null,
    pause_title: "FIRST_PAUSE",
    pause_description: "Three hours",
  });
});

test("a rejection shows why, as a word and in sentences, and what to do, through the API too (F22)", async () => {
  await apply(
    status("REJECTED", {
      reason: "INVALID_FORMAT",
      reason_details: "Too many variables",
      recommendation: "Use fewer",
    }),
  );
  const { id } = (await template()) as { id: string };
  const told = {
    reason: "INVALID_FORMAT",
    reason_details: "Too many variables",
    recommendation: "Use fewer",
  };
  const shown = await getTemplate(db, workspace_id, id);
  expect(shown).toMatchObject(told);
  expect(shown.history[0]!.detail).toMatchObject(told);
});

test("rejections from before get their sentences from the events that told them (F22)", async () => {
  const rejected = status("REJECTED", { at: 5, reason: "INVALID_FORMAT", recommendation: "Use fewer" });
  await apply(status("REJECTED", { at: 1 }), rejected);
  // Events had their items then.
  await makeRoomForEvents(db);
  await db.run(sql`alter table events add column payload jsonb`);
  await db.run(sql`
    insert into events (workspace_id, id, key, kind, journal_id, payload)
    values (${workspace_id}, ${rejected.id}, 'k', 'template_status', ${rejected.journal_id},
      '{"rejection_info": {"reason": "Too many variables", "recommendation": "Use fewer"}}')`);
  await db.run(sql`alter table templates drop column reason_details`);
  const migration = (await readMigrations()).find(({ name }) => name.endsWith("_rejection_details.sql"))!;
  await db.transaction((tx) => tx.run(new Sql([migration.text], [])));
  expect(await template()).toMatchObject({ reason_details: "Too many variables" });
  await apply(status("IN_APPEAL", { at: 2 }));
  expect(await template()).toMatchObject({ status: "REJECTED", reason_details: "Too many variables" });
});

test("of two events in one second the one that forbids more counts", async () => {
  await apply(status("REJECTED"), status("PENDING"));
  expect(await template()).toMatchObject({ status: "REJECTED" });
  await apply(status("APPROVED", { at: 1 }));
  await apply(status("PENDING", { at: 1 }));
  expect(await template()).toMatchObject({ status: "APPROVED" });
});

describe("category", () => {
  test("one that is announced for later is kept beside the present one, until it is done", async () => {
    await apply(category({ category: "UTILITY", correct_category: "MARKETING" }));
    expect(await template()).toMatchObject({ category: "UTILITY", correct_category: "MARKETING" });
    await apply(category({ at: 1, category: "MARKETING", previous: "UTILITY" }));
    expect(await template()).toMatchObject({ category: "MARKETING", correct_category: null });
  });
  test("a status event that already names the announced category ends the announcement", async () => {
    await apply(category({ category: "UTILITY", correct_category: "MARKETING" }));
    await apply(status("APPROVED", { at: 1, category: "MARKETING" }));
    expect(await template()).toMatchObject({ category: "MARKETING", correct_category: null });
  });
});

test("name and language are filled when they are heard of, and never erased", async () => {
  await apply(quality("GREEN", { at: 9, waba_id: null, ref: { name: null, language: null } }));
  expect(await template()).toMatchObject({
    name: null,
    language: null,
    waba_id: "",
    quality: "GREEN",
    status: "UNKNOWN",
  });
  await apply(status("APPROVED", { at: 1 }));
  expect(await template()).toMatchObject({
    name: "offer",
    language: "en_US",
    waba_id: "1",
    quality: "GREEN",
  });
});

test("components are kept as the newest event gives them", async () => {
  await apply(components({ element: "new" }, { at: 2 }));
  await apply(components({ element: "old" }, { at: 1 }));
  expect(await template()).toMatchObject({ components: { element: "new" } });
});

test("what changes nothing that is shown is no change for the pages", async () => {
  await apply(status("APPROVED", { at: 2 }));
  expect((await apply(status("PENDING", { at: 1 }))).changes).toEqual([]);
  expect(await apply()).toEqual({ changes: [], ignored: [] });
});

test("two transactions that each bring news of one template both count", async () => {
  await Promise.all([1, 2, 3, 4].map((at) => apply(status("PAUSED", { at }), quality("RED", { at }))));
  expect(await template()).toMatchObject({
    status: "PAUSED",
    status_at: status("", { at: 4 }).occurred_at,
    quality: "RED",
  });
});

test("any permutation with repeats and re-batching gives the same templates", async () => {
  const said = fc.record({
    at: fc.integer({ min: 0, max: 6 }),
    waba_id: fc.constantFrom("1", "2", null),
    ref: fc.record({
      template_id: fc.constantFrom("1", "2"),
      name: fc.constantFrom("offer", "renamed", null),
      language: fc.constantFrom("en_US", null),
    }),
  });
  const categories = fc.constantFrom("UTILITY", "MARKETING", null);
  const one = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          "APPROVED",
          "PENDING",
          "PAUSED",
          "ARCHIVED",
          "UNARCHIVED",
          "LOCKED",
          "UNLOCKED",
          "FLAGGED",
          "DELETED",
          "ODD",
        ),
        said,
        categories,
        fc.constantFrom("SCAM", null),
      )
      .map(
        ([name, said, category, reason]) =>
          () =>
            status(name, { ...said, category, reason, reason_details: reason && `${reason} ${said.at}` }),
      ),
    fc.tuple(fc.constantFrom("GREEN", "RED"), said).map(
      ([value, said]) =>
        () =>
          quality(value, said),
    ),
    fc.tuple(said, categories, categories).map(
      ([said, now, later]) =>
        () =>
          category({ ...said, category: now, ...(later ? { correct_category: later } : {}) }),
    ),
    fc.tuple(said, fc.integer({ min: 0, max: 2 })).map(
      ([said, n]) =>
        () =>
          components({ n }, said),
    ),
  );
  const stream = fc.array(one, { minLength: 1, maxLength: 12 }).chain((makers) =>
    fc.tuple(
      fc.constant(makers),
      fc.array(fc.integer({ min: 0, max: makers.length - 1 }), { maxLength: 8 }),
      fc.shuffledSubarray(
        makers.map((_, i) => i),
        { minLength: makers.length },
      ),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(stream, async ([makers, repeats, order, sizes]) => {
      const results: unknown[] = [];
      for (const sequence of [makers.map((_, i) => i), [...order, ...repeats]]) {
        // The same workspace: its id is part of the events' ids, which break ties.
        await db.run(sql`delete from templates where workspace_id = ${workspace_id}`);
        await db.run(sql`delete from template_events where workspace_id = ${workspace_id}`);
        for (let at = 0, turn = 0; at < sequence.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          const batch = new Map(sequence.slice(at, at + size).map((i) => [makers[i]!().id, makers[i]!()]));
          at += size;
          await apply(...batch.values());
        }
        results.push(await dump());
      }
      expect(results[1]).toEqual(results[0]);
    }),
    { numRuns: 60 },
  );
});

import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql, type Database } from "../db/db.ts";
import type { EventData } from "../meta/events.ts";
import type { GraphTemplate } from "../meta/meta.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { templateEvent, timeAt } from "../../test/support/template-events.ts";
import { takeEnd, takePage } from "./listing.ts";
import { applyTemplates, getTemplate } from "./templates.ts";

const waba_id = "102290129340398";
const HOUR = 3_600;
const DAY = 24 * HOUR;
let db: Database;
let workspace_id: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  ({ workspace_id } = await createTestWorkspace(db));
  await forget();
});

async function forget(): Promise<void> {
  for (const table of [sql`templates`, sql`template_events`, sql`template_syncs`])
    await db.run(sql`delete from ${table} where workspace_id = ${workspace_id}`);
  await db.run(sql`
    insert into template_syncs (workspace_id, waba_id, next_at) values (${workspace_id}, ${waba_id}, now())`);
}

interface Told {
  at: number;
  id?: string;
  named?: boolean;
}
const event = (data: EventData, at: number) => templateEvent(workspace_id, data, at, waba_id);
const ref = ({ id = "1", named = true }: Told) => ({
  template_id: id,
  name: named ? `t${id}` : null,
  language: "en_US",
});
const status = (
  name: string,
  told: Told & { reason?: string | null; category?: string | null; pause?: string | null },
) =>
  event(
    {
      kind: "template_status",
      template: ref(told),
      event: name,
      reason: told.reason ?? null,
      reason_details: null,
      recommendation: null,
      pause: told.pause ? { title: told.pause, description: null } : null,
      disable_date: null,
      category: told.category ?? null,
    },
    told.at,
  );
const quality = (value: string, told: Told) =>
  event({ kind: "template_quality", template: ref(told), previous: null, quality: value }, told.at);
const flat = (body: string, told: Told) =>
  event(
    {
      kind: "template_components",
      template: ref(told),
      components: { message_template_element: body },
    },
    told.at,
  );
const announced = (category: string, later: string, told: Told) =>
  event(
    { kind: "template_category", template: ref(told), category, previous: null, correct_category: later },
    told.at,
  );

const listed = (said: Partial<GraphTemplate> & { body?: string } = {}): GraphTemplate => {
  const { body = "Hello", ...rest } = said;
  return {
    id: "1",
    name: `t${rest.id ?? "1"}`,
    language: "en_US",
    status: "APPROVED",
    category: "UTILITY",
    parameter_format: "POSITIONAL",
    components: [{ type: "BODY", text: body }],
    rejected_reason: null,
    quality_score: null,
    ...rest,
  };
};
interface Reading {
  at: number;
  /** Each a second after the one before. */
  pages: GraphTemplate[][];
  /** False: a page after these could not be had. */
  whole?: boolean;
}

const account = () => ({ workspace_id, waba_id });
const apply = (...events: RoutedEvent[]) => db.transaction((tx) => applyTemplates(tx, events));
async function read({ at, pages, whole = true }: Reading): Promise<string[]> {
  const sync = await db.first<{ read_at: Date | null }>(
    sql`select read_at from template_syncs where workspace_id = ${workspace_id}`,
  );
  const told: string[] = [];
  const note = (changes: { name: string }[]) => told.push(...changes.map(({ name }) => name));
  for (const [index, page] of pages.entries())
    await db.transaction(async (tx) => {
      note(await takePage(tx, account(), page, { at: timeAt(at + index), read_at: sync!.read_at }));
    });
  const ids = new Set(pages.flat().map(({ id }) => id));
  if (whole)
    await db.transaction(async (tx) => void note(await takeEnd(tx, account(), { ids, read_at: timeAt(at) })));
  return told;
}
const list = (at: number, ...page: GraphTemplate[]) => read({ at, pages: [page] });
const template = (id = "1") =>
  db.first<Record<string, unknown>>(
    sql`select * from templates where workspace_id = ${workspace_id} and template_id = ${id}`,
  );
const rows = () =>
  db.rows<{ subject: string; value: string | null }>(sql`
    select subject, value from template_events where workspace_id = ${workspace_id} order by occurred_at, id`);

/** Newest first. */
async function shownHistory(): Promise<string[]> {
  const { history } = await getTemplate(db, workspace_id, (await template())!["id"] as string);
  return history.map(({ subject, value }) => `${subject} ${value}`);
}

describe("a template that the list names", () => {
  test("is as the list says; no one has said since when", async () => {
    expect(await list(5, listed({ id: "12345678901234567890", quality_score: "GREEN" }))).toEqual([
      "TemplateStatusChanged",
    ]);
    expect(await template("12345678901234567890")).toMatchObject({
      name: "t12345678901234567890",
      language: "en_US",
      waba_id,
      status: "APPROVED",
      status_at: null,
      category: "UTILITY",
      quality: "GREEN",
      components: { parameter_format: "POSITIONAL", components: [{ type: "BODY", text: "Hello" }] },
    });
  });

  test("and is named again as it was adds nothing, tells no one, and changes no row", async () => {
    await list(5, listed());
    const before = await template();
    for (const hour of [1, 2, 3]) expect(await list(hour * HOUR, listed())).toEqual([]);
    expect(await rows()).toEqual([{ subject: "listed", value: "APPROVED" }]);
    expect(await template()).toEqual(before);
  });

  test("may have examples that Meta signs anew each time", async () => {
    const signed = (hash: string) =>
      listed({
        components: [
          {
            type: "HEADER",
            format: "IMAGE",
            example: { header_handle: [`https://scontent.invalid/?oh=${hash}`] },
          },
          { type: "BODY", text: "Hello" },
        ],
      });
    await list(5, signed("a"));
    expect(await list(HOUR, signed("b"))).toEqual([]);
    expect(await rows()).toHaveLength(1);
  });

  test("keeps what only webhooks tell for as long as the list says the same, and no longer", async () => {
    await apply(status("PAUSED", { at: 5, pause: "FIRST_PAUSE" }));
    await list(10, listed({ status: "PAUSED" }));
    expect(await template()).toMatchObject({
      status: "PAUSED",
      status_at: timeAt(5),
      pause_title: "FIRST_PAUSE",
    });
    await list(HOUR, listed({ status: "REJECTED", rejected_reason: "SCAM" }));
    expect(await template()).toMatchObject({
      status: "REJECTED",
      status_at: timeAt(HOUR),
      pause_title: null,
      reason: "SCAM",
    });
  });

  test("has the category that was announced, once the list says so", async () => {
    await apply(announced("UTILITY", "MARKETING", { at: 5 }));
    await list(10, listed());
    expect(await template()).toMatchObject({ category: "UTILITY", correct_category: "MARKETING" });
    await list(DAY, listed({ category: "MARKETING" }));
    expect(await template()).toMatchObject({ category: "MARKETING", correct_category: null });
  });
});

describe("of the list and a webhook the newer counts", () => {
  // The list is asked for at 0 and its answer is there at 10.
  test.each(["before", "after"])(
    "a webhook of 5 that is applied %s the list's answer stands against it",
    async (order) => {
      if (order === "before") await apply(status("REJECTED", { at: 5 }));
      await list(0, listed());
      if (order === "after") await apply(status("REJECTED", { at: 5 }));
      expect(await template()).toMatchObject({ status: "REJECTED", status_at: timeAt(5) });
    },
  );

  test("one that is late does not undo what the list has said since", async () => {
    await list(10, listed({ status: "REJECTED" }));
    await apply(status("APPROVED", { at: 5 }));
    expect(await template()).toMatchObject({ status: "REJECTED", status_at: timeAt(10) });
    await list(20, listed({ status: "REJECTED" }));
    await apply(status("PAUSED", { at: 15 }));
    expect(await template()).toMatchObject({ status: "REJECTED", status_at: timeAt(15) });
  });

  test("in one second the webhook's: it may have happened after the request began", async () => {
    await list(5, listed());
    await apply(status("PAUSED", { at: 5 }));
    expect(await template()).toMatchObject({ status: "PAUSED" });
  });

  test("and components are those of whichever is newer, in its own form", async () => {
    await apply(flat("New", { at: 20 }));
    await list(10, listed({ body: "Old" }));
    expect(await template()).toMatchObject({
      components: { message_template_element: "New" },
      components_at: timeAt(20),
    });
    await list(30, listed({ body: "New" }));
    expect(await template()).toMatchObject({
      components: { components: [{ type: "BODY", text: "New" }] },
      // It said so already.
      components_at: timeAt(20),
    });
    await list(40, listed({ body: "Newest" }));
    expect(await template()).toMatchObject({ components_at: timeAt(40) });
  });
});

describe("a template that a whole list no longer names", () => {
  test("was deleted, and its history says how that is known", async () => {
    await list(0, listed(), listed({ id: "2" }));
    expect(await list(HOUR, listed({ id: "2" }))).toEqual(["TemplateStatusChanged"]);
    expect(await template()).toMatchObject({ status: "DELETED", status_at: timeAt(0), reason: null });
    expect(await template("2")).toMatchObject({ status: "APPROVED" });
    expect(await list(2 * HOUR, listed({ id: "2" }))).toEqual([]);
    expect(await shownHistory()).toEqual(["unlisted null", "listed APPROVED"]);
  });

  test("only if the list was read to its end", async () => {
    await list(0, listed(), listed({ id: "2" }));
    await read({ at: HOUR, pages: [[listed({ id: "2" })]], whole: false });
    expect(await template()).toMatchObject({ status: "APPROVED" });
  });

  test("not if a webhook has told of it since the request began", async () => {
    await list(0, listed());
    await apply(quality("RED", { at: HOUR + 5 }));
    await list(HOUR);
    expect(await template()).toMatchObject({ status: "APPROVED", quality: "RED" });
    await list(2 * HOUR);
    expect(await template()).toMatchObject({ status: "DELETED" });
  });

  test("not while it is so new that the list may lag behind its webhook", async () => {
    await apply(status("APPROVED", { at: 0 }));
    await list(60);
    expect(await template()).toMatchObject({ status: "APPROVED" });
    await list(HOUR);
    expect(await template()).toMatchObject({ status: "DELETED" });
  });

  test("also when its webhook comes after the list", async () => {
    await list(HOUR);
    await apply(status("APPROVED", { at: 0 }));
    expect(await template()).toMatchObject({ status: "DELETED", status_at: timeAt(0) });
  });

  test("unless it is archived: Meta keeps it for 28 days", async () => {
    await apply(status("ARCHIVED", { at: 0 }));
    await list(27 * DAY);
    expect(await template()).toMatchObject({ status: "ARCHIVED" });
    await list(29 * DAY);
    expect(await template()).toMatchObject({ status: "DELETED" });
  });

  test("keeps what Meta's own word of its end was", async () => {
    await apply(status("DELETED", { at: 5, reason: "SCAM" }));
    await list(HOUR);
    expect(await template()).toMatchObject({ status: "DELETED", status_at: timeAt(5), reason: "SCAM" });
  });

  test("and then names it again is there again", async () => {
    await list(0, listed());
    await list(HOUR);
    await list(2 * HOUR, listed());
    expect(await template()).toMatchObject({ status: "APPROVED" });
    expect(await shownHistory()).toEqual(["listed APPROVED", "unlisted null", "listed APPROVED"]);
  });
});

test("the history shows of the list only what was new", async () => {
  await apply(status("APPROVED", { at: 0 }));
  await list(10, listed());
  await apply(status("PAUSED", { at: 20 }));
  await list(30, listed({ status: "PAUSED" }));
  await list(40, listed({ status: "DISABLED" }));
  expect(await shownHistory()).toEqual([
    "listed DISABLED",
    "status PAUSED",
    "listed APPROVED",
    "status APPROVED",
  ]);
});

test("webhooks in any order, repeated and re-batched between the readings of lists give what they give in the order of time", async () => {
  const at = fc.integer({ min: 0, max: 12 }).map((step) => step * 400);
  const id = fc.constantFrom("1", "2");
  const told = fc.record({ at, id, named: fc.boolean() });
  const events = [
    "APPROVED",
    "PENDING",
    "PAUSED",
    "ARCHIVED",
    "UNARCHIVED",
    "LOCKED",
    "UNLOCKED",
    "REJECTED",
    "DELETED",
    "ODD",
  ];
  const categories = fc.constantFrom("UTILITY", "MARKETING", null);
  const webhook = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...events),
        told,
        categories,
        fc.constantFrom("SCAM", null),
        fc.constantFrom("P", null),
      )
      .map(
        ([name, about, category, reason, pause]) =>
          () =>
            status(name, { ...about, category, reason, pause }),
      ),
    fc.tuple(fc.constantFrom("GREEN", "RED"), told).map(
      ([value, about]) =>
        () =>
          quality(value, about),
    ),
    fc.tuple(fc.constantFrom("A", "B"), told).map(
      ([body, about]) =>
        () =>
          flat(body, about),
    ),
    told.map((about) => () => announced("UTILITY", "MARKETING", about)),
  );
  // Few, so that lists often say what they said before.
  const entry = fc.record({
    id,
    said: fc.constantFrom<Parameters<typeof listed>[0]>(
      { body: "A" },
      { body: "A", status: "PAUSED", quality_score: "GREEN" },
      { body: "B", status: "REJECTED", rejected_reason: "SCAM", category: "MARKETING" },
      { body: "A", status: "ARCHIVED", category: null },
    ),
  });
  const reading = fc.record({
    at: at.map((step) => step + 100),
    pages: fc.array(fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 2 }), {
      minLength: 1,
      maxLength: 2,
    }),
    whole: fc.boolean(),
  });
  const scene = fc
    .record({
      webhooks: fc.array(webhook, { minLength: 1, maxLength: 10 }),
      readings: fc.uniqueArray(reading, { selector: ({ at }) => at, minLength: 1, maxLength: 5 }),
    })
    .chain(({ webhooks, readings }) =>
      fc.record({
        webhooks: fc.constant(webhooks),
        readings: fc.constant(readings.toSorted((a, b) => a.at - b.at)),
        order: fc.shuffledSubarray(
          webhooks.map((_, i) => i),
          { minLength: webhooks.length },
        ),
        repeats: fc.array(fc.nat(webhooks.length - 1), { maxLength: 6 }),
        // Behind how many webhooks each reading is applied.
        places: fc.array(fc.nat(16), { minLength: readings.length, maxLength: readings.length }),
        sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      }),
    );
  const state = () =>
    db.rows<Record<string, unknown>>(sql`
      select template_id, waba_id, name, language, category, category_at, correct_category, status, status_at, reason,
        pause_title, quality, quality_at, components, components_at
      from templates where workspace_id = ${workspace_id} order by template_id`);

  /** The status by the plainest reading of all that was said: the newest counts. Null: not that simple. */
  const plainStatus = (told: RoutedEvent[], readings: Reading[], template_id: string): string | null => {
    const heard = told.filter(({ event }) => {
      return "template" in event.data && event.data.template.template_id === template_id;
    });
    const words = heard.map(({ occurred_at, event: { data } }) => ({
      at: occurred_at.getTime(),
      value: data.kind === "template_status" && data.event !== "ODD" ? data.event : null,
    }));
    for (const { at, pages } of readings)
      for (const [index, page] of pages.entries())
        for (const said of page)
          if (said.id === template_id) words.push({ at: timeAt(at + index).getTime(), value: said.status });
    words.sort((a, b) => a.at - b.at);
    const whole = readings.findLast((reading) => reading.whole);
    const newest = words.at(-1);
    if (!newest) return null;
    const said = words.findLast(({ value }) => value !== null);
    const contested = words.filter(({ at, value }) => value !== null && at === said?.at);
    const value = said === undefined ? "UNKNOWN" : said.value;
    if (contested.length > 1 || value === "UNARCHIVED" || value === "UNLOCKED") return null;
    const listed_ms = whole && timeAt(whole.at).getTime();
    if (listed_ms === undefined || newest.at >= listed_ms) return value;
    if (value === "ARCHIVED") return null;
    return listed_ms - words[0]!.at >= 600_000 ? "DELETED" : value;
  };

  await fc.assert(
    fc.asyncProperty(scene, async ({ webhooks, readings, order, repeats, places, sizes }) => {
      const said = readings.map(({ pages, ...rest }) => ({
        ...rest,
        pages: pages.map((page) => page.map(({ id, said }) => listed({ id, ...said }))),
      }));
      const lists = said.map((reading) => () => read(reading));
      await forget();
      const inTime = [
        ...webhooks.map((make) => ({ at: make().occurred_at.getTime(), go: () => apply(make()) })),
        ...lists.map((go, i) => ({ at: timeAt(readings[i]!.at).getTime(), go })),
      ].toSorted((a, b) => a.at - b.at);
      for (const { go } of inTime) await go();
      const expected = await state();
      for (const row of expected) {
        const plain = plainStatus(
          webhooks.map((make) => make()),
          said,
          String(row["template_id"]),
        );
        expect(row["status"]).toBe(plain ?? row["status"]);
      }

      await forget();
      const sequence = [...order, ...repeats];
      const sorted = places.toSorted((a, b) => a - b);
      let done = 0;
      for (let from = 0, turn = 0; from < sequence.length; turn++) {
        for (; done < lists.length && sorted[done]! <= from; done++) await lists[done]!();
        const size = sizes[turn % sizes.length]!;
        const batch = new Map(
          sequence.slice(from, from + size).map((i) => [webhooks[i]!().id, webhooks[i]!()]),
        );
        from += size;
        await apply(...batch.values());
      }
      for (; done < lists.length; done++) await lists[done]!();
      expect(await state()).toEqual(expected);
    }),
    { numRuns: 100 },
  );
}, 120_000);

import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { idOf, newId } from "../base/base.ts";
import { contract } from "../contract/contract.ts";
import { sql, type Database } from "../db/db.ts";
import { readWebhook, type RoutedEvent } from "../meta/meta.ts";
import { countOpen, dismissNotice, listNotices } from "../notices/notices.ts";
import { listPhoneNumbers, resume } from "../sending/sending.ts";
import { applyAccounts } from "./accounts.ts";

let db: Database;
let workspace_id: string;
let number: string;
const WABA = "102290129340398";
const SHOWN = "+1 555-078-3881";
/** In seconds; what is told is told around now, as restrictions end in the future. */
const NOW = Math.floor(Date.now() / 1000);

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  const made = await createTestWorkspace(db);
  workspace_id = made.workspace_id;
  number = newId();
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, waba_id, display_phone_number, verified_name, quality)
    values (${workspace_id}, ${number}, ${made.connection_id}, '77', ${WABA}, ${SHOWN}, 'Old name', 'GREEN')`);
});

/** As the pipeline hands on what Meta's bytes say. */
function told(field: string, value: object, at_s = NOW, waba_id = WABA): RoutedEvent {
  const entry = [{ id: waba_id, time: at_s, changes: [{ field, value }] }];
  const read = readWebhook(Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry })));
  if (!read.ok) throw new Error(read.reason);
  const event = read.events[0]!;
  return {
    workspace_id,
    id: idOf(`${workspace_id}:${event.key}`),
    phone_number: null,
    journal_id: idOf(event.key),
    received_at: new Date(at_s * 1000),
    occurred_at: new Date(at_s * 1000),
    event,
  };
}
const update = (event: string, more: object = {}, at_s = NOW) =>
  told("account_update", { event, ...more }, at_s);
const ban = (waba_ban_state: string, at_s = NOW) =>
  update("DISABLED_UPDATE", { ban_info: { waba_ban_state, waba_ban_date: "May 1, 2027" } }, at_s);
const restriction = (restriction_type: string, at_s = NOW, expiration: number | null = NOW + 3600) =>
  update("ACCOUNT_RESTRICTION", { restriction_info: [{ restriction_type, expiration }] }, at_s);
const about = (field: string, more: object, at_s = NOW) =>
  told(field, { display_phone_number: "15550783881", ...more }, at_s);

const apply = (...events: RoutedEvent[]) => db.transaction((tx) => applyAccounts(tx, events));
const shown = async () => {
  const data = await listPhoneNumbers(db, workspace_id);
  return contract["GET /api/v1/phone_numbers"].response.parse({ data }).data[0]!;
};
const paused = async () => (await shown()).sending.paused;
const notices = async (state: "open" | "dismissed" | "all" = "open") =>
  contract["GET /api/v1/notices"].response.parse({
    ...(await listNotices(db, workspace_id, { state, limit: 50 })),
    counts: await countOpen(db, workspace_id),
  });

describe("an account", () => {
  test("that Meta disables sends nothing until Meta reinstates it, and a notice says so (F24)", async () => {
    await apply(ban("DISABLE", NOW - 10));
    expect(await paused()).toMatchObject({
      reason: "Meta has disabled the account.",
      until: null,
      scope: "all",
    });
    expect((await notices()).data).toMatchObject([
      { severity: "critical", resolved: false, kind: "account", waba_id: WABA },
    ]);
    expect((await notices()).counts).toEqual({ open: 1, critical: 1, next_end_at: null });
    await apply(ban("REINSTATE", NOW));
    expect(await paused()).toBeNull();
    expect((await notices()).data).toMatchObject([
      { title: "Meta has reinstated the account", resolved: true },
    ]);
    expect((await notices()).counts).toEqual({ open: 1, critical: 0, next_end_at: null });
    // What is told late was before.
    await apply(ban("DISABLE", NOW - 5));
    expect(await paused()).toBeNull();
  });

  test("that is going to be disabled goes on, with a notice that says when (F24)", async () => {
    await apply(ban("SCHEDULE_FOR_DISABLE"));
    expect(await paused()).toBeNull();
    expect((await notices()).data[0]!.title).toContain("May 1, 2027");
  });

  test.each([
    ["RESTRICTED_BIZ_INITIATED_MESSAGING", "templates"],
    ["RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "all"],
  ])("that is %s pauses %s until the restriction ends (F24)", async (type, scope) => {
    await apply(restriction(type));
    expect(await paused()).toMatchObject({ scope, until: new Date((NOW + 3600) * 1000).toISOString() });
    await apply(restriction(type, NOW + 1, NOW - 1));
    expect(await paused()).toBeNull();
  });

  test("that may add no numbers goes on sending, with a notice (F24)", async () => {
    await apply(restriction("RESTRICTED_ADD_PHONE_NUMBER_ACTION"));
    expect(await paused()).toBeNull();
    const [notice] = (await notices()).data;
    expect(notice).toMatchObject({ severity: "warning", resolved: false });
    expect(notice!.detail).toContain("Messages go out as before");
    expect(notice!.detail).not.toContain("Sending goes on when");
  });

  test.each(["RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "RESTRICTED_ADD_PHONE_NUMBER_ACTION"])(
    "whose %s is taken back has no red notice of it, whichever webhook comes first, and none stays after a later ban (F24)",
    async (type) => {
      const said = [
        restriction(type, NOW - 20, null),
        ban("REINSTATE", NOW - 10),
        ban("SCHEDULE_FOR_DISABLE", NOW - 5),
      ];
      for (const order of [said, said.toReversed()]) {
        await db.run(sql`delete from notices where workspace_id = ${workspace_id}`);
        await db.run(sql`delete from notice_ends where workspace_id = ${workspace_id}`);
        await db.run(sql`delete from account_facts where workspace_id = ${workspace_id}`);
        for (const event of order) await apply(event);
        const { data, counts } = await notices();
        expect(data).toMatchObject([
          { severity: "critical", resolved: false, title: expect.stringContaining("going to disable") },
          { resolved: true, title: expect.stringContaining("is over"), detail: null },
        ]);
        expect(counts).toEqual({ open: 2, critical: 1, next_end_at: null });
        expect(await paused()).toBeNull();
      }
      // What is restricted anew is red again.
      await apply(restriction(type, NOW, null));
      expect((await notices()).data[0]).toMatchObject({ resolved: false });
    },
  );

  test("whose restriction ends by itself has no red notice from that moment on, with no webhook and no process (F24)", async () => {
    const type = "RESTRICTED_BIZ_INITIATED_MESSAGING";
    await apply(restriction(type, NOW - 10, NOW + 3600));
    const until = new Date((NOW + 3600) * 1000).toISOString();
    expect((await notices()).counts).toEqual({ open: 1, critical: 1, next_end_at: until });
    // An hour later.
    await db.run(sql`update notices set until = now() where workspace_id = ${workspace_id}`);
    expect((await notices()).counts).toEqual({ open: 1, critical: 0, next_end_at: null });
    expect((await notices()).data).toMatchObject([
      {
        resolved: true,
        title: "A restriction by Meta is over: the account may begin conversations again",
        detail: null,
      },
    ]);
    // One that was over before its webhook came.
    await apply(restriction("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", NOW - 100, NOW - 50));
    expect((await notices()).counts).toEqual({ open: 2, critical: 0, next_end_at: null });
  });

  test("that is reinstated is blocked by no error of Meta's from before (F24)", async () => {
    const locked = (at_s: number) =>
      told(
        "messages",
        {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "15550783881", phone_number_id: "77" },
          errors: [{ code: 131031, title: "Business Account locked" }],
        },
        at_s,
      );
    await apply(locked(NOW - 20));
    expect((await notices()).counts.critical).toBe(1);
    await apply(ban("REINSTATE", NOW - 10));
    expect((await notices()).counts.critical).toBe(0);
    await apply(locked(NOW));
    expect((await notices()).counts.critical).toBe(1);
  });

  test("that is reinstated has none of its restrictions from before, and has those that come after (F24)", async () => {
    await apply(restriction("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", NOW - 10), ban("REINSTATE", NOW - 5));
    expect(await paused()).toBeNull();
    await apply(restriction("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", NOW));
    expect(await paused()).not.toBeNull();
  });

  test.each([
    ["ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED"],
    ["PARTNER_REMOVED", "PARTNER_ADDED"],
  ])("%s pauses its numbers, %s ends that (F24)", async (ends, begins) => {
    const info = { waba_info: { waba_id: WABA, owner_business_id: "1" } };
    await apply(told("account_update", { event: ends, ...info }, NOW - 1, "999"));
    expect(await paused()).toMatchObject({ scope: "all" });
    await apply(told("account_update", { event: begins, ...info }, NOW, "999"));
    expect(await paused()).toBeNull();
    expect((await notices()).data).toMatchObject([{ resolved: true }]);
  });

  test("its review, its alerts, its limits, its violations and errors of Meta's about it are notices (F24)", async () => {
    await apply(
      told("account_review_update", { decision: "REJECTED" }),
      told("account_alerts", {
        entity_type: "BUSINESS",
        entity_id: "9",
        alert_info: {
          alert_severity: "CRITICAL",
          alert_status: "ACTIVE",
          alert_type: "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
          alert_description: "Why",
        },
      }),
      told("business_capability_update", {
        max_daily_conversations_per_business: "TIER_2K",
        max_phone_numbers_per_waba: 20,
      }),
      update("ACCOUNT_VIOLATION", { violation_info: { violation_type: "SCAM" } }),
      told("messages", {
        messaging_product: "whatsapp",
        metadata: { display_phone_number: "15550783881", phone_number_id: "77" },
        errors: [{ code: 131035, title: "Webhook lost", error_data: { details: "3 messages" } }],
      }),
      told("account_settings_update", {
        type: "phone_number_settings",
        phone_number_settings: { phone_number_id: "77", calling: { status: "ENABLED" } },
      }),
    );
    const { data } = await notices();
    expect(data.map(({ severity }) => severity).toSorted()).toEqual([
      "critical",
      "critical",
      "critical",
      "info",
      "info",
      "warning",
    ]);
    expect(data.map(({ title }) => title).join("\n")).toMatch(/2,000 people a day/);
    expect(data.map(({ detail }) => detail).join("\n")).toMatch(/3 messages\. [A-Z]/);
    expect((await shown()).messaging_limit).toBe("TIER_2K");
  });
});

describe("a number", () => {
  test("takes an approved name by Meta's clock: an older one changes nothing, nor does what the Graph API knew before (F24)", async () => {
    const name = (requested_verified_name: string, decision: string, at_s: number) =>
      about("phone_number_name_update", { decision, requested_verified_name, rejection_reason: null }, at_s);
    await apply(name("New name", "APPROVED", NOW));
    await apply(name("Older name", "APPROVED", NOW - 5));
    expect(await shown()).toMatchObject({ verified_name: "New name", name_status: "APPROVED" });
    await apply(name("Bad name", "REJECTED", NOW + 1));
    expect(await shown()).toMatchObject({ verified_name: "New name", name_status: "REJECTED" });
    await db.run(
      sql`update phone_numbers set told_at = ${new Date((NOW + 5) * 1000)}, verified_name = 'By the Graph API' where id = ${number}`,
    );
    expect(await shown()).toMatchObject({ verified_name: "By the Graph API" });
    expect((await notices()).data).toMatchObject([
      { severity: "warning", title: expect.stringContaining("Bad name") },
    ]);
  });

  test("that is flagged is of low quality until it is unflagged; its limit is that of the newest word (F24)", async () => {
    await apply(
      about("phone_number_quality_update", { event: "FLAGGED", current_limit: "TIER_10K" }, NOW - 2),
    );
    expect(await shown()).toMatchObject({ quality: "RED", messaging_limit: "TIER_10K" });
    await apply(
      about("phone_number_quality_update", { event: "UNFLAGGED", current_limit: "TIER_1K" }, NOW - 1),
    );
    expect(await shown()).toMatchObject({ quality: "GREEN", messaging_limit: "TIER_1K" });
    await apply(told("business_capability_update", { max_daily_conversations_per_business: -1 }));
    expect((await shown()).messaging_limit).toBe("TIER_UNLIMITED");
  });

  test.each([
    [1000, "TIER_1K", "1,000 people"],
    ["1000", "TIER_1K", "1,000 people"],
    [["TIER_1K"], "TIER_1K", "1,000 people"],
    ["tier_2k", "TIER_2K", "2,000 people"],
    [250, "TIER_250", "250 people"],
    [100_000, "TIER_100K", "100,000 people"],
    [-1, "TIER_UNLIMITED", "any number of people"],
    ["TIER_UNLIMITED", "TIER_UNLIMITED", "any number of people"],
  ])("has one form of its limit, however Meta tells it: %j is %s", async (told_as, limit, people) => {
    await apply(told("business_capability_update", { max_daily_conversations_per_business: told_as }));
    expect((await shown()).messaging_limit).toBe(limit);
    expect((await notices()).data[0]!.title).toContain(`${people} a day`);
  });

  test.each([1e21, "1E+21", "9".repeat(30), "TIER_NOT_SET", 0, -2, 2.5, true, {}])(
    "is not told where Meta names no number of people: %j",
    async (told_as) => {
      await apply(told("business_capability_update", { max_daily_conversations_per_business: told_as }));
      expect((await shown()).messaging_limit).toBeNull();
      expect((await notices()).data[0]!.title).toBe("Meta changed what the business may do");
    },
  );

  test("what is told before the number is known holds when it is (F24)", async () => {
    await db.run(sql`delete from phone_numbers where id = ${number}`);
    await apply(
      ban("DISABLE"),
      about("phone_number_name_update", { decision: "APPROVED", requested_verified_name: "N" }),
    );
    const { connection_id } = (await db.first<{ connection_id: string }>(
      sql`select id as connection_id from connections where workspace_id = ${workspace_id}`,
    ))!;
    await db.run(sql`
      insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, waba_id, display_phone_number)
      values (${workspace_id}, ${number}, ${connection_id}, '77', ${WABA}, ${SHOWN})`);
    expect(await shown()).toMatchObject({ verified_name: "N", sending: { paused: { scope: "all" } } });
  });

  test("security events are notices (F24)", async () => {
    await apply(about("security", { event: "PIN_RESET_REQUEST", requester: "42" }));
    expect((await notices()).data).toMatchObject([
      { severity: "warning", detail: expect.stringContaining("42"), kind: "number" },
    ]);
  });

  test("that a person resumes goes on, until Meta says something anew (F24)", async () => {
    await apply(ban("DISABLE", NOW - 60));
    await resume(db, workspace_id, number);
    expect(await paused()).toBeNull();
    await apply(ban("DISABLE", NOW + 60));
    expect(await paused()).not.toBeNull();
  });
});

describe("a notice", () => {
  test("is one however often it is told, tells when it changes, and comes back after it was dismissed when it is told anew (F24)", async () => {
    const first = await apply(ban("DISABLE", NOW - 9), ban("DISABLE", NOW - 8));
    expect(first.changes.map(({ name }) => name)).toEqual(["NoticeUpdated", "PhoneNumberUpdated"]);
    expect((await apply(ban("DISABLE", NOW - 8), ban("DISABLE", NOW - 9))).changes).toEqual([]);
    const [one, ...others] = (await notices()).data;
    expect(others).toEqual([]);
    await db.transaction((tx) => dismissNotice(tx, workspace_id, one!.id, undefined));
    expect((await notices()).data).toEqual([]);
    expect((await notices()).counts.open).toBe(0);
    expect((await notices("dismissed")).data).toMatchObject([{ id: one!.id, dismissed: true }]);
    await apply(ban("REINSTATE", NOW));
    expect((await notices()).data).toMatchObject([{ id: one!.id, dismissed: false, resolved: true }]);
  });

  test("belongs to its workspace, and the list pages through all of them once (F24)", async () => {
    await apply(
      ...["A", "B", "C", "D", "E"].map((type) =>
        restriction(`RESTRICTED_${type}`, NOW - (type.charCodeAt(0) % 2)),
      ),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listNotices(db, workspace_id, { state: "open", limit: 2, cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    const { workspace_id: other } = await createTestWorkspace(db);
    expect((await listNotices(db, other, { state: "all", limit: 9 })).data).toEqual([]);
    await expect(db.transaction((tx) => dismissNotice(tx, other, seen[0]!, undefined))).rejects.toMatchObject(
      { code: "NOT_FOUND" },
    );
  });
});

test("any permutation, repetition and re-batching of what Meta says gives the same facts, notices and pauses (F24)", async () => {
  const at = fc.integer({ min: NOW - 3, max: NOW + 3 });
  const one = fc.oneof(
    fc
      .tuple(fc.constantFrom("DISABLE", "REINSTATE", "SCHEDULE_FOR_DISABLE"), at)
      .map(([state, at_s]) => ban(state, at_s)),
    fc
      .tuple(
        fc.constantFrom("RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"),
        at,
        fc.constantFrom(NOW + 500, NOW + 900),
      )
      .map(([type, at_s, until]) => restriction(type, at_s, until)),
    fc
      .tuple(fc.constantFrom("ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED", "ODD"), at)
      .map(([event, at_s]) => update(event, {}, at_s)),
    fc
      .tuple(fc.constantFrom("APPROVED", "REJECTED", "PENDING"), fc.constantFrom("A", "B"), at)
      .map(([decision, requested_verified_name, at_s]) =>
        about("phone_number_name_update", { decision, requested_verified_name }, at_s),
      ),
    fc
      .tuple(fc.constantFrom("FLAGGED", "UNFLAGGED", "UPGRADE"), fc.constantFrom("TIER_1K", "TIER_10K"), at)
      .map(([event, current_limit, at_s]) =>
        about("phone_number_quality_update", { event, current_limit }, at_s),
      ),
    at.map((at_s) => about("security", { event: "PIN_CHANGED" }, at_s)),
    fc
      .tuple(fc.constantFrom("TIER_2K", -1), at)
      .map(([limit, at_s]) =>
        told("business_capability_update", { max_daily_conversations_per_business: limit }, at_s),
      ),
  );
  const dump = async () => ({
    facts: await db.rows(
      sql`select * from account_facts where workspace_id = ${workspace_id} order by subject_kind, subject, aspect`,
    ),
    notices: (await notices("all")).data,
    number: await shown(),
  });
  const clear = async () => {
    await db.run(sql`delete from account_facts where workspace_id = ${workspace_id}`);
    await db.run(sql`delete from notices where workspace_id = ${workspace_id}`);
    await db.run(sql`delete from notice_ends where workspace_id = ${workspace_id}`);
  };
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(one, { minLength: 1, maxLength: 14 })
        .chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
            fc.integer({ min: 1, max: 5 }),
          ),
        ),
      async ([events, shuffled, size]) => {
        await clear();
        await apply(...events);
        const expected = await dump();
        await clear();
        for (let i = 0; i < shuffled.length; i += size) await apply(...shuffled.slice(i, i + size));
        expect(await dump()).toEqual(expected);
      },
    ),
    { numRuns: 60, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: false },
  );
}, 60_000);

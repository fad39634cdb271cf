import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { applyAccounts } from "../accounts/accounts.ts";
import { newId, projectDir } from "../base/base.ts";
import { sql, Sql, type Database } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { believedTime_ms } from "../meta/meta.ts";

const WABA = "102290129340398";
const FUTURE_S = 7_000_000_000;
const now_s = Math.floor(Date.now() / 1000);

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});

const orders = <Item>(items: readonly Item[]): Item[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, i) => orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));

const change = (field: string, value: object, time_s?: number) => ({
  object: "whatsapp_business_account",
  entry: [{ id: WABA, ...(time_s === undefined ? {} : { time: time_s }), changes: [{ field, value }] }],
});
const metadata = { display_phone_number: "12025550190", phone_number_id: "106540352242922" };
const says = (text: string, name: string, at_s: number) =>
  change("messages", {
    messaging_product: "whatsapp",
    metadata,
    contacts: [{ profile: { name }, wa_id: "12025550120" }],
    messages: [
      {
        from: "12025550120",
        id: `wamid.${newId()}`,
        timestamp: String(at_s),
        type: "text",
        text: { body: text },
      },
    ],
  });

describe("a time that can't be (F10)", () => {
  test("is one more than a minute ahead, or before WhatsApp: then it is when the webhook arrived", () => {
    const received_at = new Date("2026-11-30T12:00:00Z");
    const received_ms = received_at.getTime();
    for (const believed of [received_ms, received_ms + 60_000, received_ms - 86_400_000 * 365])
      expect(believedTime_ms(believed, received_at)).toBe(believed);
    for (const said of [null, 1, received_ms + 60_001, FUTURE_S * 1000])
      expect(believedTime_ms(said, received_at)).toBe(received_ms);
  });

  /** Each webhook arrives when the ones before it in the list have; they are processed in any order. */
  const processed = async (bodies: readonly object[], order: readonly number[]) => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const parts = createTestPipeline(db, { inbox: applyInbox, accounts: applyAccounts });
    const ids: string[] = [];
    for (const [i, body] of bodies.entries()) {
      parts.clock.now_ms = (now_s - 100 + i) * 1000;
      ids.push(...(await parts.post(connection_id, body)));
    }
    parts.clock.now_ms = now_s * 1000;
    // Only the one whose turn it is, is due.
    await db.run(
      sql`update journal_queue set next_attempt_at = 'infinity' where journal_id = any(${ids}::uuid[])`,
    );
    for (const i of order) {
      await db.run(
        sql`update journal_queue set next_attempt_at = to_timestamp(${now_s}) where journal_id = ${ids[i]!}`,
      );
      await parts.pipeline.drain();
    }
    expect((await parts.rows(ids)).map(({ state }) => state)).toEqual(ids.map(() => "done"));
    return workspace_id;
  };

  test("decides nothing: consent and name are what was said last, in any order of processing", async () => {
    const bodies = [
      says("START", "Future", FUTURE_S),
      says("hello", "Middle", 1),
      // Three seconds ahead: believed.
      says("STOP", "Ann", now_s - 100 + 5),
    ];
    for (const order of orders([0, 1, 2])) {
      const workspace_id = await processed(bodies, order);
      expect(
        await db.rows(
          sql`select profile_name, marketing_state from contacts where workspace_id = ${workspace_id}`,
        ),
      ).toEqual([{ profile_name: "Ann", marketing_state: "UNSUBSCRIBED" }]);
    }
  });

  test("decides nothing of moves, accounts, groups and calls either", async () => {
    const account = (event: string, at_s: number) =>
      change(
        "account_update",
        { event, ...(event === "DISABLED_UPDATE" ? { ban_info: { waba_ban_state: "DISABLE" } } : {}) },
        at_s,
      );
    const group = (subject: string, at_s: number) =>
      change("group_settings_update", {
        messaging_product: "whatsapp",
        metadata,
        groups: [
          {
            timestamp: String(at_s),
            group_id: "G1",
            type: "group_settings_update",
            request_id: newId(),
            group_subject: { text: subject, update_successful: true },
          },
        ],
      });
    const bodies = [
      group("Future", FUTURE_S),
      account("ACCOUNT_RESTRICTION", FUTURE_S),
      group("Now", now_s - 90),
    ];
    for (const order of orders([0, 1, 2])) {
      const workspace_id = await processed(bodies, order);
      expect(
        await db.rows(sql`select profile_name from contacts where workspace_id = ${workspace_id}`),
      ).toEqual([{ profile_name: "Now" }]);
      const ahead = await db.rows(sql`
        select 'fact' as what from account_facts where workspace_id = ${workspace_id} and at > now()
        union all select 'notice' from notices where workspace_id = ${workspace_id} and occurred_at > now()
        union all select 'group' from group_facts where workspace_id = ${workspace_id} and occurred_at > now()
        union all select 'identity' from contact_identities where workspace_id = ${workspace_id} and profile_at > now()`);
      expect(ahead).toEqual([]);
    }
  });

  test("what was stored before as Meta's word is corrected by the migration", async () => {
    const workspace_id = await processed(
      [says("START", "Future", FUTURE_S), says("STOP", "Ann", now_s - 90)],
      [0, 1],
    );
    // As it was stored before.
    await db.run(sql`
      update consent_events set occurred_at = to_timestamp(${FUTURE_S}::float8)
      where workspace_id = ${workspace_id} and state = 'SUBSCRIBED'`);
    await db.run(sql`
      update contact_identities set profile_at = to_timestamp(${FUTURE_S}::float8), profile_event = (
        select id from events where workspace_id = ${workspace_id} order by journal_id limit 1)
      where workspace_id = ${workspace_id}`);
    await db.run(
      sql`update contacts set marketing_state = 'SUBSCRIBED' where workspace_id = ${workspace_id}`,
    );
    const unknown = newId();
    await db.run(sql`
      insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, occurred_at)
      values (${workspace_id}, ${unknown}, 'wa_id', '12025550120', 'SUBSCRIBED', 'START_KEYWORD', to_timestamp(${FUTURE_S}::float8))`);

    const migration = await readFile(join(projectDir, "migrations", "0042_times_not_believed.sql"), "utf8");
    await db.transaction((tx) => tx.run(new Sql([migration], [])));
    expect(
      await db.rows(sql`select marketing_state from contacts where workspace_id = ${workspace_id}`),
    ).toEqual([{ marketing_state: "UNSUBSCRIBED" }]);
    const arrived = new Date((now_s - 100) * 1000);
    expect(
      await db.rows(sql`
        select state, occurred_at, voided_reason is not null as voided from consent_events
        where workspace_id = ${workspace_id} order by voided, occurred_at`),
    ).toEqual([
      { state: "SUBSCRIBED", occurred_at: arrived, voided: false },
      { state: "UNSUBSCRIBED", occurred_at: new Date((now_s - 90) * 1000), voided: false },
      { state: "SUBSCRIBED", occurred_at: new Date(FUTURE_S * 1000), voided: true },
    ]);
    expect(
      await db.rows(sql`select profile_at from contact_identities where workspace_id = ${workspace_id}`),
    ).toEqual([{ profile_at: arrived }]);
  });
});

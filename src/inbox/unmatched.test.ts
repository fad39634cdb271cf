import { describe, expect, test } from "vitest";
import { createTestWorkspace } from "../../test/support/database.ts";
import { type FreshInbox, onFreshInbox, plainStatus, person, said } from "../../test/support/inbox.ts";
import { contract } from "../contract/contract.ts";
import { sql, type Database } from "../db/db.ts";
import type { EventData } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { applyInbox, countUnmatched, listUnmatched, pruneUnmatched } from "./inbox.ts";

const T = Math.floor(Date.now() / 1000) - 60;
let db: Database;
let workspace_id: string;
let number: string;
let make: FreshInbox["make"];

onFreshInbox((inbox) => void ({ db, workspace_id, number, make } = inbox));

const ann = person({ wa_id: "1001", profile_name: "Ann" });
const apply = (...events: RoutedEvent[]) => db.transaction((tx) => applyInbox(tx, events));
const message = (wamid: string, at_s = T) =>
  make({ kind: "message", wamid, from: ann, group_id: null, message: said("hello") }, at_s);
const status = (wamid: string, word: string, at_s: number) => make(plainStatus(wamid, word, ann), at_s);
const about = (
  data: { kind: "reaction"; emoji: string } | { kind: "message_revoke" } | { kind: "message_edit" },
  target_wamid: string,
  at_s: number,
) =>
  make(
    {
      wamid: null,
      from: ann,
      group_id: null,
      target_wamid,
      ...data,
      ...(data.kind === "message_edit" ? { message: said("new") } : {}),
    } as EventData,
    at_s,
  );
type Options = Partial<Parameters<typeof listUnmatched>[2]>;
const shown = async (options: Options = {}) =>
  contract["GET /api/v1/unmatched_messages"].response.parse({
    ...(await listUnmatched(db, workspace_id, { limit: 50, ...options })),
    counts: await countUnmatched(db, workspace_id),
  });

describe("what waits for a message that never came", () => {
  test("is listed with its kinds, its number, its conversation and its webhook, and leaves when the message appears (F29)", async () => {
    const first = status("wamid.lost", "delivered", T + 1);
    await apply(
      message("wamid.there"),
      status("wamid.there", "read", T),
      first,
      status("wamid.lost", "read", T + 2),
      about({ kind: "reaction", emoji: "👍" }, "wamid.lost", T + 3),
      about({ kind: "message_edit" }, "wamid.lost", T + 4),
      about({ kind: "message_revoke" }, "wamid.gone", T + 5),
    );
    const { data, counts } = await shown();
    expect(counts).toMatchObject({ total: 2, is_more: false });
    expect(data).toMatchObject([
      { wamid: "wamid.gone", told: [{ kind: "revoke", count: 1 }] },
      {
        wamid: "wamid.lost",
        since: new Date((T + 1) * 1000).toISOString(),
        told: [
          { kind: "status", count: 2, detail: "READ" },
          { kind: "reaction", count: 1, detail: "👍" },
          { kind: "edit", count: 1, detail: "new" },
        ],
        phone_number: { id: number },
        contact_name: "Ann",
        journal_id: first.journal_id,
      },
    ]);
    expect(data[1]!.conversation_id).not.toBeNull();
    expect((await shown({ kind: "revoke" })).data.map(({ wamid }) => wamid)).toEqual(["wamid.gone"]);
    await apply(message("wamid.lost", T));
    expect((await shown()).data.map(({ wamid }) => wamid)).toEqual(["wamid.gone"]);
    expect((await shown()).counts.total).toBe(1);
  });

  test("is told of without the words of an edit, once it was deleted (F4)", async () => {
    await apply(
      about({ kind: "message_edit" }, "wamid.taken", T),
      about({ kind: "message_revoke" }, "wamid.taken", T + 1),
    );
    expect((await shown()).data[0]!.told).toEqual([
      { kind: "edit", count: 1, detail: null },
      { kind: "revoke", count: 1, detail: null },
    ]);
  });

  test("a payment is told of a message, too: by its newest status, until the message comes", async () => {
    const paid = (state: string, at_s: number) =>
      make(
        {
          kind: "payment_status",
          wamid: "wamid.order",
          status: state,
          payment: {
            reference_id: "order-4821",
            amount: "378",
            currency: "EUR",
            method: "upi",
            reason: null,
          },
        },
        at_s,
      );
    await apply(message("wamid.known"));
    const first = paid("pending", T + 1);
    await apply(first);
    await apply(paid("captured", T + 2), status("wamid.order", "sent", T));
    const [row, ...others] = (await shown({ kind: "payment" })).data;
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      wamid: "wamid.order",
      since: new Date(T * 1000).toISOString(),
      told: [
        { kind: "status", count: 1, detail: "SENT" },
        { kind: "payment", count: 1, detail: "captured" },
      ],
      contact_name: "Ann",
    });
    expect((await shown({ kind: "reaction" })).data).toEqual([]);
    await apply(message("wamid.order"));
    expect((await shown()).data).toEqual([]);
    // One that is repeated of a message that is there is none of these either.
    await apply(first);
    expect((await shown()).counts.total).toBe(0);
  });

  test("is listed as well when a listener was told of it (F26, F29)", async () => {
    const { event } = status("wamid.lost", "delivered", T + 1);
    await apply(message("wamid.there"), make({ kind: "standby", told: event.data }, T + 1));
    const { data } = await shown();
    expect(data).toMatchObject([{ wamid: "wamid.lost", contact_name: "Ann", phone_number: { id: number } }]);
    expect(data[0]!.conversation_id).not.toBeNull();
  });

  test("what is not yet visible as it comes leaves too: the list looks for the message itself (F29)", async () => {
    await apply(status("wamid.race", "sent", T));
    await db.run(
      sql`create table kept as select * from unmatched_messages where workspace_id = ${workspace_id}`,
    );
    await apply(message("wamid.race"));
    await db.run(sql`insert into unmatched_messages select * from kept`);
    expect((await shown()).data).toEqual([]);
    await pruneUnmatched(db, 30);
    expect(await db.rows(sql`select from unmatched_messages where workspace_id = ${workspace_id}`)).toEqual(
      [],
    );
  });

  test("pages through everything once, and is its workspace's own (F29)", async () => {
    await apply(...Array.from({ length: 7 }, (_, i) => status(`wamid.${i}`, "sent", T + (i % 2))));
    const seen: (string | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await listUnmatched(db, workspace_id, { limit: 2, cursor });
      seen.push(...page.data.map(({ wamid }) => wamid));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 7 }, (_, i) => `wamid.${i}`)));
    const { workspace_id: other } = await createTestWorkspace(db);
    expect((await listUnmatched(db, other, { limit: 9 })).data).toEqual([]);
  });
});

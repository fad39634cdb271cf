import { expect, test } from "vitest";
import { countRows, insertCampaign, insertRecipients } from "../../test/support/campaign-rows.ts";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { followCampaignJoins, retry } from "./campaigns.ts";
import { stateNumber, STATES } from "./counts/counts.ts";

const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 0 } });
const { db, workspace_id, deps } = meta;
const template_id = await meta.template("sale");

let people = 0;
/** A campaign whose two recipients have their messages in the queue. */
async function queuedTwins() {
  const { list, contacts } = await meta.people(2, undefined, (people += 100));
  const audience = { include: [{ kind: "list" as const, id: list }], exclude: [] };
  const id = await meta.campaign({ template_id, audience });
  await meta.launch(id);
  await meta.engine.drain();
  expect(await meta.states(id)).toEqual({ QUEUED: 2 });
  return { id, contacts: contacts as [string, string] };
}
const join = (from: string, to: string) =>
  db.transaction((tx) => followCampaignJoins(tx, { workspace_id, from, to }));

test("of two who become one while both messages are queued, one message is taken back", async () => {
  const before = meta.taken.length;
  const { id, contacts } = await queuedTwins();
  const changes = await join(contacts[1], contacts[0]);
  expect(changes.map(({ name }) => name)).toContain("MessageStatusUpdated");
  const ended = await meta.finish(id);
  expect([ended.state, ended.now.submitted + ended.now.sent]).toEqual(["COMPLETED", 1]);
  expect(meta.taken.length - before).toBe(1);
  await meta.expectCounted(id);
});

test.each([0, 1] as const)(
  "where the message of one is with the sender already it is the other's: %i",
  async (which) => {
    const before = meta.taken.length;
    const { id, contacts } = await queuedTwins();
    const claimed = await db.first<{ message_id: string }>(sql`
    update sends d set state = 'sending' from campaign_recipients r
    where r.campaign_id = ${id} and r.contact_id = ${contacts[which]} and d.id = r.message_id returning r.message_id`);
    await join(contacts[1], contacts[0]);
    const kept = await db.rows(
      sql`select contact_id, message_id from campaign_recipients where campaign_id = ${id}`,
    );
    expect(kept).toEqual([{ contact_id: contacts[0], ...claimed }]);
    await db.run(sql`update sends set state = 'queued' where id = ${claimed!.message_id}`);
    await meta.finish(id);
    expect(meta.taken.length - before).toBe(1);
    await meta.expectCounted(id);
  },
);

const ORDER = [
  "PLAYED",
  "READ",
  "DELIVERED",
  "SENT",
  "SUBMITTED",
  "UNCONFIRMED",
  "QUEUED",
  "LIMITED",
  "FAILED",
];
const LATER = ["CANCELLED", "WAITING", "SKIPPED"];
const PAIRS = STATES.flatMap((one) => STATES.map((other) => [one, other] as const));

test("of two the one that came farther stays, whichever of the contacts it is, and is not sent to again", async () => {
  const order = [...ORDER, ...LATER];
  const rows = [];
  for (const pair of PAIRS) {
    const id = await insertCampaign(db, workspace_id, meta.number_id, { state: "COMPLETED" });
    const contacts = [newId(), newId()] as const;
    const at = new Date();
    await insertRecipients(
      db,
      workspace_id,
      id,
      pair.map((state, i) => ({
        contact_id: contacts[i]!,
        state: stateNumber(state),
        error_code: state === "FAILED" ? 131000 : state === "LIMITED" ? 131049 : null,
        failed_at: state === "FAILED" ? at : null,
      })),
    );
    await countRows(db, workspace_id, id);
    await join(contacts[1], contacts[0]);
    const { failed } = (await meta.shown(id)).now;
    const states = Object.keys(await meta.states(id));
    const retried = failed > 0 ? null : (await retry(deps, meta.asking(id))).says;
    rows.push([pair, states, failed, retried]);
  }
  expect(rows).toEqual(
    PAIRS.map((pair) => {
      const stays = order.find((state) => (pair as readonly string[]).includes(state))!;
      return stays === "FAILED"
        ? [pair, [stays], 1, null]
        : [pair, [stays], 0, "No one failed for a reason that may pass."];
    }),
  );
});

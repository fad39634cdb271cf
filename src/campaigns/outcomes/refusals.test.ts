import { expect, test } from "vitest";
import {
  countRows,
  insertCampaign,
  insertContact,
  insertRecipients,
} from "../../../test/support/campaign-rows.ts";
import {
  onFreshInbox,
  person,
  plainStatus,
  wamidOver,
  type FreshInbox,
} from "../../../test/support/inbox.ts";
import { expectVerified } from "../../../test/support/verified.ts";
import { newId, systemClock } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { applyInbox } from "../../inbox/inbox.ts";
import type { BatchFacts } from "../../live/live.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import { createApply } from "../../sending/sending.ts";
import { createCampaignApply, verifyCampaigns } from "../campaigns.ts";
import { stateNumber, STATES } from "../counts/counts.ts";

let inbox: FreshInbox;
onFreshInbox((fresh) => void (inbox = fresh));

const WA_ID = "4915112345678";
const NOW_S = Math.floor(Date.now() / 1_000) - 10_000;
const modules = {
  sending: createApply({ clock: systemClock }),
  campaigns: createCampaignApply({ clock: systemClock }),
};

/** As the pipeline applies a batch. */
const apply = (events: readonly RoutedEvent[]) =>
  inbox.db.transaction(async (tx) => {
    const told = await applyInbox(tx, events);
    const sent = await modules.sending(tx, events, told);
    const facts: BatchFacts = { ...told, moved: [...told.moved, ...(sent.moved ?? [])] };
    await modules.campaigns(tx, events, facts);
  });

/** A campaign in this state, of whose one message Meta took the request. */
async function scene(state: string) {
  const { db, workspace_id, number } = inbox;
  const contact_id = await insertContact(db, workspace_id, { name: "Ana", wa_id: WA_ID });
  const [conversation_id, message_id] = [newId(), newId()];
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id) values (${workspace_id}, ${conversation_id}, ${number}, ${contact_id})`);
  const campaign_id = await insertCampaign(db, workspace_id, number, { state });
  if (state === "RUNNING")
    await db.run(sql`
      insert into campaign_work (workspace_id, campaign_id, step, next_step_at) values (${workspace_id}, ${campaign_id}, 'feed', 'infinity')`);
  const at = new Date((NOW_S - 60) * 1_000);
  const wamid = wamidOver(WA_ID, "one", { from_business: true });
  await db.run(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, identity_kind,
      identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${message_id}, ${conversation_id}, 'OUTBOUND', 'CAMPAIGN', 'sent', ${message_id}, 'template',
      'wa_id', ${WA_ID}, 'Sale', '{}', ${at}, ${at})`);
  await db.run(sql`
    insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, attempts, asked_at,
      next_attempt_at, origin_kind, origin_id)
    values (${workspace_id}, ${message_id}, ${number}, 2, 'wa_id', ${WA_ID}, '{"type":"template","name":"sale","language":"en"}',
      'waiting', 1, ${at}, now() + interval '1 hour', 'campaign', ${campaign_id})`);
  await insertRecipients(db, workspace_id, campaign_id, [
    { contact_id, state: stateNumber("QUEUED"), message_id, queued_at: at, country: "DE" },
  ]);
  await countRows(db, workspace_id, campaign_id);
  const status = (word: string, at_s: number, code: number | null = null) =>
    inbox.make(
      {
        ...plainStatus(wamid, word, person({ wa_id: WA_ID })),
        callback_data: message_id,
        errors:
          code === null ? [] : [{ code, title: "Refused", message: "Refused", details: null, href: null }],
      },
      NOW_S + at_s,
    );
  const look = async () => {
    await expectVerified(db, campaign_id);
    const [row] = await db.rows<{ state: number; is_due: boolean; code: number | null }>(sql`
      select state, due_at is not null as is_due, error_code as code from campaign_recipients where campaign_id = ${campaign_id}`);
    return { ...row!, state: STATES[row!.state] };
  };
  return { status, look, campaign_id };
}

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((one, i) => permutations(all.toSpliced(i, 1)).map((rest) => [one, ...rest]));

const ORDERS = [
  ...permutations(["sent", "failed"] as const),
  ...permutations(["sent", "failed", "delivered"] as const),
  ...permutations(["failed", "delivered", "read"] as const),
];
const CASES = ["RUNNING", "COMPLETED", "CANCELLED"].flatMap((state) =>
  [132015, 131026].flatMap((code) =>
    ORDERS.map((order) => ({ state, code, order: order.join(), words: order })),
  ),
);

test.each(CASES)("$code in a campaign that is $state, told as $order", async ({ state, code, words }) => {
  const { status, look } = await scene(state);
  const times = { sent: 0, failed: 1, delivered: 2, read: 3 };
  // The first is told once more at the end.
  for (const word of [...words, words[0]!])
    await apply([status(word, times[word], word === "failed" ? code : null)]);
  const waits = state === "RUNNING" && code === 132015;
  const arrived = (["read", "delivered"] as const).find((word) =>
    (words as readonly string[]).includes(word),
  );
  const failed = waits
    ? { state: "WAITING", is_due: true, code: null }
    : { state: "FAILED", is_due: false, code };
  expect(await look()).toEqual(
    arrived ? { state: arrived.toUpperCase(), is_due: false, code: null } : failed,
  );
});

test("verify tells of a person who waits in a campaign that has ended", async () => {
  const { campaign_id } = await scene("COMPLETED");
  const { db } = inbox;
  await db.run(sql`
    update campaign_recipients set state = 0, due_at = now(), message_id = null, queued_at = null where campaign_id = ${campaign_id}`);
  const found = [];
  for await (const { says } of verifyCampaigns(db, { campaign_id, repair: false })) found.push(says);
  expect(found.join()).toContain("WAITING and to be served, and the campaign has ended");
});

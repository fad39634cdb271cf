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
  said,
  wamidOver,
  type FreshInbox,
} from "../../../test/support/inbox.ts";
import { newId, systemClock } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { applyInbox } from "../../inbox/inbox.ts";
import type { BatchFacts } from "../../live/live.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import { createApply } from "../../sending/sending.ts";
import { createCampaignApply } from "../campaigns.ts";
import { countsOfRows, readCounts, stateNumber } from "../counts/counts.ts";

let inbox: FreshInbox;
onFreshInbox((fresh) => {
  inbox = fresh;
});

const WA_ID = "4915112345678";
const NOW_S = Math.floor(Date.now() / 1_000) - 10_000;
const modules = {
  sending: createApply({ clock: systemClock }),
  campaigns: createCampaignApply({ clock: systemClock }),
};

/** As the pipeline applies a batch. */
async function apply(events: readonly RoutedEvent[]): Promise<void> {
  await inbox.db.transaction(async (tx) => {
    const told = await applyInbox(tx, events);
    const sent = await modules.sending(tx, events, told);
    const facts: BatchFacts = { ...told, moved: [...told.moved, ...(sent.moved ?? [])] };
    await modules.campaigns(tx, events, facts);
  });
}

interface Sent {
  campaign_id: string;
  message_id: string;
  wamid: string;
}

/** A message of a campaign that a request is out for: whether Meta took it only its statuses will tell. */
async function send(contact_id: string, conversation_id: string, token: string): Promise<Sent> {
  const { db, workspace_id, number } = inbox;
  const campaign_id = await insertCampaign(db, workspace_id, number, { name: token });
  const message_id = newId();
  const at = new Date((NOW_S - 60) * 1_000);
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
  return { campaign_id, message_id, wamid: wamidOver(WA_ID, token, { from_business: true }) };
}

/** In a workspace of its own: two campaigns' messages to one person, and everything that is told of them. */
async function scene() {
  const { db, workspace_id, number, make } = inbox;
  const contact_id = await insertContact(db, workspace_id, { name: "Ana", wa_id: WA_ID });
  const conversation_id = newId();
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id) values (${workspace_id}, ${conversation_id}, ${number}, ${contact_id})`);
  const first = await send(contact_id, conversation_id, "first");
  const second = await send(contact_id, conversation_id, "second");
  const status = ({ wamid, message_id }: Sent, word: string, at_s: number, pricing: object | null = null) =>
    make(
      {
        ...plainStatus(wamid, word, person({ wa_id: WA_ID })),
        callback_data: message_id,
        pricing: pricing as Record<string, unknown> | null,
      },
      at_s,
    );
  const saying = (body: string, at_s: number, context_wamid: string | null = null) =>
    make(
      {
        kind: "message",
        wamid: wamidOver(WA_ID, `${body}${at_s}`),
        from: person({ wa_id: WA_ID }),
        group_id: null,
        message: said(body, { context_wamid }),
      },
      at_s,
    );
  const paid = { category: "marketing", type: "regular", pricing_model: "PMP", billable: true };
  const click = make(
    {
      kind: "user_action",
      subject: "user_actions",
      person: person({ wa_id: WA_ID }),
      action: "marketing_messages_link_click",
    },
    NOW_S + 130,
  );
  const events = [
    status(first, "sent", NOW_S, paid),
    status(first, "delivered", NOW_S + 2, paid),
    // Told as read at once: no `delivered` comes.
    status(second, "sent", NOW_S + 60, paid),
    status(second, "read", NOW_S + 70),
    // Before the second campaign's message, so it answers the first.
    saying("Nice!", NOW_S + 30),
    saying("About the second", NOW_S + 100, second.wamid),
    saying("STOP", NOW_S + 120),
    click,
  ];
  const look = async () => {
    const recipients = await db.rows(sql`
      select c.name, r.state, r.sent_at, r.delivered_at, r.read_at, r.replied_at, r.clicked_at, r.opted_out_at, r.category, r.billable
      from campaign_recipients r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
      where r.workspace_id = ${workspace_id} order by c.name`);
    for (const { campaign_id } of [first, second]) {
      const counted = (await readCounts(db, workspace_id, [campaign_id])).get(campaign_id)!;
      expect(Object.fromEntries([...counted].filter(([, n]) => n !== 0))).toEqual(
        Object.fromEntries(await countsOfRows(db, workspace_id, campaign_id)),
      );
    }
    return recipients;
  };
  return { events, look };
}

const at = (seconds: number) => new Date((NOW_S + seconds) * 1_000);
const EXPECTED = [
  {
    name: "first",
    state: stateNumber("DELIVERED"),
    sent_at: at(0),
    delivered_at: at(2),
    read_at: null,
    replied_at: at(30),
    clicked_at: null,
    opted_out_at: null,
    category: "marketing",
    billable: true,
  },
  {
    name: "second",
    state: stateNumber("READ"),
    sent_at: at(60),
    delivered_at: at(70),
    read_at: at(70),
    replied_at: at(100),
    clicked_at: at(130),
    opted_out_at: at(120),
    category: "marketing",
    billable: true,
  },
];

/** Orders that differ in what comes first: each event leads once, forwards and backwards. */
const ORDERS = Array.from({ length: 8 }, (_, i) => i).flatMap((first) => [
  { name: `${first} first`, order: (n: number) => (first + n) % 8 },
  { name: `${first} first, then backwards`, order: (n: number) => (first + 8 - n) % 8 },
]);

test.each(ORDERS)("what is told in any order gives the same: $name", async ({ order }) => {
  const { events, look } = await scene();
  for (let n = 0; n < events.length; n++) await apply([events[order(n)]!]);
  expect(await look()).toEqual(EXPECTED);
});

test("all in one batch gives the same, and told again it changes nothing", async () => {
  const { events, look } = await scene();
  await apply(events);
  await apply([...events].reverse());
  expect(await look()).toEqual(EXPECTED);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type FreshInbox,
  clearInbox,
  groupChange,
  onFreshInbox,
  person,
  said,
} from "../../test/support/inbox.ts";
import { idOf, newId, projectDir } from "../base/base.ts";
import { contract, type Reply } from "../contract/contract.ts";
import { sql, type Database } from "../db/db.ts";
import type { CallEnd, EventData, GroupChange } from "../meta/events.ts";
import { readWebhook } from "../meta/meta.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { applyInbox, updateConversation } from "./inbox.ts";
import * as views from "./views/views.ts";

type Conversation = Reply<"GET /api/v1/conversations/:id">;
type Message = Reply<"GET /api/v1/conversations/:id/messages">["data"][number];

const T = 1_750_000_000;
const ann = person({ wa_id: "16505551234", profile_name: "Ann" });
const annWithId = person({ ...ann, user_id: "US.1" });
const bob = person({ wa_id: "4915112345678", profile_name: "Bob" });
const END: CallEnd = {
  picked_up: false,
  failed: false,
  started_at_ms: null,
  ended_at_ms: null,
  duration_s: null,
  errors: [],
};

let db: Database;
let workspace_id: string;
let number: string;
let event: FreshInbox["make"];

onFreshInbox((inbox) => void ({ db, workspace_id, number, make: event } = inbox));

const apply = (...events: RoutedEvent[]) => db.transaction((tx) => applyInbox(tx, events));
const conversations = async (): Promise<Conversation[]> =>
  contract["GET /api/v1/conversations"].response.parse(
    await views.listConversations(db, workspace_id, { limit: 50 }),
  ).data;
/** Oldest first, of the only thread. */
const thread = async (): Promise<Message[]> => {
  const [only, ...others] = await conversations();
  expect(others).toEqual([]);
  const page = await views.listMessages(db, workspace_id, only!.id, { limit: 50 });
  return contract["GET /api/v1/conversations/:id/messages"].response.parse(page).data.toReversed();
};
/** In the order given, and the other way round, one by one: the same thread both times. */
async function inEitherOrder(events: RoutedEvent[], check: () => Promise<void>): Promise<void> {
  for (const order of [events, events.toReversed()]) {
    await clearInbox(db, workspace_id);
    for (const one of order) await apply(one);
    await check();
  }
}

const call = (name: string, at_s: number, parts: Partial<Extract<EventData, { kind: "call" }>> = {}) =>
  event(
    {
      kind: "call",
      call_id: "wacid.1",
      person: ann,
      by_business: false,
      event: name,
      end: null,
      file: null,
      ...parts,
    },
    at_s,
  );
const message = (
  from: typeof ann,
  wamid: string,
  text: string,
  at_s: number,
  group_id: string | null = null,
) => ({ kind: "message", wamid, from, group_id, message: said(text), at_s }) as const;
const live = ({ at_s, ...data }: ReturnType<typeof message>) => event(data, at_s);
const standby = ({ at_s, ...told }: ReturnType<typeof message>) => event({ kind: "standby", told }, at_s);

describe("calls", () => {
  it("are one line in the thread, with how they ended, in whichever order they are told (F28)", async () => {
    const answered = { ...END, picked_up: true, started_at_ms: (T + 5) * 1000, duration_s: 125 };
    const events = [
      call("connect", T),
      call("terminate", T + 130, { end: { ...answered, ended_at_ms: (T + 130) * 1000 } }),
      call("recording", T + 150, { file: { id: "4711", mime_type: "audio/ogg; codecs=opus" } }),
      call("transcription", T + 160, {
        file: { id: "4712", mime_type: "application/json" },
        person: person({}),
        by_business: null,
      }),
    ];
    await inEitherOrder(events, async () => {
      const [line, ...others] = await thread();
      expect(others).toEqual([]);
      expect(line).toMatchObject({
        type: "call",
        direction: "INBOUND",
        text: "Voice call, 2 min 5 s",
        wamid: "wacid.1",
        sent_at: new Date(T * 1000).toISOString(),
        call: {
          result: "answered",
          duration_s: 125,
          started_at: new Date((T + 5) * 1000).toISOString(),
          recording: { state: "pending", mime_type: "audio/ogg; codecs=opus" },
          transcription: { state: "pending", mime_type: "application/json" },
        },
      });
      expect(await conversations()).toMatchObject([
        { unread_count: 0, last_message: { type: "call", text: "Voice call, 2 min 5 s" } },
      ]);
    });
  });

  it.each([
    ["missed", false, "terminate", { ...END, failed: true }, "Missed voice call"],
    ["missed", true, "terminate", END, "Voice call, no answer"],
    ["rejected", true, "rejected", null, "Voice call, declined"],
    ["ongoing", true, "accepted", null, "Outgoing voice call"],
    ["ringing", false, "connect", null, "Incoming voice call"],
  ] as const)(
    "one that ended as %s (by us: %s) says so (F28)",
    async (result, by_business, name, end, text) => {
      await apply(call("connect", T, { by_business }), call(name, T + 9, { by_business, end }));
      expect(await thread()).toMatchObject([
        { text, direction: by_business ? "OUTBOUND" : "INBOUND", call: { result } },
      ]);
    },
  );

  it("one that failed says why (F28)", async () => {
    const errors = [
      {
        code: 138_007,
        title: null,
        message: "Connect Timeout error",
        details: "The callee did not answer in time",
        href: null,
      },
    ];
    await apply(call("terminate", T, { by_business: true, end: { ...END, failed: true, errors } }));
    expect(await thread()).toMatchObject([
      {
        call: { result: "failed", reason: "The callee did not answer in time" },
        text: "Voice call failed: The callee did not answer in time",
      },
    ]);
  });

  it("one that was not picked up is unread and opens its thread, an answered one is not (F28)", async () => {
    await apply(call("connect", T));
    const [before] = await conversations();
    expect(before).toMatchObject({ unread_count: 0 });
    await db.transaction((tx) => updateConversation(tx, workspace_id, before!.id, { status: "RESOLVED" }));
    await apply(call("terminate", T + 30, { end: END }));
    expect(await conversations()).toMatchObject([{ unread_count: 1, status: "OPEN" }]);
    await db.transaction((tx) => updateConversation(tx, workspace_id, before!.id, { read: true }));
    expect(await conversations()).toMatchObject([{ unread_count: 0 }]);
  });

  it("one whose end is told before the call itself is unread and opens its thread, too (F28)", async () => {
    await apply(live(message(ann, "wamid.1", "hello", T - 600)));
    const [before] = await conversations();
    await db.transaction((tx) =>
      updateConversation(tx, workspace_id, before!.id, { status: "RESOLVED", read: true }),
    );
    await apply(call("terminate", T + 30, { end: END, person: person({}), by_business: null }));
    expect(await conversations()).toMatchObject([{ unread_count: 0, status: "RESOLVED" }]);
    await apply(call("connect", T));
    expect(await conversations()).toMatchObject([{ unread_count: 1, status: "OPEN" }]);
  });

  it("the earlier of two accounts of its end stands, also when it comes second (F28)", async () => {
    await apply(call("connect", T), call("terminate", T + 30, { end: END }));
    expect(await conversations()).toMatchObject([{ unread_count: 1 }]);
    await apply(call("terminate", T + 20, { end: { ...END, picked_up: true } }));
    expect(await conversations()).toMatchObject([{ unread_count: 0 }]);
  });

  it("the first thing heard of a person makes their contact and thread, with name and both ids, and opens the window (F7)", async () => {
    await apply(call("connect", T, { person: annWithId }));
    const [made] = await conversations();
    expect(made).toMatchObject({
      contact: { display_name: "Ann", phone: "+1 650 555 1234" },
      window_expires_at: new Date((T + 24 * 3_600) * 1000).toISOString(),
    });
    const contact = await views.getContact(db, workspace_id, made!.contact.id);
    expect(contact.identities.map(({ kind }) => kind)).toEqual(["bsuid", "wa_id"]);
  });

  it("what comes with a call or a status is evidence as what comes with a message: names and ids (F7)", async () => {
    await apply(live(message(person({ wa_id: ann.wa_id }), "wamid.1", "Hello", T)));
    await apply(call("connect", T + 1, { person: annWithId }));
    await apply(live(message(person({ user_id: "US.1" }), "wamid.2", "Me again", T + 2)));
    expect(await conversations()).toMatchObject([{ contact: { display_name: "Ann" } }]);
    expect(await thread()).toHaveLength(3);
    await apply(
      event(
        {
          kind: "status",
          wamid: "wamid.3",
          status: "read",
          recipient: person({ wa_id: ann.wa_id, profile_name: "Ann of the shop", username: "ann.shop" }),
          participant_id: null,
          group_id: null,
          errors: [],
          pricing: null,
          conversation: null,
          callback_data: null,
        },
        T + 3,
      ),
    );
    expect(await conversations()).toMatchObject([
      { contact: { display_name: "Ann of the shop", username: "ann.shop" } },
    ]);
  });

  it("a call that we make opens no window (F7)", async () => {
    await apply(call("connect", T, { by_business: true }));
    expect(await conversations()).toMatchObject([{ window_expires_at: null }]);
  });
});

const GROUP = "Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjMzOTQzMjAdOTY0MTUZD";
const group = (type: string, at_s: number, change: Partial<GroupChange> = {}) =>
  event({ kind: "group", group_id: GROUP, event: type, change: groupChange(change) }, at_s);
const detail = async () => {
  const [only] = await conversations();
  const contact = await views.getContact(db, workspace_id, only!.contact.id);
  return contract["GET /api/v1/contacts/:id"].response.parse(contact).group!;
};

describe("groups", () => {
  it("are named by the newest subject, and say who is in them, in whichever order it is told (F20)", async () => {
    const events = [
      group("group_create", T, { subject: "Spring trip", invite_link: "https://chat.whatsapp.com/A" }),
      group("group_participants_add", T + 1, { joined: [annWithId], reason: "invite_link" }),
      group("group_participants_add", T + 2, { joined: [bob] }),
      live(message(ann, "wamid.1", "Who brings the tents?", T + 3, GROUP)),
      group("group_settings_update", T + 4, { subject: "Autumn trip", description: "By train" }),
      group("group_participants_remove", T + 5, { left: [bob], initiated_by: "participant" }),
    ];
    await inEitherOrder(events, async () => {
      expect(await conversations()).toMatchObject([
        {
          contact: { display_name: "Autumn trip" },
          group: { state: "active", participants: 1 },
          last_message: { type: "system", text: "Bob left" },
        },
      ]);
      expect((await thread()).map(({ text, author }) => [author, text])).toEqual([
        [null, "The group “Spring trip” was created"],
        [null, "Ann joined by the invitation link"],
        [null, "Bob joined"],
        ["Ann", "Who brings the tents?"],
        [null, "The group is now called “Autumn trip”; the description changed"],
        [null, "Bob left"],
      ]);
      expect(await detail()).toMatchObject({
        description: "By train",
        invite_link: "https://chat.whatsapp.com/A",
        participants: [{ display_name: "Ann", phone: "+1 650 555 1234" }],
      });
    });
  });

  it("one of which only messages were told has a short name, and who spoke in it is in it (F20)", async () => {
    await apply(live(message(ann, "wamid.1", "Hi all", T, GROUP)));
    expect(await conversations()).toMatchObject([
      {
        contact: { display_name: `Group ${GROUP.slice(-6)}` },
        group: { participants: 1 },
      },
    ]);
    expect(await detail()).toMatchObject({ participants: [{ display_name: "Ann" }] });
  });

  it("a participant who is removed by number is the one who came by id (F20)", async () => {
    await apply(group("group_participants_add", T, { joined: [annWithId] }));
    await apply(
      group("group_participants_remove", T + 1, {
        left: [person({ wa_id: ann.wa_id })],
        initiated_by: "business",
      }),
    );
    expect(await conversations()).toMatchObject([{ group: { participants: 0 } }]);
    expect((await thread()).at(-1)).toMatchObject({ text: "Ann was removed" });
  });

  it("are suspended, restored and deleted as WhatsApp says, by its own times (F20)", async () => {
    const events = [group("group_suspend", T), group("group_suspend_cleared", T + 1)];
    await inEitherOrder(events, async () =>
      expect(await conversations()).toMatchObject([{ group: { state: "active" } }]),
    );
    await apply(group("group_suspend", T + 2));
    expect(await conversations()).toMatchObject([{ group: { state: "suspended" } }]);
    await apply(group("group_delete", T + 3));
    expect(await conversations()).toMatchObject([{ group: { state: "deleted" } }]);
  });

  it("show as ours what the business did, and as others' what members did (F20)", async () => {
    await apply(
      group("group_create", T, { subject: "Spring trip" }),
      group("group_participants_add", T + 1, { joined: [annWithId], reason: "invite_link" }),
      group("group_settings_update", T + 2, { subject: "Autumn trip" }),
      group("group_participants_remove", T + 3, { left: [annWithId], initiated_by: "business" }),
      group("group_participants_remove", T + 4, { left: [bob], initiated_by: "participant" }),
    );
    const [ours, theirs] = [
      ["OUTBOUND", "OTHER_APP"],
      ["INBOUND", "CUSTOMER"],
    ];
    const sides = (await thread()).map(({ direction, source }) => [direction, source]);
    expect(sides).toEqual([ours, theirs, ours, ours, theirs]);
    expect(await conversations()).toMatchObject([{ unread_count: 0, window_expires_at: null }]);
  });

  it("what WhatsApp did not do is kept with its reason and shows nowhere (F20)", async () => {
    const errors = [
      { code: 131_211, title: "Group create limit reached", message: null, details: null, href: null },
    ];
    const { ignored } = await apply(group("group_create", T, { subject: "Never", errors }));
    expect(ignored).toMatchObject([{ reason: expect.stringContaining("Group create limit reached") }]);
    expect(await conversations()).toEqual([]);
  });
});

const handover = (
  handover_type: string,
  at_s: number,
  parts: Partial<Extract<EventData, { kind: "handover" }>> = {},
) =>
  event(
    {
      kind: "handover",
      person: ann,
      handover_type,
      from_role: "ai_agent",
      to_role: "escalation",
      note: null,
      summary: null,
      ...parts,
    },
    at_s,
  );

describe("threads that another responder has", () => {
  const asked = message(ann, "wamid.1", "Are you open on Sunday?", T);
  const answer = () =>
    event(
      { kind: "standby", told: { kind: "echo", wamid: "wamid.2", to: ann, message: said("Until eight.") } },
      T + 1,
    );

  it("are shown, marked so; nothing is unread or opened until one is passed on to us (F26)", async () => {
    await apply(live(message(ann, "wamid.0", "Hello", T - 100)));
    const [{ id } = { id: "" }] = await conversations();
    await db.transaction((tx) =>
      updateConversation(tx, workspace_id, id, { status: "RESOLVED", read: true }),
    );
    await apply(standby(asked), answer(), handover("control_taken", T - 50));
    expect(await conversations()).toMatchObject([{ unread_count: 0, status: "RESOLVED" }]);
    const passed = handover("control_passed", T + 2, {
      note: "asks for a person",
      summary: "Wants the opening hours.",
    });
    await apply(passed);
    expect(await conversations()).toMatchObject([{ unread_count: 1, status: "OPEN" }]);
    expect(await thread()).toMatchObject([
      { text: "Hello", standby: false },
      { text: "The escalation partner took the conversation over" },
      { text: "Are you open on Sunday?", standby: true, direction: "INBOUND", source: "CUSTOMER" },
      { text: "Until eight.", standby: true, direction: "OUTBOUND", source: "OTHER_APP" },
      {
        type: "system",
        text: "Meta Business Agent passed the conversation on to you: asks for a person",
        content: { summary: "Wants the opening hours." },
      },
    ]);
  });

  it("a message that is told again as ours is the same message, and then asks for an answer (F26)", async () => {
    await inEitherOrder([standby(asked), live(asked)], async () => {
      expect(await thread()).toMatchObject([{ text: "Are you open on Sunday?", standby: false }]);
      expect(await conversations()).toMatchObject([{ unread_count: 1, status: "OPEN" }]);
    });
    await clearInbox(db, workspace_id);
    await apply(standby(asked));
    const [{ id } = { id: "" }] = await conversations();
    await db.transaction((tx) => updateConversation(tx, workspace_id, id, { status: "RESOLVED" }));
    await apply(live(asked));
    expect(await conversations()).toMatchObject([{ status: "OPEN", unread_count: 1 }]);
  });

  it("statuses of another's message are those of the message (F26)", async () => {
    const read: EventData = {
      kind: "status",
      wamid: "wamid.2",
      status: "read",
      recipient: person({ wa_id: ann.wa_id }),
      participant_id: null,
      group_id: null,
      errors: [],
      pricing: null,
      conversation: null,
      callback_data: null,
    };
    await inEitherOrder([event({ kind: "standby", told: read }, T + 5), answer()], async () =>
      expect(await thread()).toMatchObject([{ status: "READ" }]),
    );
  });

  it("what a customer says there counts: the window opens, and STOP stops (F26)", async () => {
    await apply(standby(message(ann, "wamid.1", "STOP", T)));
    expect(await conversations()).toMatchObject([
      {
        contact: { marketing_state: "UNSUBSCRIBED" },
        window_expires_at: new Date((T + 24 * 3_600) * 1000).toISOString(),
      },
    ]);
  });
});

describe("orders", () => {
  it("show how their payment stands, at the message that asked for it, by Meta's times (F21)", async () => {
    const paid = (status: string, at_s: number) =>
      event(
        {
          kind: "payment_status",
          wamid: "wamid.1",
          status,
          payment: {
            reference_id: "order-4821",
            amount: "210.00",
            currency: "INR",
            method: "upi",
            reason: null,
          },
        },
        at_s,
      );
    const echo = event({ kind: "echo", wamid: "wamid.1", to: ann, message: said("Please pay") }, T);
    await inEitherOrder([echo, paid("pending", T + 1), paid("captured", T + 2)], async () =>
      expect(await thread()).toMatchObject([
        {
          status: null,
          payment: { status: "captured", amount: "210.00", currency: "INR", reference_id: "order-4821" },
        },
      ]),
    );
  });
});

it("calls and handovers that name no person are kept as ignored, with a reason", async () => {
  const { ignored } = await apply(
    call("connect", T, { person: person({}) }),
    handover("control_passed", T, { person: person({}) }),
  );
  expect(ignored).toHaveLength(2);
  expect(await db.rows(sql`select event from call_events where workspace_id = ${workspace_id}`)).toEqual([
    { event: "connect" },
  ]);
});

describe("Meta's payloads", () => {
  it.each([
    ["calls.connect-user-initiated.pywa", "Incoming voice call"],
    ["calls.call-status.pywa", "Outgoing voice call"],
    ["calls.terminate.pywa", "Voice call, 2 min"],
    ["calls.terminate-missed.synthetic", "Missed voice call"],
    [
      "calls.terminate-failed-with-errors.whatsapprs",
      "Voice call failed: Call failed to connect because the callee did not answer in time",
    ],
    ["group_lifecycle_update.create.piusalfred", "The group “SDK Test Group” was created"],
    ["group_participants_update.add.piusalfred", "+1 650 555 1234 joined by the invitation link"],
    ["group_participants_update.remove.whatsapprs", "+1 650 555 1234 was removed"],
    ["group_participants_update.join-request.whatsapprs", "@pablomorales asks to join"],
    ["group_settings_update.partial.piusalfred", "The group is now called “New Subject”"],
    ["group_status_update.status.piusalfred", "WhatsApp suspended the group"],
    ["standby.inbound-message.whatsapprs", "Test standby message"],
    ["standby.echo.synthetic", "We are open until eight."],
    [
      "messaging_handovers.control-passed.whatsapprs",
      "Meta Business Agent passed the conversation on to you: WhatsApp user requested human agent",
    ],
    [
      "messaging_handovers.control-taken.synthetic",
      "The escalation partner took the conversation over: Control taken via service message",
    ],
    ["messages.unsupported-with-text.synthetic", "Which day suits you?"],
  ])("%s is a line of its thread (F20, F21, F26, F28)", async (name, text) => {
    const read = readWebhook(readFileSync(join(projectDir, `test/fixtures/meta/${name}.json`)));
    const events = (read.ok ? read.events : []).map((one): RoutedEvent => ({
      workspace_id,
      id: idOf(`${workspace_id}:${one.key}`),
      phone_number: number,
      journal_id: newId(),
      received_at: new Date(),
      occurred_at: new Date(one.occurred_at_ms ?? 0),
      event: one,
    }));
    await apply(...events);
    expect((await thread()).map((line) => line.text)).toEqual([text]);
  });
});

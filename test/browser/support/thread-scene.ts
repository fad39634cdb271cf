import type { Update } from "../../../src/simulator/simulator.ts";
import type { Meta } from "./meta.ts";

export const GROUP_ID = "Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjMzOTQzMjAdOTY0MTUZD";

type Who = { wa_id: string; name: string };

/** What stands in threads beside messages: calls, a group, a conversation that another app had, a shop's lines. */
export function createThreadScene(meta: Meta) {
  const { number, time } = meta;
  const contactOf = ({ wa_id, name }: Who) => ({ profile: { name }, wa_id });
  const told = (
    field: string,
    list: string,
    at: number,
    item: Record<string, unknown>,
    contact: Update["contact"] = null,
  ): Promise<void> => meta.send({ waba_id: number.waba_id, number, field, list, contact, time: at, item });

  const call = async (
    who: Who,
    ago_s: number,
    how: { by_us?: boolean; duration_s?: number; rejected?: boolean } = {},
  ): Promise<void> => {
    const at = time(ago_s);
    const id = `wacid.${who.wa_id}.${at}`;
    const [from, to] = how.by_us
      ? [number.display_phone_number, who.wa_id]
      : [who.wa_id, number.display_phone_number];
    const direction = how.by_us ? "BUSINESS_INITIATED" : "USER_INITIATED";
    const parts = { id, from, to, direction };
    await told("calls", "calls", at, { ...parts, event: "connect", timestamp: String(at) }, contactOf(who));
    if (how.rejected)
      await told("calls", "statuses", at, {
        id,
        type: "call",
        status: "REJECTED",
        timestamp: String(at + 8),
        recipient_id: who.wa_id,
      });
    const { duration_s } = how;
    const answered =
      duration_s === undefined
        ? {}
        : { start_time: String(at + 5), end_time: String(at + 5 + duration_s), duration: duration_s };
    await told(
      "calls",
      "calls",
      at,
      {
        ...parts,
        event: "terminate",
        timestamp: String(at + 5 + (duration_s ?? 25)),
        status: duration_s === undefined ? "FAILED" : "COMPLETED",
        ...answered,
      },
      contactOf(who),
    );
  };

  const group = (field: string, ago_s: number, item: Record<string, unknown>) => {
    const at = time(ago_s);
    return told(field, "groups", at, { group_id: GROUP_ID, timestamp: String(at), ...item });
  };
  const saysInGroup = async (who: Who, ago_s: number, body: string, quoting?: string): Promise<string> => {
    const at = time(ago_s);
    const id = meta.wamid(who.wa_id, "inbound");
    await told(
      "messages",
      "messages",
      at,
      {
        from: who.wa_id,
        group_id: GROUP_ID,
        id,
        timestamp: String(at),
        type: "text",
        text: { body },
        ...(quoting === undefined ? {} : { context: { from: number.display_phone_number, id: quoting } }),
      },
      contactOf(who),
    );
    return id;
  };

  const standby = (who: Who, ago_s: number, body: string) => {
    const at = time(ago_s);
    const id = meta.wamid(who.wa_id, "inbound");
    const item = { from: who.wa_id, id, timestamp: String(at), type: "text", text: { body } };
    return told("standby", "messages", at, item, contactOf(who));
  };
  const standbyAnswer = (who: Who, ago_s: number, body: string) => {
    const at = time(ago_s);
    const id = meta.wamid(who.wa_id, "outbound");
    const message = { messaging_product: "whatsapp", to: who.wa_id, type: "text", text: { body } };
    return told("standby", "message_echoes", at, { id, timestamp: String(at), message });
  };
  const message = (who: Who, ago_s: number, item: Record<string, unknown>): Promise<string> => {
    const at = time(ago_s);
    const id = meta.wamid(who.wa_id, "inbound");
    return told(
      "messages",
      "messages",
      at,
      { from: who.wa_id, id, timestamp: String(at), ...item },
      contactOf(who),
    ).then(() => id);
  };
  return { call, group, saysInGroup, standby, standbyAnswer, message, told };
}

/** A day with all of it: scripts/screenshots.ts shows it. */
export async function playThreads(meta: Meta, post: (body: string) => Promise<number>): Promise<void> {
  const scene = createThreadScene(meta);
  const HOUR = 3_600;
  const elif = { wa_id: "905320000087", name: "Elif Yıldız" };
  const mateo = { wa_id: "5491150000042", name: "Mateo Rossi" };
  const ines = { wa_id: "351910000164", name: "Inês Duarte" };
  const jonas = { wa_id: "4560000018", name: "Jonas Holm" };

  await scene.call(elif, 5 * HOUR, { duration_s: 372 });
  await scene.message(elif, 4 * HOUR, {
    type: "text",
    text: { body: "Thank you, that was clear! I’ll come on Friday." },
  });
  await scene.call(elif, 2 * HOUR, { by_us: true, rejected: true });
  await scene.message(elif, 40 * 60, {
    type: "text",
    text: { body: "Is this one still there in grey?" },
    context: {
      from: meta.number.display_phone_number,
      id: "wamid.earlier",
      referred_product: { catalog_id: "194836987003835", product_retailer_id: "Hillside 6, moss" },
    },
  });
  const order = await scene.message(elif, 30 * 60, {
    type: "order",
    order: {
      catalog_id: "194836987003835",
      text: "By Friday, please",
      product_items: [
        { product_retailer_id: "Hillside 6", quantity: 1, item_price: 349, currency: "EUR" },
        { product_retailer_id: "Pegs, set of 12", quantity: 2, item_price: 14.5, currency: "EUR" },
      ],
    },
  });
  const paid = { value: 37_800, offset: 100 };
  await scene.told("messages", "statuses", meta.time(29 * 60), {
    id: order,
    type: "payment",
    status: "captured",
    timestamp: String(meta.time(29 * 60)),
    recipient_id: elif.wa_id,
    payment: {
      reference_id: "order-4821",
      amount: paid,
      currency: "EUR",
      transaction: { id: "t1", status: "success", method: { type: "card" } },
    },
  });
  await scene.call(elif, 4 * 60);

  await scene.group("group_lifecycle_update", 7 * HOUR, {
    type: "group_create",
    subject: "Dolomites in June",
    description: "Six days from hut to hut. Questions about tents and shoes are welcome.",
    invite_link: "https://chat.whatsapp.com/H3kq0000wharf",
    join_approval_mode: "auto_approve",
  });
  const joins = (who: typeof elif, ago_s: number) =>
    scene.group("group_participants_update", ago_s, {
      type: "group_participants_add",
      reason: "invite_link",
      added_participants: [{ wa_id: who.wa_id }],
    });
  for (const [who, ago_s] of [
    [mateo, 6.5 * HOUR],
    [ines, 6.4 * HOUR],
    [jonas, 6 * HOUR],
  ] as const)
    await joins(who, ago_s);
  const asked = await scene.saysInGroup(ines, 5.5 * HOUR, "Which shoes would you take for the *Sassongher*?");
  await scene.saysInGroup(mateo, 5.4 * HOUR, "I have the low ones and never missed more", asked);
  await scene.group("group_settings_update", 5 * HOUR, {
    type: "group_settings_update",
    group_subject: { text: "Dolomites, 12–17 June", update_successful: true },
  });
  await scene.group("group_participants_update", 3 * HOUR, {
    type: "group_participants_remove",
    removed_participants: [{ wa_id: jonas.wa_id }],
    initiated_by: "participant",
  });
  await scene.saysInGroup(ines, 8 * 60, "Can we still change the third night?");

  const zoe = { wa_id: "27820000155", name: "Zoë Botha" };
  await scene.standby(zoe, 55 * 60, "Are you open on Sunday?");
  await scene.standbyAnswer(zoe, 54 * 60, "We are, from ten to four. Shall I put something aside for you?");
  await scene.standby(zoe, 52 * 60, "I’d rather talk to a person about a repair");
  await post(
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: [
        {
          id: meta.number.waba_id,
          changes: [
            {
              field: "messaging_handovers",
              value: {
                messaging_product: "whatsapp",
                sender: { phone_number: zoe.wa_id },
                recipient: {
                  phone_number_id: meta.number.phone_number_id,
                  display_phone_number: meta.number.display_phone_number,
                },
                type: "control_passed",
                timestamp: String(meta.time(51 * 60)),
                control_passed: {
                  previous_owner_role: "ai_agent",
                  new_owner_role: "escalation",
                  metadata: "Customer asks for a person",
                  conversation_context: {
                    type: "summary",
                    summary: {
                      text: "Asked for Sunday’s opening hours, was told 10 to 4, then wanted a repair.",
                    },
                  },
                },
              },
            },
          ],
        },
      ],
    }),
  );
  await scene.message(zoe, 49 * 60, {
    type: "text",
    text: { body: "Hello? It’s the zip of a Family Dome." },
  });
  await scene.standby({ wa_id: "61400000131", name: "Liam Walsh" }, 17 * 60, "Do you rent tents?");
  await scene.standbyAnswer(
    { wa_id: "61400000131", name: "Liam Walsh" },
    16 * 60,
    "Yes: three days from 45 AUD.",
  );
  await meta.drained();
}

import type { Reply } from "../../../src/contract/contract.ts";

type Hold = NonNullable<Reply<"GET /api/v1/installation">["hold"]>;

const messages = (count: number) => (count === 1 ? "1 message" : `${count} messages`);
const campaigns = (count: number) => (count === 1 ? "1 campaign" : `${count} campaigns`);
const deliveries = (count: number) => (count === 1 ? "1 webhook delivery" : `${count} webhook deliveries`);

/** What a Wharf says that was restored or copied, and waits for an owner's word. */
export const HOLD = {
  label: "On hold",
  title: "Nothing is being sent.",
  why: {
    restored: (moment: string | null) =>
      moment === null
        ? "Wharf was restored from a backup."
        : `Wharf was restored from the backup of ${moment}.`,
    copied: () => "Wharf’s data was copied or moved to another place.",
    older: () => "Wharf’s database was put back to an earlier state.",
  } satisfies Record<Hold["reason"], (moment: string | null) => string>,
  waits: "What comes in is read as usual. Replies and webhooks wait until an owner confirms.",
  confirm: "Start sending…",
  dialog: "Start sending again?",
  first: "Make sure that the Wharf this is a copy of has stopped. Otherwise both would send.",
  waiting: (sends: number, pending: number) =>
    sends === 0 && pending === 0
      ? "Nothing waits in this workspace."
      : `${messages(sends)} and ${deliveries(pending)} wait in this workspace.`,
  campaigns: "Campaigns that were under way are paused. You decide which of them go on.",
  sends:
    "Messages that were about to be sent before the hold may have reached the customer. They are marked as unconfirmed, and you decide about each.",
  choice: "Webhook deliveries from before the hold",
  drop: "Cancel them",
  drop_text: "They may have arrived already. You can send each again from its webhook’s page.",
  send: "Send them",
  send_text: "Your server may get some a second time, with the same ID.",
  yes: "Start sending",
  done: "Wharf is sending again",
  done_text: (sends: number, paused: number, cancelled: number) =>
    sends === 0 && paused === 0 && cancelled === 0
      ? "Nothing was left from before the hold."
      : `${messages(sends)} marked as unconfirmed, ${campaigns(paused)} paused, ${deliveries(cancelled)} cancelled.`,
  failed: "Wharf is still on hold",
};

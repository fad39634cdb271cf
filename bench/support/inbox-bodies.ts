import { randomBytes } from "node:crypto";
import { waIdOf, wamidOf, type FilledInbox } from "./fill-inbox.ts";

export type Kind = "statuses" | "messages";
export const KINDS: Kind[] = ["statuses", "messages"];

/** sent, delivered and read of one message after the other; texts from known people. Each item is new. */
export function createBodies({
  phone_number_id,
  messages,
  contacts,
  contactOf,
}: FilledInbox): Record<Kind, () => Buffer> {
  const metadata = { display_phone_number: "15550783881", phone_number_id };
  const timestamp = () => String(Math.floor(Date.now() / 1_000));
  const envelope = (value: object) =>
    Buffer.from(
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: [
          {
            id: "102290129340398",
            changes: [{ value: { messaging_product: "whatsapp", metadata, ...value }, field: "messages" }],
          },
        ],
      }),
    );
  let statuses = 0;
  let texts = 0;
  /** Another one's are other messages. */
  const series = randomBytes(4).toString("hex");
  return {
    statuses() {
      const i = statuses++;
      // Coprime with any power of ten: wanders over the whole table, in runs of three statuses a message.
      const n = ((Math.floor(i / 3) * 7_919) % messages) + 1;
      const wa_id = waIdOf(contactOf(n));
      return envelope({
        contacts: [{ wa_id }],
        statuses: [
          {
            id: wamidOf(n),
            status: (["sent", "delivered", "read"] as const)[i % 3],
            timestamp: timestamp(),
            recipient_id: wa_id,
            conversation: { id: String(i).padStart(32, "0"), origin: { type: "marketing" } },
            pricing: { billable: true, pricing_model: "PMP", category: "marketing", type: "regular" },
          },
        ],
      });
    },
    messages() {
      const i = texts++;
      const wa_id = waIdOf(((i * 7_919) % contacts) + 1);
      return envelope({
        contacts: [{ profile: { name: "Bench Customer" }, wa_id }],
        messages: [
          {
            from: wa_id,
            id: `wamid.IN${series}${String(i).padStart(50, "0")}`,
            timestamp: timestamp(),
            type: "text",
            text: {
              body: `Yes please, and could it come on Friday? My order is ${i}. `.padEnd(130, "Thanks! "),
            },
          },
        ],
      });
    },
  };
}

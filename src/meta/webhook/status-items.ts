import { readCallStatus } from "./call-items.ts";
import { completed, personOf } from "./people.ts";
import { readPayment } from "./payment-items.ts";
import { type ItemReader, unreadable } from "./reading.ts";
import { asFailures, asObject, asRecord, asText, asTime_ms } from "../json/json.ts";

/**
 * `value.statuses[]`. Two kinds of status are none of a message's: of a payment, and, in the field `calls`, of a
 * call; their `failed` says nothing about the message.
 */
export const readStatus: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const type = asText(item["type"]);
  const id = asText(item["id"]);
  const status = asText(item["status"])?.toLowerCase() ?? null;
  if (type === "payment") {
    const payment = readPayment(item);
    return [
      {
        data: { kind: "payment_status", wamid: id, status, payment },
        subscription: "statuses",
        occurred_at_ms,
      },
    ];
  }
  if (type === "call" || around.field === "calls") return readCallStatus(item, around);
  if (id === null)
    return [unreadable("statuses", "statuses", "The status names no message.", occurred_at_ms)];
  if (status === null)
    return [unreadable("statuses", "statuses", "The status says nothing.", occurred_at_ms)];

  const in_group = asText(item["recipient_type"]) === "group";
  const participant = personOf(
    // Meta's samples spell it either way.
    asText(item["recipient_participant_id"]) ?? asText(item["participant_recipient_id"]),
    asText(item["recipient_participant_user_id"]),
    asText(item["recipient_participant_parent_user_id"]),
  );
  const recipient = in_group
    ? participant
    : personOf(
        asText(item["recipient_id"]),
        asText(item["recipient_user_id"]),
        // Renamed in May 2026.
        asText(item["recipient_parent_user_id"]) ?? asText(item["parent_recipient_user_id"]),
      );
  const participant_id = participant.wa_id ?? participant.user_id;
  const conversation = asObject(item["conversation"]);
  return [
    {
      data: {
        kind: "status",
        wamid: id,
        status,
        recipient: completed(recipient, around.contacts, around.item_count),
        participant_id,
        group_id: in_group ? asText(item["recipient_id"]) : null,
        errors: asFailures(item["errors"]),
        // A group's status carries its price inside the conversation.
        pricing: asRecord(item["pricing"]) ?? asRecord(conversation?.["pricing"]),
        conversation: asRecord(item["conversation"]),
        callback_data: asText(item["biz_opaque_callback_data"]),
      },
      subscription: "statuses",
      occurred_at_ms,
      key: `status:${id}:${status}:${participant_id ?? ""}`,
    },
  ];
};

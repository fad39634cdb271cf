import { expect, test } from "vitest";
import { wordsOfEvent } from "./event-words.ts";
import type { EventSummary } from "../types.ts";

const event = (of: Partial<EventSummary>): EventSummary => ({
  id: "1",
  journal_id: "2",
  kind: "message",
  outcome: "applied",
  reason: null,
  occurred_at: null,
  contact: { id: "3", display_name: "Sheena Nelson", phone: "+1 202 555 0147" },
  group: null,
  phone_number: null,
  conversation_id: null,
  message_id: null,
  wamid: null,
  direction: "INBOUND",
  type: null,
  text: null,
  value: null,
  call: null,
  error: null,
  template: null,
  ...of,
});
const line = (of: Partial<EventSummary>) => {
  const { who, what, text } = wordsOfEvent(event(of));
  return [who, [what, text].filter((part) => part !== null).join(": ")].join(" · ");
};
const template = { name: "order_update", language: "en_US" };
const ended = { picked_up: true, failed: false, duration_s: 192 };

test.each<[Partial<EventSummary>, string]>([
  [{ type: "text", text: "Hi! Is the *blue* one back?" }, "Sheena Nelson · Hi! Is the blue one back?"],
  [{ type: "image", text: "This one" }, "Sheena Nelson · Photo: This one"],
  [{ type: "image" }, "Sheena Nelson · Photo"],
  [
    { kind: "status", value: "delivered", type: "text", text: "Your order" },
    "Sheena Nelson · Delivered: Your order",
  ],
  [
    {
      kind: "status",
      value: "failed",
      text: "Your order",
      error: { code: 131026, title: "Not on WhatsApp." },
    },
    "Sheena Nelson · Failed: Not on WhatsApp.",
  ],
  [{ kind: "status", value: "read", type: "image" }, "Sheena Nelson · Read: Photo"],
  [{ kind: "reaction", value: "👍", text: "Your order" }, "Sheena Nelson · Reacted 👍: Your order"],
  [{ kind: "reaction", value: null }, "Sheena Nelson · Removed a reaction"],
  [{ kind: "call", value: "terminate", call: ended }, "Sheena Nelson · Call, 3 min 12 s"],
  [{ kind: "call", value: "terminate", call: { ...ended, picked_up: false } }, "Sheena Nelson · Missed call"],
  [{ kind: "call", value: "connect" }, "Sheena Nelson · Incoming call"],
  [
    { kind: "template_status", value: "APPROVED", template, contact: null },
    "order_update · Template approved",
  ],
  [
    {
      kind: "template_status",
      value: "REJECTED",
      template,
      contact: null,
      text: "Variables without samples",
    },
    "order_update · Template rejected: Variables without samples",
  ],
  [{ kind: "user_preference", value: "stop" }, "Sheena Nelson · Stopped marketing messages"],
  [{ kind: "account", value: "ACCOUNT_RESTRICTION", contact: null }, " · Account restriction"],
  [{ kind: "some_new_kind", contact: null }, " · Some new kind"],
  [
    { type: "text", text: "Hello all", group: { id: null, display_name: "Hikers" } },
    "Sheena Nelson in Hikers · Hello all",
  ],
])("%o", (of, expected) => {
  expect(line(of)).toBe(expected);
});

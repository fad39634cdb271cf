import { newId } from "../../base/base.ts";
import type { Subscription } from "../../meta/events.ts";

/**
 * What a test sends: one webhook of each family, in the shape that Meta's reference gives it, with the account and the
 * number of Meta's own test button and ids that can't be taken for real ones. Its times are now, its ids are new.
 */
export function sampleOf(subscription: Subscription, now_ms: number): string {
  const { field, value, dated } = SAMPLES[subscription](Math.floor(now_ms / 1000));
  const entry = {
    id: "0",
    ...(dated ? { time: Math.floor(now_ms / 1000) } : {}),
    changes: [{ field, value }],
  };
  return JSON.stringify({ object: "whatsapp_business_account", entry: [entry] });
}

/** One of each. */
export function samples(now_ms: number): { event: Subscription; payload: string }[] {
  const events = Object.keys(SAMPLES) as Subscription[];
  return events.map((event) => ({ event, payload: sampleOf(event, now_ms) }));
}

interface Sample {
  field: string;
  value: object;
  /** Fields about the account and its templates say when; those about messages don't. */
  dated?: boolean;
}

const BUSINESS = "16505551111";
const CUSTOMER = "16315551181";
const contacts = [{ profile: { name: "Test Customer" }, wa_id: CUSTOMER }];
const template = {
  message_template_id: 12345678,
  message_template_name: "test_template",
  message_template_language: "en_US",
};

const testId = (prefix: string) => `${prefix}TEST${newId().replaceAll("-", "").toUpperCase()}`;
/** The fields about messages, which name the number that they are about. */
const messaging = (field: string, value: object): Sample => ({
  field,
  value: {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: BUSINESS, phone_number_id: "123456123" },
    ...value,
  },
});
const managing = (field: string, value: object): Sample => ({ field, value, dated: true });

const SAMPLES: Record<Subscription, (now_s: number) => Sample> = {
  messages: (now_s) =>
    messaging("messages", {
      contacts,
      messages: [
        {
          from: CUSTOMER,
          id: testId("wamid."),
          timestamp: String(now_s),
          type: "text",
          text: { body: "This is a test message from Wharf." },
        },
      ],
    }),
  statuses: (now_s) =>
    messaging("messages", {
      contacts,
      statuses: [
        {
          id: testId("wamid."),
          status: "delivered",
          timestamp: String(now_s),
          recipient_id: CUSTOMER,
          pricing: { billable: true, pricing_model: "PMP", category: "utility", type: "regular" },
        },
      ],
    }),
  template_status: () =>
    managing("message_template_status_update", {
      event: "APPROVED",
      ...template,
      reason: "NONE",
      message_template_category: "UTILITY",
    }),
  template_quality: () =>
    managing("message_template_quality_update", {
      previous_quality_score: "GREEN",
      new_quality_score: "YELLOW",
      ...template,
    }),
  account: () => managing("account_review_update", { decision: "APPROVED" }),
  phone_number: () =>
    managing("phone_number_quality_update", {
      display_phone_number: BUSINESS,
      event: "THROUGHPUT_UPGRADE",
      current_limit: "TIER_UNLIMITED",
    }),
  user_preferences: (now_s) =>
    messaging("user_preferences", {
      contacts,
      user_preferences: [
        {
          wa_id: CUSTOMER,
          detail: "User requested to stop marketing messages",
          category: "marketing_messages",
          value: "stop",
          timestamp: now_s,
        },
      ],
    }),
  echoes: (now_s) =>
    messaging("smb_message_echoes", {
      message_echoes: [
        {
          from: BUSINESS,
          to: CUSTOMER,
          id: testId("wamid."),
          timestamp: String(now_s),
          type: "text",
          text: { body: "This is a test message from Wharf." },
        },
      ],
    }),
  calls: (now_s) =>
    messaging("calls", {
      contacts,
      calls: [
        {
          id: testId("wacid."),
          from: CUSTOMER,
          to: BUSINESS,
          event: "terminate",
          direction: "USER_INITIATED",
          timestamp: String(now_s),
          status: "COMPLETED",
          start_time: String(now_s - 60),
          end_time: String(now_s),
          duration: 60,
        },
      ],
    }),
  flows: () =>
    managing("flows", {
      event: "FLOW_STATUS_CHANGE",
      message: "Flow Test Flow changed status from DRAFT to PUBLISHED",
      flow_id: "12345678",
      old_status: "DRAFT",
      new_status: "PUBLISHED",
    }),
  groups: (now_s) =>
    messaging("group_participants_update", {
      groups: [
        {
          timestamp: String(now_s),
          group_id: testId("group."),
          type: "group_participants_add",
          reason: "invite_link",
          added_participants: [{ wa_id: CUSTOMER }],
        },
      ],
    }),
  other: (now_s) => ({
    field: "messaging_handovers",
    value: {
      messaging_product: "whatsapp",
      sender: { phone_number: CUSTOMER },
      recipient: { phone_number_id: "123456123", display_phone_number: BUSINESS },
      type: "control_passed",
      timestamp: String(now_s),
      control_passed: { new_owner_role: "escalation", metadata: "This is a test from Wharf." },
    },
  }),
};

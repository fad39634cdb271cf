import type { LiveEventData, Reply, Seen } from "../../../src/contract/contract.ts";

export type Me = Reply<"GET /api/v1/me">;
export type Conversation = Reply<"GET /api/v1/conversations/:id">;
export type ConversationPage = Reply<"GET /api/v1/conversations">;
export type ConversationStatus = Conversation["status"];
export type ConversationCounts = Reply<"GET /api/v1/conversations/counts">;
export type ThreadPage = Reply<"GET /api/v1/conversations/:id/messages">;
export type Message = ThreadPage["data"][number];
export type NewMessage = Seen<"POST /api/v1/conversations/:id/messages">["body"];
export type Outgoing = NewMessage["content"];
export type PhoneNumber = Reply<"GET /api/v1/phone_numbers">["data"][number];
export type Template = Reply<"GET /api/v1/templates">["data"][number];
export type TemplateSync = Reply<"GET /api/v1/templates">["syncs"][number];
export type Media = NonNullable<Message["media"]>;
export type ContactDetail = Reply<"GET /api/v1/contacts/:id">;
export type MarketingState = ContactDetail["marketing_state"];
export type Sandbox = Reply<"GET /api/v1/sandbox">;
export type Persona = Sandbox["personas"][number];
export type SandboxMessage = Seen<"POST /api/v1/sandbox/messages">["body"];
/** What was put there for a played customer to send. */
export interface SandboxMedium {
  id: string;
  mime_type: string;
  size_bytes: number;
  sha256: string;
}
export type SimulatorState = Reply<"GET /api/v1/sandbox/simulator">;
export type SimulatorChange = Seen<"PATCH /api/v1/sandbox/simulator">["body"];
export type MetaErrorLine = Reply<"GET /api/v1/meta_errors">["data"][number];
export type JournalWebhook = Reply<"GET /api/v1/journal">["data"][number];
export type JournalDetail = Reply<"GET /api/v1/journal/:id">;
export type EventSummary = NonNullable<JournalWebhook["event"]>;
export type EventGroup = NonNullable<Seen<"GET /api/v1/journal">["query"]["kind"]>;
export type WebhookDelivery = Reply<"GET /api/v1/journal/:id/deliveries">["data"][number];
export type JournalCounts = NonNullable<Reply<"GET /api/v1/journal">["counts"]>;
export type JournalState = JournalWebhook["state"];
export type UnmatchedMessage = Reply<"GET /api/v1/unmatched_messages">["data"][number];
export type UnmatchedKind = UnmatchedMessage["told"][number]["kind"];
export type Endpoint = Reply<"GET /api/v1/endpoints/:id">;
export type EndpointChanges = Seen<"PATCH /api/v1/endpoints/:id">["body"];
export type NewEndpoint = Seen<"POST /api/v1/endpoints">["body"];
export type Subscription = Endpoint["events"][number];
export type RetryPreset = Endpoint["retry_preset"];
export type EndpointBucket = Reply<"GET /api/v1/endpoints/stats">["data"][number]["hours"][number];
export type StatsRange = NonNullable<Seen<"GET /api/v1/endpoints/:id/stats">["query"]["range"]>;
export type TestResult = Reply<"POST /api/v1/endpoints/:id/test">;
export type Delivery = Reply<"GET /api/v1/endpoints/:id/deliveries">["data"][number];
export type DeliveryCounts = NonNullable<Reply<"GET /api/v1/endpoints/:id/deliveries">["counts"]>;
export type DeliveryState = Delivery["state"];
export type DeliveryKind = NonNullable<Seen<"GET /api/v1/endpoints/:id/deliveries">["query"]["kind"]>;
export type DeliveryDetail = Reply<"GET /api/v1/deliveries/:id">;
export type Attempt = DeliveryDetail["attempt_log"][number];
export type DeliveryPayload = Reply<"GET /api/v1/deliveries/:id/payload">;
export type ProbeResult = Reply<"POST /api/v1/endpoints/:id/probe">;
export type EndpointStats = Reply<"GET /api/v1/endpoints/:id/stats">;
export type EndpointHistoryEntry = Reply<"GET /api/v1/endpoints/:id/history">["data"][number];
export type Recovery = Reply<"GET /api/v1/endpoints/:id/recoveries">["data"][number];
export type { LiveEventData };

export interface Page<Item> {
  data: Item[];
  next_cursor: string | null;
}

import type { Subscription } from "../../lib/types.ts";

export interface EventKind {
  event: Subscription;
  label: string;
  /** What the receiver gets. */
  brings: string;
  /** It carries what people say: what one must know before one sends it somewhere. */
  sensitive?: string;
}

/** Everything that an endpoint can subscribe to; the first three are what most receivers want. */
export const EVENTS: readonly EventKind[] = [
  {
    event: "statuses",
    label: "Message status",
    brings: "Sent, delivered, read, played and failed of your outgoing messages",
  },
  {
    event: "messages",
    label: "Inbound messages",
    brings: "What people write to you, in Meta’s own format: text, media ids, interactive replies",
    sensitive:
      "Inbound messages streams business content to this endpoint: text, media and interactive replies.",
  },
  {
    event: "template_status",
    label: "Template status",
    brings: "Meta’s review of your templates: approved, rejected, paused and so on",
  },
  {
    event: "template_quality",
    label: "Template quality",
    brings: "Quality scores, category changes and edits of your templates",
  },
  {
    event: "account",
    label: "Account",
    brings: "Reviews, restrictions and alerts of your WhatsApp Business account",
  },
  {
    event: "phone_number",
    label: "Phone numbers",
    brings: "Name reviews, quality and messaging limits of your numbers",
  },
  {
    event: "user_preferences",
    label: "Marketing preferences",
    brings: "Somebody stops or resumes your marketing messages",
  },
  {
    event: "echoes",
    label: "Phone app messages",
    brings: "What you write in the WhatsApp Business app, its history and its contacts",
    sensitive:
      "Phone app messages streams business content to this endpoint: what you write in the app, earlier conversations and contacts.",
  },
  { event: "calls", label: "Calls", brings: "Calls that begin, ring and end" },
  { event: "flows", label: "Flows", brings: "The state and health of your flows" },
  { event: "groups", label: "Groups", brings: "Groups that are made or changed, and who joins or leaves" },
  {
    event: "other",
    label: "Everything else",
    brings: "Every other field, also those that Meta adds tomorrow",
    sensitive:
      "Everything else includes fields that nobody knows yet, and business content may be among them.",
  },
];

const BY_EVENT = new Map(EVENTS.map((kind) => [kind.event, kind]));
export const eventLabel = (event: Subscription): string => BY_EVENT.get(event)?.label ?? event;

/** In the order of the table, whatever order the server keeps. */
export const inOrder = (events: readonly Subscription[]): Subscription[] =>
  EVENTS.filter(({ event }) => events.includes(event)).map(({ event }) => event);

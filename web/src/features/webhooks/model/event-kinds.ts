import type { Subscription } from "../../../lib/types.ts";
import { EVENT_TEXTS, FROM_AUTOMATION } from "../texts.ts";

export interface EventKind {
  event: Subscription;
  label: string;
  /** What the receiver gets. */
  brings: string;
  /** It carries what people say: what one must know before one sends it somewhere. */
  sensitive?: string;
}

/** Everything that an endpoint can subscribe to; the first three are what most receivers want. */
export const EVENTS: readonly EventKind[] = Object.entries(EVENT_TEXTS).map(([event, texts]) => ({
  event: event as Subscription,
  ...texts,
}));

/** Also of an event that an automation sends, which no webhook subscribes to. */
export const eventLabel = (event: Subscription | "automation.notified"): string =>
  event === "automation.notified" ? FROM_AUTOMATION : EVENT_TEXTS[event].label;

/** In the order of the table, whatever order the server keeps. */
export const inOrder = (events: readonly Subscription[]): Subscription[] =>
  EVENTS.filter(({ event }) => events.includes(event)).map(({ event }) => event);

import {
  DELIVERY_STATES,
  EVENT_GROUPS,
  JOURNAL_STATES,
  STATS_RANGES,
  SUBSCRIPTIONS,
} from "../../../src/contract/names.ts";
import type { ContactFilter } from "../features/contacts/queries.ts";
import type { ConsentFilter } from "../features/consent/queries.ts";
import type { JournalFilter } from "../features/journal/queries.ts";
import type { TemplateFilter } from "../features/templates/queries.ts";
import type { DeliveryFilter } from "../features/webhooks/model/log-queries.ts";
import type { ConversationStatus, DeliveryKind, StatsRange, UnmatchedKind } from "../lib/types.ts";

/** What the addresses of pages say after their question mark. */

type Search = Record<string, unknown>;
type InboxTab = ConversationStatus | "ALL" | "FAILED";

const TABS: readonly InboxTab[] = ["OPEN", "PENDING", "RESOLVED", "ALL", "FAILED"];
const UNMATCHED_KINDS: readonly UnmatchedKind[] = ["status", "reaction", "edit", "revoke", "payment"];
const ENDPOINT_TABS = ["settings", "overview", "deliveries"] as const;
const DELIVERY_KINDS: readonly DeliveryKind[] = ["event", "test", "replay", "real"];
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((each) => each === value);
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export interface InboxSearch {
  status?: InboxTab | undefined;
  search?: string | undefined;
  /** The message to show of the open conversation. */
  message?: string | undefined;
  /** The contact lies over the thread, where there is no room beside it. */
  contact?: "shown" | undefined;
}
export const inboxSearch = (search: Search): InboxSearch => ({
  status: oneOf(TABS, search["status"]),
  search: textOf(search["search"]),
  message: textOf(search["message"]),
  contact: oneOf(["shown"] as const, search["contact"]),
});

export const journalFilter = (search: Search): JournalFilter => ({
  state: oneOf(JOURNAL_STATES, search["state"]),
  search: textOf(search["search"]),
  kind: oneOf(EVENT_GROUPS, search["kind"]),
  number: textOf(search["number"]),
  since: textOf(search["since"]),
  until: textOf(search["until"]),
});

/** What names nothing that there could be is for the server to say. */
export const contactFilter = (search: Search): ContactFilter => ({
  search: textOf(search["search"]),
  tag: textOf(search["tag"]),
  list: textOf(search["list"]),
  segment: textOf(search["segment"]),
  marketing_state: textOf(search["marketing_state"]) as ContactFilter["marketing_state"],
  country: textOf(search["country"]),
  sort: oneOf(["last_inbound", "name"] as const, search["sort"]),
});

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
export const consentFilter = (search: Search): ConsentFilter => ({
  search: textOf(search["search"]),
  source: textOf(search["source"]) as ConsentFilter["source"],
  state: textOf(search["state"]) as ConsentFilter["state"],
  since: textOf(search["since"]),
  until: textOf(search["until"]),
  contact: UUID.test(textOf(search["contact"]) ?? "") ? textOf(search["contact"]) : undefined,
});

const TEMPLATE_STATES = ["current", "drafts", "approved", "pending", "attention", "gone"] as const;
export const templateFilter = (search: Search): TemplateFilter => ({
  state: oneOf(TEMPLATE_STATES, search["state"]),
  search: textOf(search["search"]),
  category: textOf(search["category"]),
  language: textOf(search["language"]),
  quality: textOf(search["quality"]),
  account: textOf(search["account"]),
});

/** As they stand: the pages of campaigns know which words there are, and are not needed at first. */
const texts =
  <Name extends string>(...names: Name[]) =>
  (search: Search): { [Each in Name]?: string | undefined } =>
    Object.fromEntries(names.map((name) => [name, textOf(search[name])])) as { [Each in Name]?: string };
export const campaignFilter = texts("state", "search");
export const campaignPeople = texts("state", "reached", "skip_reason", "error_code", "country", "search");
export const campaignStep = texts("step");
export const importSearch = texts("step", "campaign", "kind");
export const campaignReportFilter = texts("by", "since", "until", "number");
export const automationFilter = texts("state", "search");
export const automationParts = texts(
  ...([
    "tab",
    "step",
    "panel",
    "run",
    "state",
    "node",
    "reason",
    "stopped",
    "counted",
    "test",
    "search",
    "since",
    "until",
  ] as const),
);

export const unmatchedSearch = (search: Search): { kind?: UnmatchedKind | undefined } => ({
  kind: oneOf(UNMATCHED_KINDS, search["kind"]),
});

/** Filters of the deliveries, and the one that is open. */
export interface EndpointSearch extends DeliveryFilter {
  tab?: (typeof ENDPOINT_TABS)[number] | undefined;
  /** Of the charts. */
  range?: StatsRange | undefined;
  delivery?: string | undefined;
}
export const endpointSearch = (search: Search): EndpointSearch => ({
  tab: oneOf(ENDPOINT_TABS, search["tab"]),
  range: oneOf(STATS_RANGES, search["range"]),
  state: oneOf(DELIVERY_STATES, search["state"]),
  kind: oneOf(DELIVERY_KINDS, search["kind"]),
  event: oneOf(SUBSCRIPTIONS, search["event"]),
  // Before there was a search, links named the message.
  search: textOf(search["search"] ?? search["wamid"]),
  answer: textOf(search["answer"]),
  recovery: textOf(search["recovery"]),
  since: textOf(search["since"]),
  until: textOf(search["until"]),
  by: oneOf(["tried"] as const, search["by"]),
  delivery: textOf(search["delivery"]),
});

/** Every value is a text as it stands: with the router's own JSON a search for 4821 would be `?search=%224821%22`. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}
export function stringifySearch(search: Record<string, unknown>): string {
  const texts = Object.entries(search).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
  );
  return texts.length === 0 ? "" : `?${new URLSearchParams(texts).toString()}`;
}

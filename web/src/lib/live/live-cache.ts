import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { isCountedAlike, refreshCounts } from "../server/counts.ts";
import { noteStatus } from "./failed-sends.ts";
import { type ConversationFilter, meQuery, templatesQuery } from "../server/queries.ts";
import { bounded, type ThreadPages } from "../server/thread-pages.ts";
import type { Conversation, LiveEventData, Message, Page, Template } from "../types.ts";

type Pages<Item> = InfiniteData<Page<Item>, string | null>;

/** What came while something was being read: the answer may have been written before it happened. */
let meanwhile: { name: string; data: unknown }[] = [];
const reading = new Map<string, number>();

/** Keeps answers that come late from undoing what the feed has told since they were asked for. Returns its end. */
export function keepAnswersCurrent(client: QueryClient): () => void {
  // The first page asks before the feed is there to tell anything.
  for (const { queryHash, state } of client.getQueryCache().getAll())
    if (state.fetchStatus !== "idle") reading.set(queryHash, meanwhile.length);
  return client.getQueryCache().subscribe((event) => {
    // Those who look at a query tell of its answer, too, and before it does itself.
    if (event.type !== "updated" && event.type !== "removed") return;
    const { queryHash, state } = event.query;
    const action = event.type === "updated" ? event.action : null;
    if (action?.type === "fetch") reading.set(queryHash, meanwhile.length);
    const since = reading.get(queryHash);
    if (since === undefined || (event.type !== "removed" && state.fetchStatus !== "idle")) return;
    reading.delete(queryHash);
    const missed = action?.type === "success" ? meanwhile.slice(since) : [];
    if (reading.size === 0) meanwhile = [];
    queueMicrotask(() => missed.forEach(({ name, data }) => apply(client, name, data)));
  });
}

/** Applies one live event to everything that is in the cache, in place: nothing is asked again that the event tells. */
export function applyLiveEvent(client: QueryClient, name: string, data: unknown): void {
  if (reading.size > 0) meanwhile.push({ name, data });
  apply(client, name, data);
}

/** Long: a case an event. */
function apply(client: QueryClient, name: string, data: unknown): void {
  switch (name) {
    case "ConversationMessageCreated": {
      const { message, conversation } = data as LiveEventData<"ConversationMessageCreated">;
      putMessage(client, message);
      putConversation(client, conversation);
      return;
    }
    case "ConversationUpdated": {
      const { conversation_id, conversation } = data as LiveEventData<"ConversationUpdated">;
      if (!conversation) return dropConversation(client, conversation_id);
      putConversation(client, conversation);
      return;
    }
    case "MessageStatusUpdated": {
      const { message } = data as LiveEventData<"MessageStatusUpdated">;
      putMessage(client, message);
      noteStatus(message, client.getQueryData(meQuery.queryKey)?.user?.id);
      // How far a message of an automation came stands at its step; whose it is, the event doesn't tell.
      void askAgain(client, ["automation"], STATUSES_MS);
      return;
    }
    case "ContactUpdated": {
      const { contact_id, contact } = data as LiveEventData<"ContactUpdated">;
      if (contact) putContact(client, contact);
      void askAgain(client, ["contact", contact_id]);
      void askAgain(client, ["contacts"]);
      return;
    }
    case "PhoneNumberUpdated": {
      void askAgain(client, ["phone-numbers"]);
      return;
    }
    case "TemplateStatusChanged": {
      const { template } = data as LiveEventData<"TemplateStatusChanged">;
      client.setQueryData(templatesQuery.queryKey, (now) => now && withTemplate(now, template));
      // Its own page, and lists of which the server says what they hold.
      void askAgain(client, ["template", template.id]);
      for (const key of ["template-list", "template-counts", "template-groups"]) void askAgain(client, [key]);
      return;
    }
    case "NoticeUpdated": {
      void askAgain(client, ["notices"]);
      return;
    }
    // Everything about one endpoint has a key that begins with these two words.
    case "EndpointUpdated": {
      const { endpoint_id } = data as LiveEventData<"EndpointUpdated">;
      void askAgain(client, ["endpoints"]);
      void askAgain(client, ["endpoint", endpoint_id]);
      return;
    }
    // The list does not ask again for each delivery: the shell holds it on every page.
    case "ImportProgressed": {
      const { import_id } = data as LiveEventData<"ImportProgressed">;
      for (const key of [
        ["imports", "list"],
        ["imports", "one", import_id],
      ])
        void askAgain(client, key);
      return;
    }
    case "DeliveryUpdated": {
      const { endpoint_id } = data as LiveEventData<"DeliveryUpdated">;
      void askAgain(client, ["endpoint", endpoint_id]);
      return;
    }
    // A campaign that runs changes all the time: its figures are asked for once a second at most.
    case "CampaignProgressed": {
      const { campaign_id } = data as LiveEventData<"CampaignProgressed">;
      for (const key of [["campaign", campaign_id], ["campaigns"]]) void askAgain(client, key, SECOND_MS);
      return;
    }
    // So does one with people on their way, and no more often; the draft is no part of it.
    case "AutomationActivityRecorded": {
      const { automation_id } = data as LiveEventData<"AutomationActivityRecorded">;
      for (const key of [["automation", automation_id], ["automations"]])
        void askAgain(client, key, SECOND_MS);
      return;
    }
    default:
  }
}

const SECOND_MS = 1_000;
/** A campaign beside it has hundreds of statuses a second. */
const STATUSES_MS = 3_000;

/** What is being asked again, by its key, and whether something was told meanwhile. */
const asking = new Map<string, { again: boolean }>();

/**
 * Asks again for what is shown under a key. A busy endpoint is told of every second, and a long list may take longer than
 * that; a person may have asked for its next page just now. What is under way is never broken off, and everything told
 * meanwhile is one more asking.
 */
async function askAgain(client: QueryClient, key: readonly string[], pause_ms = 0): Promise<void> {
  const name = key.join(" ");
  const under_way = asking.get(name);
  if (under_way) {
    under_way.again = true;
    return;
  }
  // An answer that is under way may have been written before it happened: then it is asked for twice.
  const state = { again: client.isFetching({ queryKey: key }) > 0 };
  asking.set(name, state);
  for (let first = true; first || state.again; first = false) {
    if (!first) state.again = false;
    await client.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
    if (pause_ms > 0) await new Promise((resolve) => setTimeout(resolve, pause_ms));
  }
  asking.delete(name);
}

export function putConversation(client: QueryClient, conversation: Conversation): void {
  const lists = client.getQueriesData<Pages<Conversation>>({ queryKey: ["conversations"] });
  const before =
    client.getQueryData<Conversation>(["conversation", conversation.id]) ??
    lists
      .flatMap(([, pages]) => (pages?.pages ?? []).flatMap((page) => page.data))
      .find((row) => row.id === conversation.id);
  // Read already, by a list that was asked for after the counts: they may lack it.
  const is_known = before !== undefined && before.updated_at >= conversation.updated_at;
  if (!before || is_known || !isCountedAlike(before, conversation)) refreshCounts(client);
  showConversation(client, conversation);
}

/** Shows a conversation as it is, or is going to be once the server has taken the change. */
export function showConversation(client: QueryClient, conversation: Conversation): void {
  const lists = client.getQueriesData<Pages<Conversation>>({ queryKey: ["conversations"] });
  client.setQueryData(["conversation", conversation.id], conversation);
  for (const [key, pages] of lists) {
    if (!pages) continue;
    const filter = key[1] as ConversationFilter;
    const known = pages.pages.some((page) => page.data.some((row) => row.id === conversation.id));
    // Whether an unlisted one matches a search is the server's to say.
    if (filter.search && !known) void client.invalidateQueries({ queryKey: key, exact: true });
    else client.setQueryData(key, withConversation(pages, conversation, filter));
    // Nor is it ours whether a listed one still does: it stays for now, and a new search asks again.
    if (filter.search && known)
      void client.invalidateQueries({ queryKey: key, exact: true, refetchType: "none" });
  }
}

/** The new name (or number, or consent) wherever the contact's conversations are shown. */
function putContact(client: QueryClient, contact: Conversation["contact"]): void {
  const withContact = (row: Conversation) => (row.contact.id === contact.id ? { ...row, contact } : row);
  client.setQueriesData<Pages<Conversation>>({ queryKey: ["conversations"] }, (pages) =>
    pages ? mapPages(pages, (rows) => rows.map(withContact)) : pages,
  );
  client.setQueriesData<Conversation>({ queryKey: ["conversation"] }, (row) => row && withContact(row));
}

function dropConversation(client: QueryClient, id: string): void {
  client.removeQueries({ queryKey: ["conversation", id] });
  client.setQueriesData<Pages<Conversation>>({ queryKey: ["conversations"] }, (pages) =>
    pages ? mapPages(pages, (rows) => rows.filter((row) => row.id !== id)) : pages,
  );
  refreshCounts(client);
  // It was joined with another, which has its messages now; an open page learns that it is gone.
  void client.invalidateQueries({ queryKey: ["messages"] });
}

export function putMessage(client: QueryClient, message: Message): void {
  putStatus(client, message);
  client.setQueryData<Message>(["message", message.id], (known) => known && message);
  const threads = client.getQueriesData<ThreadPages>({ queryKey: ["messages", message.conversation_id] });
  for (const [key, thread] of threads) {
    if (!thread) continue;
    const [, , is_past] = key;
    if (!is_past) client.setQueryData(key, bounded(withMessage(thread, message), message.conversation_id));
    else if (isIn(thread, message)) client.setQueryData(key, replaced(thread, message));
  }
}

/** How far the last message came, in the lists that show it as such. */
function putStatus(client: QueryClient, { id, conversation_id, status }: Message): void {
  const withStatus = (row: Conversation): Conversation =>
    row.id === conversation_id && row.last_message?.id === id && row.last_message.status !== status
      ? { ...row, last_message: { ...row.last_message, status } }
      : row;
  for (const [key, pages] of client.getQueriesData<Pages<Conversation>>({ queryKey: ["conversations"] })) {
    if (pages?.pages.some((page) => page.data.some((row) => withStatus(row) !== row)))
      client.setQueryData(
        key,
        mapPages(pages, (rows) => rows.map(withStatus)),
      );
  }
  client.setQueryData<Conversation>(["conversation", conversation_id], (row) => row && withStatus(row));
}

/** The list with the conversation at its place, or without it when it no longer matches the filter. */
export function withConversation(
  pages: Pages<Conversation>,
  conversation: Conversation,
  filter: ConversationFilter,
): Pages<Conversation> {
  const matches =
    (filter.status === undefined || conversation.status === filter.status) &&
    (!filter.failed || conversation.failure !== null);
  const others = mapPages(pages, (rows) => rows.filter((row) => row.id !== conversation.id));
  return matches ? insert(others, conversation, newerConversation) : others;
}

/** The thread with the message at its place by time; a known message is replaced where it stands. */
export const withMessage = (thread: ThreadPages, message: Message): ThreadPages =>
  isIn(thread, message) ? replaced(thread, message) : insert(thread, message, newerMessage);

const isIn = (thread: ThreadPages, { id }: Message): boolean =>
  thread.pages.some((page) => page.data.some((row) => row.id === id));

const replaced = (thread: ThreadPages, message: Message): ThreadPages =>
  mapPages(thread, (rows) => rows.map((row) => (row.id === message.id ? message : row)));

/** In its place by name and language, as the server lists them: a first reading of Meta's list brings hundreds. */
function withTemplate<Known extends { data: Template[] }>(now: Known, template: Template): Known {
  const others = now.data.filter((each) => each.id !== template.id);
  const at = others.findIndex((each) => byName(each, template) > 0);
  return { ...now, data: others.toSpliced(at < 0 ? others.length : at, 0, template) };
}
function byName(a: Template, b: Template): number {
  const key = ({ name, language, id }: Template) => `${name ?? ""} ${language ?? ""} ${id}`;
  return key(a) < key(b) ? -1 : 1;
}

const newerConversation = (a: Conversation, b: Conversation) => after(listedAt(a), a.id, listedAt(b), b.id);
/** As the server lists them: a message that came late counts from when it arrived. */
const listedAt = ({ last_message_at, late }: Conversation) =>
  [last_message_at ?? "", late?.arrived_at ?? ""].toSorted().at(-1)!;
const newerMessage = (a: Message, b: Message) => after(a.sent_at, a.order_key, b.sent_at, b.order_key);
function after(time_a: string, key_a: string, time_b: string, key_b: string): boolean {
  const a = Date.parse(time_a) || 0;
  const b = Date.parse(time_b) || 0;
  return a === b ? key_a > key_b : a > b;
}

type Row<P extends { data: unknown[] }> = P["data"][number];

/** Rows are sorted newest first across the pages. What belongs below the last loaded row comes with the next page. */
function insert<P extends Page<unknown>, Param>(
  pages: InfiniteData<P, Param>,
  item: Row<P>,
  newer: (a: Row<P>, b: Row<P>) => boolean,
): InfiniteData<P, Param> {
  for (const [index, page] of pages.pages.entries()) {
    const at = page.data.findIndex((row) => newer(item, row));
    if (at >= 0) return replacePage(pages, index, page.data.toSpliced(at, 0, item));
  }
  const last = pages.pages.length - 1;
  const page = pages.pages[last];
  if (!page || page.next_cursor !== null) return pages;
  return replacePage(pages, last, [...page.data, item]);
}

function replacePage<P extends Page<unknown>, Param>(
  pages: InfiniteData<P, Param>,
  index: number,
  data: Row<P>[],
): InfiniteData<P, Param> {
  return { ...pages, pages: pages.pages.map((page, i) => (i === index ? { ...page, data } : page)) };
}

function mapPages<P extends Page<unknown>, Param>(
  pages: InfiniteData<P, Param>,
  map: (rows: Row<P>[]) => Row<P>[],
): InfiniteData<P, Param> {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, data: map(page.data) })) };
}

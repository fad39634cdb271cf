import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, test, vi } from "vitest";
import { applyLiveEvent, keepAnswersCurrent, withConversation, withMessage } from "./live-cache.ts";
import { conversationQuery, conversationsQuery, messagesQuery, templatesQuery } from "../server/queries.ts";
import type { ThreadPages } from "../server/thread-pages.ts";
import type { Conversation, Message, Template, ThreadPage } from "../types.ts";

const time = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute)).toISOString();
const conversation = (id: string, minute: number, more: Partial<Conversation> = {}) =>
  ({ id, status: "OPEN", unread_count: 0, last_message_at: time(minute), ...more }) as Conversation;
const message = (id: string, minute: number, more: Partial<Message> = {}) =>
  ({ id, conversation_id: "c1", text: id, sent_at: time(minute), ...more }) as Message;
const pages = <Item>(cursor: string | null, ...data: Item[][]) => ({
  pages: data.map((rows, index) => ({
    data: rows,
    next_cursor: index === data.length - 1 ? cursor : `after ${index}`,
    found: [],
    has_newer: index > 0,
  })),
  pageParams: data.map((): string | null => null),
});
const threadOf = (cursor: string | null, ...data: Message[][]): ThreadPages => ({
  ...pages(cursor, ...data),
  pageParams: data.map(() => ({})),
});
const ids = (found: { pages: { data: { id: string }[] }[] } | undefined) =>
  found?.pages.map((page) => page.data.map((row) => row.id).join("")).join("|");

describe("a conversation in a list", () => {
  const list = pages<Conversation>(
    "more",
    [conversation("a", 9), conversation("b", 8)],
    [conversation("c", 5)],
  );

  test("moves to its place by time, from whichever page", () => {
    expect(ids(withConversation(list, conversation("c", 10), {}))).toBe("cab|");
    expect(ids(withConversation(list, conversation("n", 7), {}))).toBe("ab|nc");
  });
  test("leaves a list whose filter it no longer matches, and joins the other", () => {
    const resolved = conversation("a", 9, { status: "RESOLVED" });
    expect(ids(withConversation(list, resolved, { status: "OPEN" }))).toBe("b|c");
    expect(ids(withConversation(pages<Conversation>(null, []), resolved, { status: "RESOLVED" }))).toBe("a");
  });
  test("into which a message came late stands where it arrived (F12)", () => {
    const late = { message_id: "m", sent_at: time(1), arrived_at: time(10) };
    expect(ids(withConversation(list, conversation("c", 5, { late }), {}))).toBe("cab|");
  });
  test("that belongs below the last loaded row waits for the next page", () => {
    expect(ids(withConversation(list, conversation("z", 1), {}))).toBe("ab|c");
  });
});

describe("a message in a thread", () => {
  test("stands by its own time, not by its arrival", () => {
    const thread = threadOf(null, [message("d", 4), message("b", 2)], [message("a", 1)]);
    expect(ids(withMessage(thread, message("c", 3)))).toBe("dcb|a");
    expect(ids(withMessage(thread, message("0", 0)))).toBe("db|a0");
  });
  test("of the same second stands in the server's order, not by id (F11)", () => {
    const second = (id: string, order_key: string) => message(id, 1, { order_key });
    const thread = threadOf(null, [second("a", "3"), second("z", "1")]);
    expect(ids(withMessage(thread, second("m", "2")))).toBe("amz");
  });
  test("that is known is replaced in place, however often it comes", () => {
    const thread = threadOf(null, [message("b", 2), message("a", 1)]);
    const once = withMessage(thread, message("a", 1, { text: "edited" }));
    expect(ids(withMessage(once, message("a", 1, { text: "edited" })))).toBe("ba");
    expect(once.pages[0]?.data[1]?.text).toBe("edited");
  });
});

describe("a live event", () => {
  test("what was found stays while one looks at it, and is asked for again by the next search (F4)", () => {
    const client = new QueryClient();
    const key = conversationsQuery({ search: "words" }).queryKey;
    client.setQueryData(key, pages<Conversation>(null, [conversation("a", 9)]));
    applyLiveEvent(client, "ConversationUpdated", {
      conversation_id: "a",
      conversation: conversation("a", 10),
    });
    expect(client.getQueryData(key)?.pages[0]?.data[0]?.last_message_at).toBe(time(10));
    expect(client.getQueryState(key)).toMatchObject({ isInvalidated: true, fetchStatus: "idle" });
  });

  test("a contact's new name is shown in every list and in the open conversation (F13)", () => {
    const client = new QueryClient();
    const [ana, bo] = [conversation("a", 9), conversation("b", 8)].map((row, i) => ({
      ...row,
      contact: {
        id: `contact-${i}`,
        display_name: `+${i}`,
        phone: null,
        username: null,
        marketing_state: "UNKNOWN",
      },
    })) as [Conversation, Conversation];
    const keys = [{}, { status: "OPEN" }, { search: "+0" }].map(
      (filter) => conversationsQuery(filter as object).queryKey,
    );
    for (const key of keys) client.setQueryData(key, pages<Conversation>(null, [ana, bo]));
    client.setQueryData(conversationQuery("a").queryKey, ana);
    client.setQueryData(conversationQuery("b").queryKey, bo);
    const contact = { ...ana.contact, display_name: "Ana" };
    applyLiveEvent(client, "ContactUpdated", { contact_id: contact.id, contact });
    for (const key of keys)
      expect(client.getQueryData(key)?.pages[0]?.data.map((row) => row.contact.display_name)).toEqual([
        "Ana",
        "+1",
      ]);
    expect(client.getQueryData(conversationQuery("a").queryKey)?.contact).toEqual(contact);
    expect(client.getQueryData(conversationQuery("b").queryKey)).toBe(bo);
    // One that was joined with another is told by its conversations.
    applyLiveEvent(client, "ContactUpdated", { contact_id: contact.id, contact: null });
    expect(client.getQueryData(conversationQuery("a").queryKey)?.contact).toEqual(contact);
  });

  test("puts the message into the open thread and the conversation into every list, without asking again", () => {
    const client = new QueryClient();
    const open = conversationsQuery({ status: "OPEN" }).queryKey;
    client.setQueryData(open, pages<Conversation>(null, [conversation("c2", 5), conversation("c1", 1)]));
    client.setQueryData(messagesQuery("c1").queryKey, threadOf(null, [message("a", 1)]));
    const data = {
      conversation_id: "c1",
      message: message("b", 6),
      conversation: conversation("c1", 6, { unread_count: 1 }),
    };
    applyLiveEvent(client, "ConversationMessageCreated", data);
    applyLiveEvent(client, "ConversationMessageCreated", data);
    expect(ids(client.getQueryData(open))).toBe("c1c2");
    expect(ids(client.getQueryData(messagesQuery("c1").queryKey))).toBe("ba");
    expect(client.getQueryData(conversationQuery("c1").queryKey)?.unread_count).toBe(1);
  });

  test("of a conversation that is gone takes it out of every list", () => {
    const client = new QueryClient();
    const open = conversationsQuery({ status: "OPEN" }).queryKey;
    client.setQueryData(open, pages<Conversation>(null, [conversation("c1", 5), conversation("c2", 1)]));
    applyLiveEvent(client, "ConversationUpdated", { conversation_id: "c1", conversation: null });
    expect(ids(client.getQueryData(open))).toBe("c2");
  });

  test("of a new conversation makes a search ask the server whether it matches", () => {
    const client = new QueryClient();
    const search = conversationsQuery({ search: "ada" }).queryKey;
    client.setQueryData(search, pages<Conversation>(null, []));
    applyLiveEvent(client, "ConversationUpdated", {
      conversation_id: "c9",
      conversation: conversation("c9", 1),
    });
    expect(client.getQueryState(search)?.isInvalidated).toBe(true);
  });

  test("of an endpoint's deliveries lets the asking under way end, and asks once more for all that came meanwhile", async () => {
    const client = new QueryClient();
    const answers: (() => void)[] = [];
    const observer = new QueryObserver(client, {
      queryKey: ["endpoint", "e1", "deliveries"],
      queryFn: () => new Promise<number>((resolve) => answers.push(() => resolve(answers.length))),
    });
    const leave = observer.subscribe(() => {});
    answers[0]?.();
    await expect.poll(() => observer.getCurrentResult().data).toBe(1);
    for (let told = 0; told < 5; told++) applyLiveEvent(client, "DeliveryUpdated", { endpoint_id: "e1" });
    expect(answers.length).toBe(2);
    answers[1]?.();
    await expect.poll(() => answers.length).toBe(3);
    answers[2]?.();
    await expect.poll(() => observer.getCurrentResult().data).toBe(3);
    expect(observer.getCurrentResult().fetchStatus).toBe("idle");
    expect(answers.length).toBe(3);
    leave();
  });

  test("of a campaign that runs asks again at once, and then once a second at most, for its page and for the list", async () => {
    vi.useFakeTimers();
    const client = new QueryClient();
    const asked = { page: 0, list: 0 };
    const watch = (queryKey: string[], name: "page" | "list") =>
      new QueryObserver(client, {
        queryKey,
        staleTime: Infinity,
        queryFn: () => Promise.resolve((asked[name] += 1)),
      }).subscribe(() => {});
    const leave = [watch(["campaign", "k1", "analytics"], "page"), watch(["campaigns"], "list")];
    await vi.advanceTimersByTimeAsync(10);
    for (let told = 0; told < 9; told++) {
      applyLiveEvent(client, "CampaignProgressed", { campaign_id: "k1" });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked).toEqual({ page: 2, list: 2 });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual({ page: 3, list: 3 });
    for (const each of leave) each();
    vi.useRealTimers();
  });

  test("puts a template into its place, without asking again", () => {
    const client = new QueryClient();
    const template = (id: string, name: string, status = "APPROVED") =>
      ({ id, name, language: "en", status }) as Template;
    const syncs: [] = [];
    client.setQueryData(templatesQuery.queryKey, { data: [template("1", "a"), template("2", "c")], syncs });
    applyLiveEvent(client, "TemplateStatusChanged", { template: template("3", "b") });
    applyLiveEvent(client, "TemplateStatusChanged", { template: template("1", "a", "PAUSED") });
    const now = client.getQueryData(templatesQuery.queryKey);
    expect(now?.data.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "1 PAUSED",
      "3 APPROVED",
      "2 APPROVED",
    ]);
    expect(client.getQueryState(templatesQuery.queryKey)?.isInvalidated).toBe(false);
  });

  test.each([false, true])(
    "that comes while the thread is being read is not undone by the answer (shown: %s)",
    async (shown) => {
      const client = new QueryClient();
      const leave = keepAnswersCurrent(client);
      let answer: (page: ThreadPage) => void = () => {};
      const query = {
        ...messagesQuery("c1"),
        queryFn: () => new Promise<ThreadPage>((resolve) => (answer = resolve)),
      };
      client.setQueryData(query.queryKey, threadOf(null, [message("a", 1)]));
      const watcher = new InfiniteQueryObserver(client, { ...query, staleTime: Infinity });
      const look_away = shown ? watcher.subscribe(() => {}) : () => {};
      const read = client.fetchInfiniteQuery(query);
      applyLiveEvent(client, "ConversationMessageCreated", {
        conversation_id: "c1",
        message: message("b", 6),
        conversation: conversation("c1", 6),
      });
      answer({ data: [message("a", 1)], next_cursor: null, has_newer: false });
      await read;
      expect(ids(client.getQueryData(query.queryKey))).toBe("ba");
      look_away();
      leave();
    },
  );

  test("that comes before the answer to what was asked before the feed began is not undone by it", async () => {
    const client = new QueryClient();
    let answer: (page: ThreadPage) => void = () => {};
    const query = {
      ...messagesQuery("c1"),
      queryFn: () => new Promise<ThreadPage>((resolve) => (answer = resolve)),
    };
    const read = client.fetchInfiniteQuery(query);
    const leave = keepAnswersCurrent(client);
    applyLiveEvent(client, "ConversationMessageCreated", {
      conversation_id: "c1",
      message: message("b", 6),
      conversation: conversation("c1", 6),
    });
    answer({ data: [message("a", 1)], next_cursor: null, has_newer: false });
    await read;
    expect(ids(client.getQueryData(query.queryKey))).toBe("ba");
    leave();
  });

  test("that says that a list has changed does not break off its next page, and the list is asked again", async () => {
    const client = new QueryClient();
    const asked: ((page: { data: string[]; next_cursor: string | null }) => void)[] = [];
    const watcher = new InfiniteQueryObserver(client, {
      queryKey: ["endpoint", "e1", "deliveries"],
      queryFn: () =>
        new Promise<{ data: string[]; next_cursor: string | null }>((resolve) => void asked.push(resolve)),
      initialPageParam: null as string | null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
    });
    const look_away = watcher.subscribe(() => {});
    asked[0]!({ data: ["new"], next_cursor: "older" });
    await expect.poll(() => watcher.getCurrentResult().isFetching).toBe(false);

    const older = watcher.fetchNextPage();
    for (const name of ["EndpointUpdated", "DeliveryUpdated"])
      applyLiveEvent(client, name, { endpoint_id: "e1" });
    asked[1]!({ data: ["old"], next_cursor: null });
    await older;
    expect(watcher.getCurrentResult().data?.pages.map(({ data }) => data.join())).toEqual(["new", "old"]);
    await expect.poll(() => asked.length).toBe(3);
    look_away();
  });

  test("about something that is being fetched, and that no page shows, is over at once", async () => {
    const client = new QueryClient();
    void client.prefetchQuery({ queryKey: ["contact", "c9"], queryFn: () => new Promise<null>(() => {}) });
    applyLiveEvent(client, "ContactUpdated", { contact_id: "c9", contact: null });
    await new Promise((resolve) => setTimeout(resolve));
    expect(client.isFetching()).toBe(1);
  });
});

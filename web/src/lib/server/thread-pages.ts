import type { InfiniteData } from "@tanstack/react-query";
import type { Message, ThreadPage } from "../types.ts";

/**
 * A thread is held in pages, newest first, and only as much of it as is read: its newest messages (the present), which
 * live ones join, and, for who reads farther up, a stretch that they don't (the past). Both are bounded.
 */

/** The message beside which a page stands; none: the newest page. */
export interface Beside {
  before?: string;
  after?: string;
  around?: string;
}
export type ThreadPages = InfiniteData<ThreadPage>;

export const PAGE = 50;
/** Pages of the past: the oldest go as newer ones come, and the other way round. */
export const PAST_PAGES = 5;
/** More than these the present does not hold: its oldest page goes. */
const MOST = 200;
/** A page that has grown beyond this becomes two. */
const FULL = 75;
/** In place of the server's word that there is more. */
const MORE = "more";

export const older = ({ data, next_cursor }: ThreadPage): Beside | null => {
  const last = data.at(-1);
  return next_cursor !== null && last ? { before: last.id } : null;
};
export const newer = ({ data, has_newer }: ThreadPage): Beside | null =>
  has_newer && data[0] ? { after: data[0].id } : null;

/** In the order in which it is read. */
export const oldestFirst = (thread: ThreadPages | undefined): Message[] =>
  (thread?.pages ?? []).flatMap((page) => page.data).toReversed();

/** Conversations whose present is being read above its end: nothing of it is let go under the reader. */
const held = new Set<string>();
export function holdPresent(conversation_id: string, hold: boolean): void {
  if (hold) held.add(conversation_id);
  else held.delete(conversation_id);
}

/** The present of a conversation after a live message came. */
export function bounded(thread: ThreadPages, conversation_id: string): ThreadPages {
  const { pages, pageParams } = divided(thread);
  if (held.has(conversation_id)) return { pages, pageParams };
  let count = pages.reduce((sum, page) => sum + page.data.length, 0);
  let kept = pages.length;
  while (kept > 1 && count > MOST) count -= pages[--kept]!.data.length;
  if (kept === pages.length && pages === thread.pages) return thread;
  return { pages: pages.slice(0, kept), pageParams: pageParams.slice(0, kept) };
}

/** With what has become too large in two: mostly the newest page, and any other into which messages came late. */
function divided(thread: ThreadPages): ThreadPages {
  const index = thread.pages.findIndex(({ data }) => data.length > FULL);
  const page = thread.pages[index];
  if (!page) return thread;
  const at = page.data.length - PAGE;
  const [young, old] = [page.data.slice(0, at), page.data.slice(at)];
  const pages = thread.pages.toSpliced(
    index,
    1,
    { ...page, data: young, next_cursor: page.next_cursor ?? MORE },
    { ...page, data: old, has_newer: true },
  );
  const pageParams = thread.pageParams.toSpliced(index + 1, 0, { before: young.at(-1)!.id });
  return divided({ pages, pageParams });
}

/**
 * A past to go on reading in, from the present: with the pages around a message, and without the newest, which changes.
 */
export function pastOf({ pages, pageParams }: ThreadPages, message_id: string): ThreadPages | null {
  const at = pages.findIndex(({ data }) => data.some(({ id }) => id === message_id));
  const from = Math.max(1, at - 1);
  if (at < 1) return null;
  return {
    pages: pages.slice(from, from + PAST_PAGES),
    pageParams: pageParams.slice(from, from + PAST_PAGES),
  };
}

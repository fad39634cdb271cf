/** A list that the server answers in pages: what its query has beside the key and the request. */
export const inPages = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
};

/** What a request for the page at this cursor says; null: the first. */
export const pageAt = (cursor: string | null, limit = 50) => ({ cursor: cursor ?? undefined, limit });

import { useInfiniteQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { Endpoint } from "../../../lib/types.ts";
import { deliveriesQuery, type DeliveryFilter } from "../model/model.ts";

/** The rows that are shown, where the list is held for those who read further down, and how to get more. */
export function useLog(endpoint: Endpoint, filter: DeliveryFilter) {
  const top = useRef<HTMLDivElement>(null);
  const [reading_from, setReadingFrom] = useState<string | null>(null);
  const query = useInfiniteQuery(deliveriesQuery(endpoint.id, filter, reading_from));
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);
  const newest = rows[0]?.id;
  const scrolled = useScrolledPast(top);
  const { refetch } = query;

  // While one reads further down the list stays where it is, until one comes back to its top.
  if (scrolled && reading_from === null && newest !== undefined) setReadingFrom(justAfter(newest));
  if (!scrolled && reading_from !== null) setReadingFrom(null);
  const was_reading = useRef(false);
  useEffect(() => {
    if (was_reading.current && reading_from === null) void refetch();
    was_reading.current = reading_from !== null;
  }, [reading_from, refetch]);

  return { top, query, rows, reading_from, counts: query.data?.pages[0]?.counts ?? null };
}
export type Log = ReturnType<typeof useLog>;

/** The log goes by ids, whose first 48 bits are their time; all rows of that millisecond belong to what is shown. */
const justAfter = (id: string) =>
  new Date(Number.parseInt(id.replace("-", "").slice(0, 12), 16) + 1).toISOString();

function useScrolledPast(mark: RefObject<HTMLElement | null>): boolean {
  const [past, setPast] = useState(false);
  useEffect(() => {
    if (!mark.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      // Above the window, not below it.
      if (entry)
        setPast(!entry.isIntersecting && entry.boundingClientRect.top < (entry.rootBounds?.top ?? 0));
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [mark]);
  return past;
}

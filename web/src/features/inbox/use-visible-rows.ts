import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const SPARE = 8;

/** Where each list was left, for as long as the tab is open: Back leads to where one was. */
const left_at = new Map<string, number>();

/**
 * Which rows of one height are in view, so that a list of thousands draws a few dozen: `from` up to, without, `to`. `rows`
 * are their ids. Who has scrolled down goes on seeing the same rows when others come or move above them.
 */
export function useVisibleRows(rows: readonly string[], row_px: number, list: string) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef<readonly string[]>(rows);
  const [[first, last], setView] = useState<[number, number]>([0, 20]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    element.scrollTop = left_at.get(list) ?? 0;
    const look = () => {
      // One that is not shown, as on a phone behind a conversation, was not scrolled.
      if (element.clientHeight === 0) return;
      left_at.set(list, element.scrollTop);
      const top = Math.floor(element.scrollTop / row_px);
      const bottom = Math.ceil((element.scrollTop + element.clientHeight) / row_px);
      setView((view) => (view[0] === top && view[1] === bottom ? view : [top, bottom]));
    };
    look();
    const observer = new ResizeObserver(() => {
      const left = left_at.get(list) ?? 0;
      if (element.clientHeight > 0 && element.scrollTop === 0 && left > 0) element.scrollTop = left;
      look();
    });
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [row_px, list]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && element.scrollTop > 0 && before.current !== rows) {
      const top = Math.floor(element.scrollTop / row_px);
      const seen = before.current.slice(top, top + Math.ceil(element.clientHeight / row_px));
      element.scrollTop += shiftOf(seen, top, rows) * row_px;
    }
    before.current = rows;
  }, [rows, row_px]);
  /** Scrolls just as far as it takes to see a row. */
  const show = useCallback(
    (index: number) => {
      const element = box.current;
      if (!element) return;
      const lowest = (index + 1) * row_px - element.clientHeight;
      element.scrollTop = Math.min(Math.max(element.scrollTop, lowest), index * row_px);
    },
    [row_px],
  );
  return { box, from: Math.max(0, first - SPARE), to: Math.min(rows.length, last + SPARE), show };
}

/** By how many places most of the rows have moved that were seen from `top` on: one of them may have gone elsewhere. */
function shiftOf(seen: readonly string[], top: number, rows: readonly string[]): number {
  const places = new Map(rows.map((id, index) => [id, index]));
  const shifts = new Map<number, number>();
  for (const [index, id] of seen.entries()) {
    const place = places.get(id);
    if (place === undefined) continue;
    const shift = place - (top + index);
    shifts.set(shift, (shifts.get(shift) ?? 0) + 1);
  }
  return [...shifts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { THREAD } from "../message/texts.ts";
import type { Shown } from "./use-messages.ts";
import { flash, type Place, rowOf, topOf, visibleRows } from "./visible-rows.ts";

const NEAR_BOTTOM_PX = 80;
/** As near to an end as this, and more is loaded. */
const NEAR_END_PX = 400;
/** Below the top edge. */
const UNREAD_LINE_PX = 12;
/** Farther than this many screens one does not watch the way go by. */
const WATCHED_SCREENS = 2;

interface Eye {
  drawn: boolean;
  /** It follows what arrives. */
  at_bottom: boolean;
  /** What it sees: one of these stays where it is. */
  rows: Place[];
  /** When something was written last. */
  written: string;
  /** The message that it looks for. */
  goal: string | null;
  /** The element that has the focus. */
  focused: HTMLElement | null;
}

/**
 * Keeps the eye where it is: at the bottom it follows what arrives and what one writes; scrolled up, it stays and counts
 * what is new below, and older messages grow upwards without a jump.
 */
export function useThreadScroll(shown: Shown) {
  const { messages, newest, is_past, written } = shown;
  const box = useRef<HTMLDivElement>(null);
  const eye = useRef<Eye>({ drawn: false, at_bottom: true, rows: [], written, goal: null, focused: null });
  const latest = useRef(shown);
  /** The newest message when the eye left the bottom; what stands below it since then is news. */
  const [left_at, setLeftAt] = useState<string | null>(null);

  // After each drawing: an edit or a reaction changes heights, too.
  useLayoutEffect(() => {
    latest.current = shown;
    const element = box.current;
    if (element) afterDrawing(element, eye, shown);
  });

  // The box itself may change its height: a keyboard, a banner, a rotated phone. So may what is in it, when it is
  // fetched later: a picture, a kind of message that is rare.
  const empty = messages.length === 0;
  useEffect(() => {
    const element = box.current;
    if (!element || empty) return;
    const observer = new ResizeObserver(() => {
      place(element, eye.current);
      look(element, eye.current, latest.current, false);
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [empty]);

  const jump = useCallback((message_id: string) => {
    const row = rowOf(message_id);
    if (row && box.current) return show(row, box.current, true);
    eye.current.goal = message_id;
    const gone = () => {
      eye.current.goal = null;
      toast("bad", THREAD.gone.title, THREAD.gone.text);
    };
    if (latest.current.newest.some(({ id }) => id === message_id)) latest.current.toPresent();
    else void latest.current.open(message_id).then((found) => found || gone());
  }, []);

  return {
    box,
    ...newsSince(left_at, newest),
    onScroll: () => {
      const element = box.current;
      if (!element) return;
      const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
      const at_bottom = rest < NEAR_BOTTOM_PX && !is_past;
      eye.current.at_bottom = at_bottom;
      look(element, eye.current, shown, true);
      setLeftAt((before) => (at_bottom ? null : (before ?? newest.at(-1)?.id ?? null)));
    },
    onFocus: (event: { target: EventTarget }) => {
      eye.current.focused = event.target instanceof HTMLElement ? event.target : null;
    },
    onBlur: () => {
      if (eye.current.focused?.isConnected) eye.current.focused = null;
    },
    toBottom: () => {
      if (is_past) {
        eye.current.at_bottom = true;
        shown.toPresent();
      } else box.current?.scrollTo({ top: box.current.scrollHeight, behavior: "smooth" });
    },
    jump,
  };
}

/** Keeps the eye where it was, or takes it to what is new for it. */
function afterDrawing(element: HTMLElement, eye: RefObject<Eye>, shown: Shown): void {
  const before = eye.current;
  const line = before.drawn ? null : element.querySelector<HTMLElement>("[data-unread-line]");
  const wrote = before.drawn && shown.written > before.written;
  eye.current = {
    ...before,
    drawn: true,
    written: wrote ? shown.written : before.written,
    at_bottom: before.at_bottom || wrote,
  };
  if (eye.current.at_bottom && shown.is_past && before.goal === null) shown.toPresent();
  place(element, eye.current);
  // What is unread is read from its beginning.
  const begin = line ? line.offsetTop - UNREAD_LINE_PX : Infinity;
  if (begin < element.scrollTop) {
    element.scrollTop = begin;
    eye.current.at_bottom = false;
  }
  look(element, eye.current, shown, !shown.failed);
  // What had the focus may be gone with the oldest.
  if (before.focused && !before.focused.isConnected) {
    eye.current.focused = null;
    element.focus({ preventScroll: true });
  }
}

/** Scrolls to where the eye was, or to what it looks for. */
function place(element: HTMLElement, eye: Eye): void {
  const goal = eye.goal === null ? null : rowOf(eye.goal);
  if (goal) {
    eye.goal = null;
    eye.at_bottom = false;
    show(goal, element, false);
  } else if (eye.at_bottom) {
    element.scrollTop = element.scrollHeight;
  } else {
    const kept = eye.rows.find(({ id }) => rowOf(id) !== null);
    const moved_by = kept ? topOf(rowOf(kept.id)!, element) - kept.top : 0;
    if (moved_by !== 0) element.scrollTop += moved_by;
  }
}

/** Notes what is seen, and has more loaded near an end. */
function look(
  element: HTMLElement,
  eye: Eye,
  { see, hold, older, newer, is_past }: Shown,
  load: boolean,
): void {
  eye.rows = visibleRows(element);
  hold(!eye.at_bottom);
  const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
  const [highest, lowest] = [eye.rows[0], eye.rows.at(-1)];
  if (highest && lowest) see(highest.id, lowest.id, rest < NEAR_BOTTOM_PX);
  if (load && element.scrollTop < NEAR_END_PX) void older?.();
  else if (load && is_past && rest < NEAR_END_PX) void newer?.();
}

function show(row: HTMLElement, element: HTMLElement, watched: boolean): void {
  const way = Math.abs(topOf(row, element) - element.scrollTop);
  const near = watched && way < WATCHED_SCREENS * element.clientHeight;
  row.scrollIntoView({ block: "center", behavior: near ? "smooth" : "instant" });
  flash(row);
}

/** What came since then; `more`: at least as many. */
function newsSince(left_at: string | null, newest: Shown["newest"]): { news: number; more: boolean } {
  if (left_at === null) return { news: 0, more: false };
  const index = newest.findLastIndex(({ id }) => id === left_at);
  const news = newest.slice(index + 1).filter(({ direction }) => direction === "INBOUND").length;
  return { news, more: index < 0 && news > 0 };
}

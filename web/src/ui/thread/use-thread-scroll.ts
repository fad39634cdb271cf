import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { Message } from "../../lib/types.ts";

const NEAR_BOTTOM_PX = 80;
const NEAR_TOP_PX = 400;
/** Below the top edge. */
const UNREAD_LINE_PX = 12;

/**
 * Keeps the eye where it is: at the bottom it follows what arrives and what one writes; scrolled up, it stays and counts
 * what is new below, and older messages grow upwards without a jump.
 */
export function useThreadScroll(messages: Message[], older: { more: boolean; loadOlder: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const was = useRef({ first: "", last: "", height: 0, top: 0, at_bottom: true });
  /** The newest message when the eye left the bottom; what stands below it since then is news. */
  const [left_at, setLeftAt] = useState<string | null>(null);
  const first = messages[0]?.id ?? "";
  const last = messages.at(-1)?.id ?? "";

  // After each drawing: an edit or a reaction changes heights, too.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const before = was.current;
    const first_drawing = before.last === "" && last !== "";
    if (before.last === "" || (before.at_bottom && last !== before.last)) {
      element.scrollTop = element.scrollHeight;
    } else if (first !== before.first) {
      element.scrollTop = before.top + element.scrollHeight - before.height;
    } else if (before.at_bottom) {
      element.scrollTop = element.scrollHeight;
    }
    // What is unread is read from its beginning.
    const line = first_drawing ? element.querySelector<HTMLElement>("[data-unread-line]") : null;
    const begin = line ? line.offsetTop - UNREAD_LINE_PX : Infinity;
    const is_above = begin < element.scrollTop;
    if (is_above) element.scrollTop = begin;
    was.current = {
      first,
      last,
      height: element.scrollHeight,
      top: element.scrollTop,
      at_bottom: before.at_bottom && !is_above,
    };
  });

  const { more, loadOlder } = older;
  const empty = first === "";
  const fill = useEffectEvent(loadOlder);
  useEffect(() => {
    if (first !== "" && more && box.current && box.current.scrollTop < NEAR_TOP_PX) fill();
  }, [more, first]);

  // The box itself may change its height: a keyboard, a banner, a rotated phone. So may what is in it, when it is
  // fetched later: a picture, a kind of message that is rare.
  useEffect(() => {
    const element = box.current;
    if (!element || empty) return;
    const observer = new ResizeObserver(() => {
      if (was.current.at_bottom) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
    // With the first and the last message the lines that are watched change.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [empty, first, last]);

  const left_index = left_at === null ? -1 : messages.findIndex((message) => message.id === left_at);
  const below = left_index < 0 ? [] : messages.slice(left_index + 1);
  return {
    box,
    news: below.filter((message) => message.direction === "INBOUND").length,
    onScroll: () => {
      const element = box.current;
      if (!element) return;
      const at_bottom = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_BOTTOM_PX;
      was.current = { ...was.current, height: element.scrollHeight, top: element.scrollTop, at_bottom };
      setLeftAt((before) => (at_bottom ? null : (before ?? last)));
      if (more && element.scrollTop < NEAR_TOP_PX) loadOlder();
    },
    toBottom: () => {
      box.current?.scrollTo({ top: box.current.scrollHeight, behavior: "smooth" });
    },
    jump,
  };
}

function jump(message_id: string): void {
  const target = document.getElementById(`m-${message_id}`);
  if (!target) return;
  target.scrollIntoView({ block: "center", behavior: "smooth" });
  target.dataset["flash"] = "";
  setTimeout(() => delete target.dataset["flash"], 1700);
}

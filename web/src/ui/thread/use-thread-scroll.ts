import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { Message } from "../../lib/types.ts";

const NEAR_BOTTOM_PX = 80;
const NEAR_TOP_PX = 400;

/**
 * Keeps the eye where it is: at the bottom it follows what arrives; scrolled up, it stays and counts what is new below,
 * and older messages grow upwards without a jump.
 */
export function useThreadScroll(messages: Message[], older: { more: boolean; loadOlder: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const was = useRef({ first: "", last: "", height: 0, top: 0, at_bottom: true });
  const [news, setNews] = useState(0);
  const first = messages[0]?.id ?? "";
  const last = messages.at(-1)?.id ?? "";

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const before = was.current;
    if (before.last === "" || (before.at_bottom && last !== before.last)) {
      element.scrollTop = element.scrollHeight;
    } else if (first !== before.first) {
      element.scrollTop = before.top + element.scrollHeight - before.height;
    } else if (before.at_bottom) {
      element.scrollTop = element.scrollHeight;
    }
    if (before.last !== "" && last !== before.last && !before.at_bottom) {
      const index = messages.findIndex((message) => message.id === before.last);
      const added = messages.slice(index + 1).filter((message) => message.direction === "INBOUND").length;
      if (index >= 0) setNews((count) => count + added);
    }
    was.current = {
      first,
      last,
      height: element.scrollHeight,
      top: element.scrollTop,
      at_bottom: before.at_bottom,
    };
  }, [messages, first, last]);

  const { more, loadOlder } = older;
  const empty = first === "";
  const fill = useEffectEvent(loadOlder);
  useEffect(() => {
    if (first !== "" && more && box.current && box.current.scrollTop < NEAR_TOP_PX) fill();
  }, [more, first]);

  // The box itself may change its height: a keyboard, a banner, a rotated phone.
  useEffect(() => {
    const element = box.current;
    if (!element || empty) return;
    const observer = new ResizeObserver(() => {
      if (was.current.at_bottom) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [empty]);

  return {
    box,
    news,
    onScroll: () => {
      const element = box.current;
      if (!element) return;
      const at_bottom = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_BOTTOM_PX;
      was.current = { ...was.current, height: element.scrollHeight, top: element.scrollTop, at_bottom };
      if (at_bottom) setNews(0);
      if (more && element.scrollTop < NEAR_TOP_PX) loadOlder();
    },
    toBottom: () => {
      box.current?.scrollTo({ top: box.current.scrollHeight, behavior: "smooth" });
      setNews(0);
    },
    jump: (message_id: string) => {
      const target = document.getElementById(`m-${message_id}`);
      if (!target) return;
      target.scrollIntoView({ block: "center", behavior: "smooth" });
      target.dataset["flash"] = "";
      setTimeout(() => delete target.dataset["flash"], 1700);
    },
  };
}

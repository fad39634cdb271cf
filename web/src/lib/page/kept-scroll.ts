import { useLocation, useRouter } from "@tanstack/react-router";
import { type MouseEvent, type RefCallback, useCallback, useEffect, useRef } from "react";

/** By the entry of the browser's history, so that Back finds a list where it was left, and a new visit its top. */
const places = new Map<string, number>();
/** The list that was shown last. */
let last = { pathname: "", index: -1 };

interface Entry {
  pathname: string;
  key: string;
  index: number;
}
const useEntry = (): Entry =>
  useLocation({
    select: ({ pathname, state: { __TSR_key: key = "", __TSR_index: index } }) => ({ pathname, key, index }),
    structuralSharing: true,
  });

/** For the element that scrolls. What it shows must be there at once when one comes back: it is in the cache. */
export function useKeptScroll(): RefCallback<HTMLElement> {
  const entry = useEntry();
  const here = useRef(entry);
  useEffect(() => {
    // On the way to another page that one's address comes before this page leaves.
    if (entry.pathname !== here.current.pathname) return;
    here.current = entry;
    last = entry;
  }, [entry]);
  return useCallback((element: HTMLElement | null) => {
    if (!element) return;
    element.scrollTop = places.get(here.current.key) ?? 0;
    const keep = () => places.set(here.current.key, element.scrollTop);
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, []);
}

/** For a link back to a list: where one came from it, it is the browser's Back, and finds it as it was left. */
export function useWayBack(list: string): (event: MouseEvent) => void {
  const router = useRouter();
  const { index } = useEntry();
  return (event) => {
    if (event.metaKey || event.ctrlKey || last.pathname !== list || last.index !== index - 1) return;
    event.preventDefault();
    router.history.back();
  };
}

import { type RefObject, useEffect, useRef } from "react";

/**
 * The focus in the list: Esc in a conversation leads back to its row, and the keys take the focus along.
 * Answers what to call before the next conversation opens.
 */
export function useRowFocus(list: RefObject<HTMLElement | null>, selected: string | undefined): () => void {
  const walks = useRef(false);
  // After each drawing: the next conversation's row is there as soon as the address names it.
  useEffect(() => {
    if (!walks.current || list.current?.querySelector("a[data-selected]") === undefined) return;
    walks.current = false;
    focusRow(list.current);
  });
  useEffect(() => {
    if (selected === undefined) return;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      const target = event.target as HTMLElement | null;
      if (target?.closest("[role=menu], [role=dialog], dialog") || list.current?.contains(target)) return;
      if (target?.matches("input, select") || target?.isContentEditable) return;
      target?.blur();
      focusRow(list.current);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [list, selected]);
  return () => {
    walks.current = true;
  };
}

function focusRow(list: HTMLElement | null): void {
  const row =
    list?.querySelector<HTMLElement>("a[data-selected]") ?? list?.querySelector<HTMLElement>("li a");
  row?.focus({ preventScroll: true });
}

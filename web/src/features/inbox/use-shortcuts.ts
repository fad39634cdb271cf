import { useEffect, useRef } from "react";

/** Two different keys within this time are a word that was typed into nothing, not two commands. */
const TYPING_MS = 250;

export interface Shortcut {
  run: () => void;
  /** Changes something or takes the focus: waits until no further key has followed. */
  careful?: boolean;
  /** Goes back and forth: several of these in quick succession are still commands. */
  walks?: boolean;
}

/**
 * Single keys, while no field has the focus and no menu is open. A word typed into nothing does nothing: keys in quick
 * succession are ignored until the typing pauses, except the same key again and those that walk (`j`, `j`, `k`).
 */
export function useShortcuts(shortcuts: Record<string, Shortcut>, enabled: boolean): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (!enabled) return;
    let last = { key: "", at: -Infinity };
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: KeyboardEvent) => {
      clearTimeout(waiting);
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, select, [contenteditable], [role=menu], [role=dialog], dialog"))
        return;
      if (event.key === "Escape") last = { key: "", at: -Infinity };
      if (event.key.length !== 1) return;
      const shortcut = current.current[event.key];
      const is_walk = shortcut?.walks && current.current[last.key]?.walks;
      const is_typing = event.key !== last.key && event.timeStamp - last.at < TYPING_MS && !is_walk;
      last = { key: event.key, at: event.timeStamp };
      if (!shortcut || is_typing) return;
      event.preventDefault();
      if (shortcut.careful) waiting = setTimeout(() => current.current[event.key]?.run(), TYPING_MS);
      else shortcut.run();
    };
    addEventListener("keydown", listen);
    return () => {
      clearTimeout(waiting);
      removeEventListener("keydown", listen);
    };
  }, [enabled]);
}

import { useSyncExternalStore } from "react";
import { UNDO } from "../words/texts.ts";

export interface Toast {
  id: number;
  tone: "good" | "bad";
  title: string;
  message: string;
  /** Takes back what the toast tells of, or leads to it. */
  action?: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = 6_000;
/** Time to take something back, or to follow a link. */
const ACTION_MS = 8_000;
const watchers = new Set<() => void>();
let toasts: readonly Toast[] = [];
let count = 0;
/** Toasts that the pointer or the keyboard is in: they stay, so that no button goes from under a finger. */
const held = new Set<number>();

function become(next: readonly Toast[]) {
  toasts = next;
  for (const watcher of watchers) watcher();
}

export function dismiss(id: number): void {
  held.delete(id);
  become(toasts.filter((toast) => toast.id !== id));
}

/** How many stand at once. Those that offer to take something back stand for their whole time, whatever else comes. */
const MOST = 3;
const MOST_OFFERS = 6;

/** Tells what came of something that one did, in the corner, for a few seconds. Answers its id. */
export function toast(
  tone: Toast["tone"],
  title: string,
  message: string,
  action?: (() => void) | Toast["action"],
): number {
  const id = (count += 1);
  const offered = typeof action === "function" ? { label: UNDO, run: action } : action;
  become(withRoom([...toasts, { id, tone, title, message, action: offered }]));
  end(id, offered ? ACTION_MS : SHOWN_MS);
  return id;
}

function withRoom(all: readonly Toast[]): readonly Toast[] {
  const plain = all.filter(({ action }) => !action).slice(-MOST);
  const offers = all.filter(({ action }) => action).slice(-MOST_OFFERS);
  return all.filter((each) => plain.includes(each) || offers.includes(each));
}

function end(id: number, after_ms: number): void {
  setTimeout(() => {
    if (held.has(id)) end(id, 1_000);
    else dismiss(id);
  }, after_ms);
}

/** Keeps a toast while it is being read or used. */
export function hold(id: number, on: boolean): void {
  if (on) held.add(id);
  else held.delete(id);
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => toasts,
  );
}

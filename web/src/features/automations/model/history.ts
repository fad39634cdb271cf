/** What was drawn, step by step: each can be undone, and done again until something else is drawn. */
export interface History<State> {
  past: readonly State[];
  now: State;
  future: readonly State[];
  /** What the last step was about: the next one about the same is a part of it, as letters of one word. */
  about: string | null;
}

const KEPT = 100;

export const begin = <State>(now: State): History<State> => ({ past: [], now, future: [], about: null });

export function step<State>(
  history: History<State>,
  now: State,
  about: string | null = null,
): History<State> {
  if (now === history.now) return history;
  const goes_on = about !== null && about === history.about;
  const past = goes_on ? history.past : [...history.past, history.now].slice(-KEPT);
  return { past, now, future: [], about };
}

export function undo<State>(history: History<State>): History<State> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    now: before,
    future: [history.now, ...history.future],
    about: null,
  };
}

export function redo<State>(history: History<State>): History<State> {
  const [after, ...future] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.now], now: after, future, about: null };
}

import { type LiveState, useLiveState } from "../lib/live.ts";
import { Hint } from "../ui/hint.tsx";
import classes from "./live-dot.module.css";

const WORDS: Record<LiveState, { label: string; hint: string }> = {
  live: { label: "Live", hint: "What arrives appears here by itself" },
  reconnecting: { label: "Reconnecting", hint: "The connection was lost; what is missed will be caught up" },
  offline: { label: "Offline", hint: "Wharf can't be reached; this page tries again by itself" },
};

export function LiveDot() {
  const state = useLiveState();
  return (
    <Hint label={WORDS[state].hint}>
      <span className={classes["live"]} data-state={state} role="status">
        <i aria-hidden />
        <span>{WORDS[state].label}</span>
      </span>
    </Hint>
  );
}

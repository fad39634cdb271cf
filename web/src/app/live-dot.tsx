import { useConnection } from "../lib/live/connection.ts";
import { useLiveState } from "../lib/live/live.ts";
import { Hint } from "../ui/hint.tsx";
import classes from "./live-dot.module.css";
import { LIVE } from "./texts.ts";

export function LiveDot() {
  const live = useLiveState();
  const state = useConnection() === "ended" ? "ended" : live;
  return (
    <Hint label={LIVE[state].hint}>
      <span className={classes["live"]} data-state={state} role="status">
        <i aria-hidden />
        <span>{LIVE[state].label}</span>
      </span>
    </Hint>
  );
}

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconPlayerStopFilled } from "@tabler/icons-react";
import { clockTime, duration } from "../../../lib/words/time.ts";
import { Progress } from "../../../ui/progress.tsx";
import { titleOf, type Simulator } from "../model/model.ts";
import classes from "./scenarios-card.module.css";
import { texts } from "../texts.ts";

const { scenarios: says } = texts;

/** The scenario that plays, or what came of the last one. */
export function Playing({ simulator: { state, playing: isPlaying, halt } }: { simulator: Simulator }) {
  const { playing, speed } = state;
  if (!playing) return null;
  const { step, steps, elapsed, seconds, webhooks, acknowledged, ended_at, error } = playing;
  const title = playing.name === null ? says.own : titleOf(playing.name);
  if (isPlaying) {
    const left_ms = ((seconds - elapsed) / speed) * 1_000;
    return (
      <div className={classes["playing"]} role="group" aria-label={says.is_playing(title)}>
        <div>
          <b>{title}</b>
          <span>{says.step(step, steps)}</span>
          <span>{step < steps ? says.left(duration(Math.max(1_000, left_ms))) : says.finishing}</span>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStopFilled size={14} />}
            onClick={() => void halt()}
          >
            {says.stop}
          </Button>
        </div>
        <Progress label={title} done={elapsed} total={seconds} />
      </div>
    );
  }
  return (
    <p className={classes["outcome"]} data-tone={error === null ? "good" : "bad"} role="status">
      {error === null ? <IconCheck size={17} aria-hidden /> : <IconAlertTriangle size={17} aria-hidden />}
      <span>
        <b>{title}</b> {says.ended(clockTime(ended_at!), step, steps)}{" "}
        {error ?? says.outcome(webhooks, acknowledged)}
      </span>
    </p>
  );
}

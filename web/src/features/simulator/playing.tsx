import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconPlayerStopFilled } from "@tabler/icons-react";
import { formatNumber } from "../../lib/intl.ts";
import { clockTime, duration } from "../../lib/time.ts";
import { Progress } from "../../ui/progress.tsx";
import { titleOf } from "./scenario-file.ts";
import classes from "./scenarios-card.module.css";
import type { Simulator } from "./use-simulator.ts";

/** The scenario that plays, or what came of the last one. */
export function Playing({ simulator: { state, playing: isPlaying, halt } }: { simulator: Simulator }) {
  const { playing, speed } = state;
  if (!playing) return null;
  const { step, steps, elapsed, seconds, webhooks, acknowledged, ended_at, error } = playing;
  const title = playing.name === null ? "Your file" : titleOf(playing.name);
  if (isPlaying) {
    const left_ms = ((seconds - elapsed) / speed) * 1_000;
    return (
      <div className={classes["playing"]} role="group" aria-label={`${title} plays`}>
        <div>
          <b>{title}</b>
          <span>
            step {step} of {steps}
          </span>
          <span>
            {step < steps
              ? `${duration(Math.max(1_000, left_ms))} left`
              : "its last webhooks are on their way"}
          </span>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStopFilled size={14} />}
            onClick={() => void halt()}
          >
            End it
          </Button>
        </div>
        <Progress label={title} done={elapsed} total={seconds} />
      </div>
    );
  }
  const isGood = error === null && acknowledged === webhooks;
  return (
    <p className={classes["outcome"]} data-tone={error === null ? "good" : "bad"} role="status">
      {error === null ? <IconCheck size={17} aria-hidden /> : <IconAlertTriangle size={17} aria-hidden />}
      <span>
        <b>{title}</b> ended at {clockTime(ended_at!)} after step {step} of {steps}:{" "}
        {error ??
          (isGood
            ? `${formatNumber(webhooks)} webhooks, all acknowledged.`
            : `${formatNumber(webhooks)} webhooks, ${formatNumber(acknowledged)} of them acknowledged, the others refused.`)}
      </span>
    </p>
  );
}

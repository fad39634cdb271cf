import { Button, NativeSelect } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";
import { duration } from "../../../lib/words/time.ts";
import { SPEEDS } from "../parts/parts.ts";
import classes from "./scenarios-card.module.css";
import { texts } from "../texts.ts";

const { scenarios: says } = texts;

/** The slowest at which one need not wait much longer than a minute. */
const fitting = (seconds: number) => SPEEDS.find((speed) => seconds / speed <= 70) ?? SPEEDS.at(-1)!;

const lasting = (seconds: number) => (seconds === 0 ? says.at_once : duration(seconds * 1_000));

/** A scenario that can be played: what it does, how long it is, and at which speed. */
export function ScenarioRow({
  title,
  scenario: { about, steps, seconds },
  disabled,
  onPlay,
}: {
  title: string;
  scenario: { about: string | null; steps: number; seconds: number };
  disabled: boolean;
  onPlay: (speed: number) => Promise<unknown>;
}) {
  const [chosen, setSpeed] = useState<number | null>(null);
  const [starting, setStarting] = useState(false);
  const speed = chosen ?? fitting(seconds);
  const start = async () => {
    setStarting(true);
    await onPlay(speed);
    setStarting(false);
  };
  return (
    <div className={classes["row"]}>
      <div>
        <b>{title}</b>
        {about && <p>{about}</p>}
        <small>
          {says.steps(steps)}
          {seconds > 0 && says.over(lasting(seconds))}
        </small>
      </div>
      <NativeSelect
        size="xs"
        aria-label={says.speed(title)}
        data={SPEEDS.map((each) => ({
          value: String(each),
          label: `${texts.head.times(each)}: ${lasting(seconds / each)}`,
        }))}
        value={String(speed)}
        onChange={(event) => setSpeed(Number(event.currentTarget.value))}
      />
      <Button
        size="xs"
        leftSection={<IconPlayerPlayFilled size={13} />}
        aria-label={says.play_of(title)}
        disabled={disabled}
        loading={starting}
        onClick={() => void start()}
      >
        {says.play}
      </Button>
    </div>
  );
}

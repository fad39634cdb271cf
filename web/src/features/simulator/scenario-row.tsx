import { Button, NativeSelect } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";
import { formatNumber } from "../../lib/intl.ts";
import { duration } from "../../lib/time.ts";
import { SPEEDS } from "./head.tsx";
import classes from "./scenarios-card.module.css";

/** The slowest at which one need not wait much longer than a minute. */
const fitting = (seconds: number) => SPEEDS.find((speed) => seconds / speed <= 70) ?? SPEEDS.at(-1)!;

const lasting = (seconds: number) => (seconds === 0 ? "at once" : duration(seconds * 1_000));

/** A scenario that can be played: what it does, how long it is, and how fast it shall go. */
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
          {steps} {steps === 1 ? "step" : "steps"}
          {seconds > 0 && ` over ${lasting(seconds)}`}
        </small>
      </div>
      <NativeSelect
        size="xs"
        aria-label={`How fast ${title} plays`}
        data={SPEEDS.map((each) => ({
          value: String(each),
          label: `${formatNumber(each)}×: ${lasting(seconds / each)}`,
        }))}
        value={String(speed)}
        onChange={(event) => setSpeed(Number(event.currentTarget.value))}
      />
      <Button
        size="xs"
        leftSection={<IconPlayerPlayFilled size={13} />}
        aria-label={`Play ${title}`}
        disabled={disabled}
        loading={starting}
        onClick={() => void start()}
      >
        Play
      </Button>
    </div>
  );
}

import { Button, SegmentedControl } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { formatNumber } from "../../lib/intl.ts";
import { duration } from "../../lib/time.ts";
import { Card } from "../../ui/page.tsx";
import { CountUp } from "./count-up.tsx";
import classes from "./head.module.css";
import { same } from "./odds.ts";
import type { Simulator } from "./use-simulator.ts";

export const SPEEDS = [1, 10, 60, 600, 3_600];

/** How fast its clock runs, and what has happened so far. */
export function Head({ simulator }: { simulator: Simulator }) {
  const { state, change, playing } = simulator;
  const { speed, line, graph, usual, count } = state;
  const speeds = [...new Set([...SPEEDS, speed])].toSorted((left, right) => left - right);
  const isUsual = speed === 1 && same({ line, graph }, usual);
  const numbers = [
    { name: "Messages taken", count: count.messages },
    { name: "Webhooks posted", count: count.webhooks },
    { name: "Acknowledged", count: count.acknowledged, tone: "good" },
    { name: "To be tried again", count: count.waiting, tone: "warn" },
    { name: "Given up or forged", count: count.refused },
  ];
  return (
    <Card className={classes["head"] ?? ""} aria-label="Clock and counts">
      <div className={classes["clock"]}>
        <div>
          <SegmentedControl
            aria-label="Speed of its clock"
            data={speeds.map((each) => ({ value: String(each), label: `${formatNumber(each)}×` }))}
            value={String(speed)}
            onChange={(value) => change({ speed: Number(value) })}
          />
          <p>
            {speed === 1
              ? "Its clock runs as in life."
              : `Its clock runs ${formatNumber(speed)} times as fast as life: an hour of waiting takes ${duration(3_600_000 / speed)}.`}
          </p>
        </div>
        <Button
          variant="default"
          leftSection={<IconRestore size={17} />}
          disabled={isUsual || playing}
          onClick={() => change({ speed: 1, ...usual })}
        >
          As Meta usually is
        </Button>
      </div>
      <dl className={classes["numbers"]}>
        {numbers.map(({ name, count: number, tone }) => (
          <div key={name} data-tone={number > 0 ? tone : undefined}>
            <dt>{name}</dt>
            <dd>
              <CountUp to={number} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

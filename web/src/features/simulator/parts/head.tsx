import { Button, SegmentedControl } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { duration } from "../../../lib/words/time.ts";
import { Card } from "../../../ui/page.tsx";
import { CountUp } from "./count-up.tsx";
import classes from "./head.module.css";
import { same, type Simulator } from "../model/model.ts";
import { texts } from "../texts.ts";

export const SPEEDS = [1, 10, 60, 600, 3_600];

/** How fast its clock runs, and what has happened so far. */
export function Head({ simulator }: { simulator: Simulator }) {
  const { state, change, playing, reset } = simulator;
  const { speed, line, graph, usual, count, outages, next } = state;
  const speeds = [...new Set([...SPEEDS, speed])].toSorted((left, right) => left - right);
  const isUsual =
    speed === 1 &&
    same({ line, graph }, usual) &&
    next.length === 0 &&
    Object.values(outages).every((ends_at) => ends_at === null);
  const { head } = texts;
  const numbers = [
    { name: head.counts.messages, count: count.messages },
    { name: head.counts.webhooks, count: count.webhooks },
    { name: head.counts.acknowledged, count: count.acknowledged, tone: "good" },
    { name: head.counts.waiting, count: count.waiting, tone: "warn" },
    { name: head.counts.refused, count: count.refused },
  ];
  return (
    <Card className={classes["head"] ?? ""} aria-label={head.label}>
      <div className={classes["clock"]}>
        <div>
          <SegmentedControl
            aria-label={head.speed}
            data={speeds.map((each) => ({
              value: String(each),
              label: each === 1 ? head.real_time : head.times(each),
            }))}
            value={String(speed)}
            onChange={(value) => change({ speed: Number(value) })}
          />
          <p>{speed === 1 ? head.usual_pace : head.faster(speed, duration(3_600_000 / speed))}</p>
        </div>
        <Button
          variant="default"
          leftSection={<IconRestore size={17} />}
          disabled={isUsual || playing}
          onClick={() => void reset()}
        >
          {head.reset}
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

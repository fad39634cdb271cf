import { Button, Switch } from "@mantine/core";
import { DurationField, NumberField, Section, Setting, Settings } from "../parts/parts.ts";
import classes from "./line-card.module.css";
import { texts } from "../texts.ts";
import type { Simulator } from "../model/model.ts";

const GATHER_S = 2;

const { line: says, limits } = texts;

/** How Meta's webhooks leave, all the time. */
export function LineCard({ simulator: { state, change } }: { simulator: Simulator }) {
  const { line } = state;
  const isIdle = line.gather === 0 && (line.batch > 1 || line.reorder);
  return (
    <Section id="line" title={texts.parts.line} says={says.says}>
      <Settings>
        <Setting title={says.repeat[0]} says={says.repeat[1]}>
          <NumberField
            name={says.repeat[1]}
            unit={says.repeat_unit}
            value={line.repeat}
            onChange={(repeat) => change({ line: { repeat } })}
            min={1}
            max={100}
          />
        </Setting>
        <Setting title={says.gather[0]} says={says.gather[1]}>
          <DurationField
            name={says.gather[1]}
            value={line.gather}
            onChange={(gather) => change({ line: { gather } })}
          />
        </Setting>
        <Setting title={says.batch[0]} says={says.batch[1]}>
          <NumberField
            name={says.batch[0]}
            value={line.batch}
            onChange={(batch) => change({ line: { batch } })}
            min={1}
            max={1_000}
          />
        </Setting>
        <Setting title={says.shuffle[0]} says={says.shuffle[1]}>
          <Switch
            withThumbIndicator={false}
            aria-label={says.shuffle[0]}
            checked={line.reorder}
            onChange={(event) => change({ line: { reorder: event.currentTarget.checked } })}
          />
        </Setting>
      </Settings>
      {isIdle && (
        <p className={classes["note"]}>
          {says.idle}
          <Button size="xs" variant="default" onClick={() => change({ line: { gather: GATHER_S } })}>
            {says.gather_for(GATHER_S)}
          </Button>
        </p>
      )}
    </Section>
  );
}

/** What Meta lets a business do. */
export function LimitsCard({ simulator: { state, change, playing } }: { simulator: Simulator }) {
  const { throughput, management_calls_per_h: calls, windows } = state.graph;
  return (
    <Section id="limits" title={texts.parts.limits} says={limits.says} locked={playing}>
      <Settings>
        <Setting title={limits.throughput[0]} says={limits.throughput[1]}>
          <NumberField
            name={limits.throughput[0]}
            value={throughput}
            onChange={(typed) => change({ graph: { throughput: typed } })}
            min={1}
            max={100_000}
          />
        </Setting>
        <Setting title={limits.windows[0]} says={limits.windows[1]}>
          <Switch
            withThumbIndicator={false}
            aria-label={limits.windows[0]}
            checked={windows}
            disabled={playing}
            onChange={(event) => change({ graph: { windows: event.currentTarget.checked } })}
          />
        </Setting>
        <Setting title={limits.calls[0]} says={limits.calls[1]}>
          {calls !== null && (
            <NumberField
              name={limits.calls_per_h}
              value={calls}
              onChange={(typed) => change({ graph: { management_calls_per_h: typed } })}
              min={1}
              max={1_000_000}
            />
          )}
          <Switch
            withThumbIndicator={false}
            aria-label={limits.calls[0]}
            checked={calls !== null}
            disabled={playing}
            onChange={(event) =>
              change({ graph: { management_calls_per_h: event.currentTarget.checked ? 200 : null } })
            }
          />
        </Setting>
      </Settings>
    </Section>
  );
}

import { Button, Switch } from "@mantine/core";
import { DurationField, NumberField } from "./fields.tsx";
import classes from "./line-card.module.css";
import { Section } from "./section.tsx";
import { Setting, Settings } from "./settings.tsx";
import type { Simulator } from "./use-simulator.ts";

const GATHER_S = 2;

/** How Meta's webhooks leave, all the time. */
export function LineCard({ simulator: { state, change } }: { simulator: Simulator }) {
  const { line } = state;
  const isIdle = line.gather === 0 && (line.batch > 1 || line.reorder);
  return (
    <Section
      id="line"
      title="How webhooks leave"
      says="Meta repeats itself, puts many updates into one webhook, and keeps no order. From now on:"
    >
      <Settings>
        <Setting title="Posted" says="How often each webhook comes in all">
          <NumberField
            name="How often each is posted"
            unit="times"
            value={line.repeat}
            onChange={(repeat) => change({ line: { repeat } })}
            min={1}
            max={100}
          />
        </Setting>
        <Setting title="Gathered for" says="How long updates wait to leave together">
          <DurationField
            name="How long they are gathered"
            value={line.gather}
            onChange={(gather) => change({ line: { gather } })}
          />
        </Setting>
        <Setting title="At most" says="How many leave in one webhook: 1 to 1,000">
          <NumberField
            name="Updates in a webhook, at most"
            value={line.batch}
            onChange={(batch) => change({ line: { batch } })}
            min={1}
            max={1_000}
          />
        </Setting>
        <Setting title="In an order of chance" says="“Read” may come before “delivered”">
          <Switch
            withThumbIndicator={false}
            aria-label="In an order of chance"
            checked={line.reorder}
            onChange={(event) => change({ line: { reorder: event.currentTarget.checked } })}
          />
        </Setting>
      </Settings>
      {isIdle && (
        <p className={classes["note"]}>
          Nothing is gathered, so each leaves alone and at once.
          <Button size="xs" variant="default" onClick={() => change({ line: { gather: GATHER_S } })}>
            Gather for {GATHER_S} s
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
    <Section
      id="limits"
      title="Meta’s limits"
      says="What goes beyond them is refused, as Meta does."
      locked={playing}
    >
      <Settings>
        <Setting title="Messages a second" says="By one business number; Meta begins with 80">
          <NumberField
            name="Messages a second"
            value={throughput}
            onChange={(typed) => change({ graph: { throughput: typed } })}
            min={1}
            max={100_000}
          />
        </Setting>
        <Setting title="24 hours to answer" says="Later than that only a template is taken">
          <Switch
            withThumbIndicator={false}
            aria-label="24 hours to answer"
            checked={windows}
            disabled={playing}
            onChange={(event) => change({ graph: { windows: event.currentTarget.checked } })}
          />
        </Setting>
        <Setting
          title="Few calls an hour"
          says="Calls that manage templates and numbers; a new account has 200"
        >
          {calls !== null && (
            <NumberField
              name="Calls an hour"
              value={calls}
              onChange={(typed) => change({ graph: { management_calls_per_h: typed } })}
              min={1}
              max={1_000_000}
            />
          )}
          <Switch
            withThumbIndicator={false}
            aria-label="Few calls an hour"
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

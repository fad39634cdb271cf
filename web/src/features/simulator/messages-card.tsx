import { Button } from "@mantine/core";
import { Codes } from "./codes.tsx";
import { writeDuration } from "./durations.ts";
import { DurationField, ShareSlider } from "./fields.tsx";
import { Funnel } from "./funnel.tsx";
import classes from "./messages-card.module.css";
import { isSet, type Odds, PRESETS } from "./odds.ts";
import { Fold, Section } from "./section.tsx";
import type { Simulator } from "./use-simulator.ts";

const SHARES: readonly { of: Exclude<keyof Odds, "codes">; label: string; says: string }[] = [
  { of: "failed", label: "Fail", says: "of all messages" },
  { of: "delivered", label: "Delivered", says: "of those that are sent" },
  { of: "read", label: "Read", says: "of those that are delivered" },
  {
    of: "read_at_once",
    label: "Read at once",
    says: "of the read: the chat is open, so no “delivered” comes",
  },
  { of: "played", label: "Played", says: "of the voice messages that are read" },
  { of: "held", label: "Held first", says: "of the templates: Meta looks how people take them" },
];

/** What becomes of the messages that Wharf sends. */
export function MessagesCard({ simulator }: { simulator: Simulator }) {
  const { state, change, playing } = simulator;
  const { odds } = state.graph;
  return (
    <Section
      id="messages"
      title="What becomes of messages"
      says="Each message that Wharf sends is taken, and what follows is chance. Set the odds."
      locked={playing}
    >
      <div className={classes["presets"]} role="group" aria-label="Ready-made">
        {PRESETS.map((preset) => (
          <Button
            key={preset.label}
            size="xs"
            h={32}
            radius="xl"
            variant={isSet(preset, state) ? "filled" : "default"}
            aria-pressed={isSet(preset, state)}
            title={preset.says}
            onClick={() => change({ graph: preset.of(state.usual.graph) })}
          >
            {preset.label}
          </Button>
        ))}
      </div>
      <Funnel odds={odds} />
      <div className={classes["shares"]}>
        {SHARES.map(({ of, ...words }) => (
          <ShareSlider
            key={of}
            {...words}
            value={odds[of]}
            onChange={(share) => change({ graph: { odds: { [of]: share } } })}
          />
        ))}
      </div>
      <Codes
        codes={odds.codes}
        locked={playing}
        onChange={(codes) => change({ graph: { odds: { codes } } })}
      />
      <Timing simulator={simulator} />
    </Section>
  );
}

const TIMES = [
  { of: "sent", label: "Until it is sent", says: "or fails" },
  { of: "delivered", label: "From there to delivered", says: "" },
  { of: "read", label: "From there to read", says: "" },
  { of: "played", label: "From there to played", says: "voice messages" },
  { of: "held", label: "Held for", says: "templates that are held first" },
  { of: "review", label: "Review takes", says: "of new and changed templates" },
] as const;

function Timing({ simulator: { state, change } }: { simulator: Simulator }) {
  const { timing } = state.graph;
  return (
    <Fold
      title="How long it takes"
      now={`delivered within ${writeDuration(timing.sent[1] + timing.delivered[1])}, read within ${writeDuration(timing.read[1])} more`}
    >
      <p className={classes["says"]}>
        At least and at most, by the simulator’s clock. Write 500 ms, 3 s, 2 min or 8 h.
      </p>
      <ul className={classes["times"]}>
        {TIMES.map(({ of, label, says }) => {
          const [least, most] = timing[of];
          return (
            <li key={of}>
              <span>
                {label} {says && <small>{says}</small>}
              </span>
              <DurationField
                name={`${label}: at least`}
                value={least}
                onChange={(typed) => change({ graph: { timing: { [of]: [typed, Math.max(typed, most)] } } })}
              />
              <i aria-hidden>–</i>
              <DurationField
                name={`${label}: at most`}
                value={most}
                onChange={(typed) => change({ graph: { timing: { [of]: [Math.min(least, typed), typed] } } })}
              />
            </li>
          );
        })}
      </ul>
    </Fold>
  );
}

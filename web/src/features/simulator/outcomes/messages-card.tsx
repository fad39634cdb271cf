import { Button } from "@mantine/core";
import { Codes } from "./codes.tsx";
import { PRESETS, isSet, type Simulator, writeDuration } from "../model/model.ts";
import { DurationField, Fold, Section, ShareSlider } from "../parts/parts.ts";
import { Funnel } from "./funnel.tsx";
import classes from "./messages-card.module.css";
import { texts } from "../texts.ts";

const { messages: says, timing: times } = texts;
const SHARES = ["failed", "delivered", "read", "read_at_once", "played", "held"] as const;

/** The outcomes of the messages that Wharf sends. */
export function MessagesCard({ simulator }: { simulator: Simulator }) {
  const { state, change, playing } = simulator;
  const { odds } = state.graph;
  return (
    <Section id="messages" title={texts.parts.messages} says={says.says} locked={playing}>
      <div className={classes["presets"]} role="group" aria-label={says.presets}>
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
        {SHARES.map((of) => (
          <ShareSlider
            key={of}
            {...says.shares[of]}
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

const TIMES = ["sent", "delivered", "read", "played", "held", "review"] as const;

function Timing({ simulator: { state, change } }: { simulator: Simulator }) {
  const { timing } = state.graph;
  return (
    <Fold
      title={times.title}
      now={times.now(writeDuration(timing.sent[1] + timing.delivered[1]), writeDuration(timing.read[1]))}
    >
      <p className={classes["says"]}>{times.says}</p>
      <ul className={classes["times"]}>
        {TIMES.map((of) => {
          const { label, says: more } = times.rows[of];
          const [least, most] = timing[of];
          return (
            <li key={of}>
              <span>
                {label} {more && <small>{more}</small>}
              </span>
              <DurationField
                name={times.least(label)}
                value={least}
                onChange={(typed) => change({ graph: { timing: { [of]: [typed, Math.max(typed, most)] } } })}
              />
              <i aria-hidden>–</i>
              <DurationField
                name={times.most(label)}
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

import { Button } from "@mantine/core";
import { IconMask, IconPlugConnectedX, IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import { Ago } from "../../../ui/ago.tsx";
import { Countdown } from "../../../ui/countdown.tsx";
import { AnswerTag, DurationField, Part, Section, Setting, Settings } from "../parts/parts.ts";
import { Burst } from "./burst.tsx";
import classes from "./faults-card.module.css";
import { texts } from "../texts.ts";
import type { Simulator } from "../model/model.ts";

const { faults } = texts;
const OUTAGES = ["webhooks", "graph", "media"] as const;

/** What goes wrong on the line, right now. */
export function FaultsCard({ simulator }: { simulator: Simulator }) {
  return (
    <Section id="faults" title={texts.parts.faults} says={faults.says}>
      <Outages simulator={simulator} />
      <Forged simulator={simulator} />
      <Burst simulator={simulator} />
    </Section>
  );
}

function Outages({ simulator: { state, take } }: { simulator: Simulator }) {
  const [seconds, setSeconds] = useState(60);
  return (
    <Part
      title={faults.outage}
      says={faults.outage_says}
      aside={<DurationField name={faults.duration} value={seconds} onChange={setSeconds} />}
    >
      <Settings>
        {OUTAGES.map((of) => {
          const [title, says] = faults.outages[of];
          const ends_at = state.outages[of];
          const isOut = ends_at !== null;
          return (
            <Setting
              key={of}
              title={title}
              alarm={isOut}
              says={
                isOut ? (
                  <>
                    {faults.ends} <Countdown to={ends_at} />
                  </>
                ) : (
                  says
                )
              }
            >
              <Button
                size="xs"
                variant="default"
                aria-label={isOut ? faults.end_of(title) : faults.start_of(title)}
                leftSection={isOut ? <IconPlugConnected size={16} /> : <IconPlugConnectedX size={16} />}
                onClick={() => void take({ outage: isOut ? 0 : seconds, of })}
              >
                {isOut ? faults.end : faults.start}
              </Button>
            </Setting>
          );
        })}
      </Settings>
    </Part>
  );
}

/** A webhook from one who does not have the app's secret. */
function Forged({ simulator: { state, take } }: { simulator: Simulator }) {
  const last = state.posted.find(({ signature }) => signature !== "right");
  const from = state.people[0]?.wa_id;
  const post = (signature: "wrong" | "none") =>
    void take({ signature, send: [{ do: "say", from, text: faults.forged_text }] });
  return (
    <Part title={faults.forged} says={faults.forged_says}>
      <div className={classes["buttons"]}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMask size={16} />}
          onClick={() => post("wrong")}
        >
          {faults.wrong}
        </Button>
        <Button size="xs" variant="default" leftSection={<IconMask size={16} />} onClick={() => post("none")}>
          {faults.none}
        </Button>
        {last && (
          <span className={classes["answer"]} role="status">
            {last.status === 0 ? (
              faults.not_there(last.error)
            ) : (
              <>
                {faults.answered} <AnswerTag posted={last} />
              </>
            )}{" "}
            <Ago time={last.at} />
          </span>
        )}
      </div>
    </Part>
  );
}

import { Button } from "@mantine/core";
import { IconMask, IconPlugConnectedX, IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import { ago } from "../../lib/time.ts";
import type { SimulatorState } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Countdown } from "../../ui/countdown.tsx";
import { AnswerTag } from "./answer-tag.tsx";
import { Burst } from "./burst.tsx";
import classes from "./faults-card.module.css";
import { DurationField } from "./fields.tsx";
import { Part, Section } from "./section.tsx";
import { Setting, Settings } from "./settings.tsx";
import type { Simulator } from "./use-simulator.ts";

const OUTAGES: readonly { of: keyof SimulatorState["outages"]; title: string; says: string }[] = [
  { of: "webhooks", title: "Webhooks", says: "Nothing reaches Wharf; Meta tries each again later" },
  { of: "graph", title: "Sending", says: "Meta answers every call of Wharf with an error" },
  { of: "media", title: "Files", says: "Photos and documents can’t be fetched" },
];

/** What goes wrong on the line, right now. */
export function FaultsCard({ simulator }: { simulator: Simulator }) {
  return (
    <Section id="faults" title="Make something go wrong" says="At once, to see what Wharf makes of it.">
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
      title="Outage"
      says="For so long by the simulator’s clock: at 60× an hour is over in a minute."
      aside={<DurationField name="How long an outage takes" value={seconds} onChange={setSeconds} />}
    >
      <Settings>
        {OUTAGES.map(({ of, title, says }) => {
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
                    Out; back <Countdown to={ends_at} />
                  </>
                ) : (
                  says
                )
              }
            >
              <Button
                size="xs"
                variant="default"
                aria-label={`${isOut ? "End the outage" : "Break"}: ${title}`}
                leftSection={isOut ? <IconPlugConnected size={16} /> : <IconPlugConnectedX size={16} />}
                onClick={() => void take({ outage: isOut ? 0 : seconds, of })}
              >
                {isOut ? "End it" : "Break"}
              </Button>
            </Setting>
          );
        })}
      </Settings>
    </Part>
  );
}

/** Somebody who doesn't have the app's secret posts as if they were Meta. */
function Forged({ simulator: { state, take } }: { simulator: Simulator }) {
  const now = useNow();
  const last = state.posted.find(({ signature }) => signature !== "right");
  const from = state.people[0]?.wa_id;
  const post = (signature: "wrong" | "none") =>
    void take({ signature, send: [{ do: "say", from, text: "I am not from Meta" }] });
  return (
    <Part title="Forged webhook" says="As from somebody who isn’t Meta. Wharf has to refuse it unread.">
      <div className={classes["buttons"]}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMask size={16} />}
          onClick={() => post("wrong")}
        >
          Wrong signature
        </Button>
        <Button size="xs" variant="default" leftSection={<IconMask size={16} />} onClick={() => post("none")}>
          No signature
        </Button>
        {last && (
          <span className={classes["answer"]} role="status">
            {last.status === 0 ? (
              `It did not get there: ${last.error}`
            ) : (
              <>
                Wharf answered <AnswerTag posted={last} />
              </>
            )}{" "}
            {ago(last.at, now)}
          </span>
        )}
      </div>
    </Part>
  );
}

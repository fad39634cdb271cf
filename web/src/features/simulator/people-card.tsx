import { Switch } from "@mantine/core";
import { withPlus } from "../../lib/people.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Section } from "./section.tsx";
import { Setting, Settings } from "./settings.tsx";
import type { Simulator } from "./use-simulator.ts";

/** Who wants no more marketing, by the switch that WhatsApp itself has for it. */
export function PeopleCard({ simulator: { state, take } }: { simulator: Simulator }) {
  return (
    <Section
      id="people"
      title="People"
      says="Who takes marketing from the business, as each has set it in WhatsApp."
    >
      <Settings>
        {state.people.map(({ wa_id, name, stopped }) => (
          <Setting
            key={wa_id}
            face={<Avatar id={wa_id} name={name} size={36} />}
            title={name}
            says={`${withPlus(wa_id)}, ${stopped ? "stopped" : "takes"} marketing`}
          >
            <Switch
              withThumbIndicator={false}
              aria-label={`${name} takes marketing`}
              checked={!stopped}
              onChange={() =>
                void take({ send: [{ do: "preference", from: wa_id, value: stopped ? "resume" : "stop" }] })
              }
            />
          </Setting>
        ))}
      </Settings>
    </Section>
  );
}

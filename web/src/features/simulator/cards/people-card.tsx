import { Switch } from "@mantine/core";
import { withPlus } from "../../../conversation/model/people.ts";
import { Avatar } from "../../../conversation/marks/avatar.tsx";
import { Section, Setting, Settings } from "../parts/parts.ts";
import { texts } from "../texts.ts";
import type { Simulator } from "../model/model.ts";

/** The customers, and the switch for marketing that WhatsApp itself has. */
export function PeopleCard({ simulator: { state, take } }: { simulator: Simulator }) {
  return (
    <Section id="people" title={texts.parts.people} says={texts.people.says}>
      <Settings>
        {state.people.map(({ wa_id, name, stopped }) => (
          <Setting
            key={wa_id}
            face={<Avatar id={wa_id} name={name} size={36} />}
            title={name}
            says={texts.people.state(withPlus(wa_id), stopped)}
          >
            <Switch
              withThumbIndicator={false}
              aria-label={texts.people.switch(name)}
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

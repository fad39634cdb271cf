import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { withPlus } from "../../lib/people.ts";
import type { SimulatorState } from "../../lib/types.ts";
import { Code, CodeBar } from "../../ui/code.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./access-card.module.css";
import { clientLines } from "./client-lines.ts";
import { Section } from "./section.tsx";

/** What a program of one's own needs to take the simulator for Meta. */
export function AccessCard({ access }: { access: SimulatorState["access"] }) {
  const [chosen, setChosen] = useState("curl");
  const number = access.numbers[0];
  const rows = [
    { name: "Graph API", value: access.graph_url },
    { name: "Access token", value: access.access_token ?? "any" },
    ...(number
      ? [
          {
            name: "Phone number ID",
            value: number.phone_number_id,
            says: withPlus(number.display_phone_number),
          },
          { name: "Account (WABA) ID", value: number.waba_id },
        ]
      : []),
    { name: "App ID", value: access.app_id },
  ];
  const lines = clientLines(access);
  const shown = lines.find(({ client }) => client === chosen) ?? lines[0]!;
  return (
    <Section
      id="access"
      title="Use it from your own program"
      says="Point any client of WhatsApp’s Cloud API at it, from this machine: it is answered as Meta would. The statuses of what it sends come to Wharf."
    >
      <dl className={classes["rows"]}>
        {rows.map(({ name, value, says }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span>
                <code>{value}</code>
                {says && <small>{says}</small>}
              </span>
              <CopyButton text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
      <CodeBar>
        <SegmentedControl
          size="xs"
          aria-label="Client"
          data={lines.map(({ client }) => client)}
          value={shown.client}
          onChange={setChosen}
        />
        <CopyButton text={shown.code} what={`the lines for ${shown.client}`} />
      </CodeBar>
      <Code compact wrap data-testid="client-lines">
        {shown.code}
      </Code>
    </Section>
  );
}

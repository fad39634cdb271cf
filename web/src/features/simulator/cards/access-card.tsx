import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { withPlus } from "../../../conversation/model/people.ts";
import type { SimulatorState } from "../../../lib/types.ts";
import { Code, CodeBar } from "../../../ui/code.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import classes from "./access-card.module.css";
import { clientLines } from "../model/model.ts";
import { Section } from "../parts/parts.ts";
import { texts } from "../texts.ts";

const { access: says } = texts;

/** What a program of one's own needs to take the simulator for Meta. */
export function AccessCard({ access }: { access: SimulatorState["access"] }) {
  const [chosen, setChosen] = useState("curl");
  const number = access.numbers[0];
  const rows = [
    { name: says.graph, value: access.graph_url },
    { name: says.token, value: access.access_token ?? says.any },
    ...(number
      ? [
          {
            name: says.number,
            value: number.phone_number_id,
            note: withPlus(number.display_phone_number),
          },
          { name: says.account, value: number.waba_id },
        ]
      : []),
    { name: says.app, value: access.app_id },
  ];
  const lines = clientLines(access);
  const shown = lines.find(({ client }) => client === chosen) ?? lines[0]!;
  return (
    <Section id="access" title={texts.parts.access} says={says.says}>
      <dl className={classes["rows"]}>
        {rows.map(({ name, value, note }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span>
                <code>{value}</code>
                {note && <small>{note}</small>}
              </span>
              <CopyButton text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
      <CodeBar>
        <SegmentedControl
          size="xs"
          aria-label={says.client}
          data={lines.map(({ client }) => client)}
          value={shown.client}
          onChange={setChosen}
        />
        <CopyButton text={shown.code} what={says.lines_for(shown.client)} />
      </CodeBar>
      <Code compact wrap data-testid="client-lines">
        {shown.code}
      </Code>
    </Section>
  );
}

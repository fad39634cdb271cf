import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { chevron } from "../../ui/filter-bar.tsx";
import { Card } from "../../ui/page.tsx";
import classes from "./imports.module.css";
import type { Wanted } from "./draft-changes.ts";
import type { Import } from "./queries.ts";
import { SavedText } from "./saved-text.tsx";
import { CONSENT } from "./texts.ts";

/** What the people of the file agreed to, when and where, and the word of the one who imports them. */
export function ConsentPart({ imported, change }: { imported: Import; change: (wanted: Wanted) => void }) {
  const { settings, columns } = imported;
  const { consent, mapping } = settings;
  const put = (part: Partial<typeof consent>) =>
    change((now) => ({ consent: { ...now.settings.consent, ...part } }));
  const column = (to: string) => columns[mapping.findIndex((target) => target.to === to)]?.name;
  const by_column = column("consent_state");
  const state = consent.state ?? "none";
  const is_said = by_column !== undefined || state === "SUBSCRIBED" || state === "PENDING";
  return (
    <Card className={classes["block"]}>
      <h2>{CONSENT.title}</h2>
      {by_column !== undefined && <p className={classes["soft"]}>{CONSENT.by_column(by_column)}</p>}
      <div className={classes["fields"]}>
        <NativeSelect
          label={by_column === undefined ? CONSENT.by_file : CONSENT.by_empty}
          description={CONSENT.hints[state]}
          inputWrapperOrder={["label", "input", "description"]}
          rightSection={chevron}
          data={Object.entries(CONSENT.states).map(([value, label]) => ({ value, label }))}
          value={state}
          onChange={({ currentTarget: { value } }) =>
            put({
              state: value === "none" ? null : (value as NonNullable<typeof consent.state>),
              agreed: false,
            })
          }
        />
        {is_said && (
          <>
            <TextInput
              type="date"
              label={CONSENT.date}
              description={column("consent_date") === undefined ? undefined : CONSENT.date_rows}
              inputWrapperOrder={["label", "input", "description"]}
              value={consent.date ?? ""}
              onChange={({ currentTarget: { value } }) => put({ date: value || null })}
            />
            <SavedText
              label={CONSENT.source}
              placeholder={CONSENT.source_example}
              maxLength={500}
              saved={consent.source}
              save={(source) => put({ source })}
            />
          </>
        )}
      </div>
      {is_said && (
        <>
          <Agreed agreed={consent.agreed} put={(agreed) => put({ agreed })} />
          <p className={classes["soft"]}>{CONSENT.opted_out}</p>
        </>
      )}
    </Card>
  );
}

/** Shows at once what was chosen: what is kept of the draft is drawn a moment later. */
function Agreed({ agreed, put }: { agreed: boolean; put: (agreed: boolean) => void }) {
  const [chosen, choose] = useState<boolean | null>(null);
  if (chosen === agreed) choose(null);
  return (
    <Checkbox
      label={CONSENT.agreed}
      description={CONSENT.agreed_text}
      checked={chosen ?? agreed}
      onChange={({ currentTarget: { checked } }) => {
        choose(checked);
        put(checked);
      }}
    />
  );
}

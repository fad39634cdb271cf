import { NumberInput, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { phoneNumbersQuery } from "../../../lib/server/queries.ts";
import { CAPS, REENTRY } from "../flow-texts.ts";
import type { Settings } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { FLOW } from "../setting-texts.ts";
import { Exclusions } from "./exclusions.tsx";
import { ExitRules } from "./exit-rules.tsx";
import { Choose, optionsOf, PathField } from "./fields.tsx";
import classes from "./nodes.module.css";

/** What holds for the whole flow. */
export function FlowSettings() {
  const { flow, put } = useDrawing();
  const { settings } = flow;
  const set = (change: Partial<Settings>) =>
    put({ ...flow, settings: { ...settings, ...change } }, `settings ${Object.keys(change).join()}`);
  const { data } = useQuery(phoneNumbersQuery);
  return (
    <div className={classes["fields"]}>
      <Choose
        label={FLOW.number}
        description={FLOW.number_hint}
        empty={FLOW.choose_number}
        value={settings.phone_number_id}
        data={(data?.data ?? []).map(({ id, display_phone_number, phone_number_id, verified_name }) => ({
          value: id,
          label: [display_phone_number ?? phone_number_id, verified_name].filter(Boolean).join(" · "),
        }))}
        put={(phone_number_id) => set({ phone_number_id })}
      />
      <Choose
        label={FLOW.cap}
        description={FLOW.cap_hint}
        empty={FLOW.cap_choose}
        value={settings.frequency_cap}
        data={optionsOf(CAPS)}
        put={(cap) => set({ frequency_cap: cap as Settings["frequency_cap"] })}
      />
      <Choose
        label={FLOW.reentry}
        value={settings.reentry}
        data={optionsOf(REENTRY)}
        put={(reentry) => set({ reentry: reentry as Settings["reentry"] })}
      />
      {settings.reentry === "every_event" && (
        <PathField
          label={FLOW.key}
          description={FLOW.key_hint}
          value={settings.key_path}
          put={(path) => set({ key_path: path.length === 0 ? null : path })}
        />
      )}
      <Exclusions sources={settings.exclude} put={(exclude) => set({ exclude })} />
      <ExitRules rules={settings.exit_rules} put={(exit_rules) => set({ exit_rules })} />
      <Switch
        label={FLOW.pause}
        description={FLOW.pause_hint}
        checked={settings.pause_when_answered}
        onChange={({ currentTarget: { checked } }) => set({ pause_when_answered: checked })}
      />
      <Switch
        label={FLOW.existing}
        description={FLOW.existing_hint}
        checked={settings.include_existing}
        onChange={({ currentTarget: { checked } }) => set({ include_existing: checked })}
      />
      {settings.include_existing && (
        <NumberInput
          label={FLOW.rate}
          min={1}
          max={60_000}
          allowDecimal={false}
          value={settings.existing_per_min}
          onChange={(value) => typeof value === "number" && value >= 1 && set({ existing_per_min: value })}
        />
      )}
    </div>
  );
}

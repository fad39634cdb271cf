import { Switch } from "@mantine/core";
import type { NodeOf } from "../model/model.ts";
import { DELAY, FIELDS } from "../setting-texts.ts";
import { Choose, HoursField, MinutesField, optionsOf, TimeField, WeekdaysField } from "./fields.tsx";
import classes from "./nodes.module.css";
import { PickField } from "./pick.tsx";
import { DaysField } from "./trigger-fields.tsx";

type Delay = NodeOf<"delay">;
type Until = Delay["until"];
const FIRST: { [Kind in Until["kind"]]: Extract<Until, { kind: Kind }> } = {
  duration: { kind: "duration", minutes: 60 },
  time: { kind: "time", time: "09:00", weekdays: null },
  date_field: { kind: "date_field", field_id: null, days: 0, time: "09:00" },
};
const OFFICE = { weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" };

export function DelayFields({ node, put }: { node: Delay; put: (node: Delay) => void }) {
  const { until, hours, jitter_min } = node;
  return (
    <>
      <Choose
        label={DELAY.until}
        value={until.kind}
        data={optionsOf(DELAY.kinds)}
        put={(kind) => put({ ...node, until: FIRST[kind as Until["kind"]] })}
      />
      <UntilFields key={until.kind} until={until} set={(next) => put({ ...node, until: next })} />
      <MinutesField
        label={DELAY.jitter}
        description={DELAY.jitter_hint}
        least={0}
        most={1_440}
        value={jitter_min}
        put={(minutes) => put({ ...node, jitter_min: minutes })}
      />
      <Switch
        label={DELAY.hours}
        description={DELAY.hours_hint}
        checked={hours !== null}
        onChange={({ currentTarget: { checked } }) => put({ ...node, hours: checked ? OFFICE : null })}
      />
      {hours && <HoursField value={hours} put={(next) => put({ ...node, hours: next })} />}
    </>
  );
}

function UntilFields({ until, set }: { until: Until; set: (until: Until) => void }) {
  switch (until.kind) {
    case "duration":
      return (
        <MinutesField
          label={DELAY.length}
          value={until.minutes}
          put={(minutes) => set({ ...until, minutes })}
        />
      );
    case "time":
      return (
        <>
          <TimeField
            description={FIELDS.time_hint}
            value={until.time}
            put={(time) => set({ ...until, time })}
          />
          <Switch
            label={FIELDS.any_day}
            checked={until.weekdays === null}
            onChange={({ currentTarget: { checked } }) =>
              set({ ...until, weekdays: checked ? null : OFFICE.weekdays })
            }
          />
          {until.weekdays && (
            <WeekdaysField value={until.weekdays} put={(weekdays) => set({ ...until, weekdays })} />
          )}
        </>
      );
    case "date_field":
      return (
        <>
          <PickField
            dates
            label={DELAY.kinds.date_field}
            value={until.field_id}
            put={(field_id) => set({ ...until, field_id })}
          />
          <DaysField days={until.days} put={(days) => set({ ...until, days })} />
          <TimeField
            description={FIELDS.time_hint}
            value={until.time}
            put={(time) => set({ ...until, time })}
          />
          <p className={classes["hint"]}>{DELAY.date_note}</p>
        </>
      );
  }
}

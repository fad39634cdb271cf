import { Chip, NativeSelect, Radio, TextInput } from "@mantine/core";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./consent.module.css";
import type { Policy } from "./queries.ts";
import { DAYS, LIMITS, SHORT_DAYS } from "./texts.ts";

type Quiet = NonNullable<Policy["quiet"]>;

export const USUAL_QUIET: Quiet = {
  from: "21:00",
  to: "08:00",
  days: [1, 2, 3, 4, 5, 6, 7],
  whole_days: [],
  action: "wait",
};

export function QuietFields({
  quiet,
  put,
  disabled,
}: {
  quiet: Quiet;
  put: (quiet: Quiet) => void;
  disabled: boolean;
}) {
  const time = (label: string, name: "from" | "to") => (
    <TextInput
      type="time"
      label={label}
      disabled={disabled}
      value={quiet[name] ?? ""}
      onChange={({ currentTarget: { value } }) => put({ ...quiet, [name]: value === "" ? null : value })}
    />
  );
  return (
    <>
      <div className={classes["times"]}>
        {time(LIMITS.from, "from")}
        {time(LIMITS.to, "to")}
      </div>
      <Days
        label={LIMITS.nights}
        days={quiet.days}
        disabled={disabled}
        put={(days) => put({ ...quiet, days })}
      />
      <Days
        label={LIMITS.whole}
        days={quiet.whole_days}
        disabled={disabled}
        put={(whole_days) => put({ ...quiet, whole_days })}
      />
      <Radio.Group
        label={LIMITS.action}
        value={quiet.action}
        onChange={(value) => put({ ...quiet, action: value === "skip" ? "skip" : "wait" })}
      >
        <div className={classes["checks"]}>
          <Radio value="wait" label={LIMITS.actions.wait} disabled={disabled} />
          <Radio value="skip" label={LIMITS.actions.skip} disabled={disabled} />
        </div>
      </Radio.Group>
    </>
  );
}

function Days({
  label,
  days,
  put,
  disabled,
}: {
  label: string;
  days: readonly number[];
  put: (days: number[]) => void;
  disabled: boolean;
}) {
  return (
    <fieldset className={classes["days"]}>
      <legend>{label}</legend>
      <Chip.Group
        multiple
        value={days.map(String)}
        onChange={(values) => put(values.map(Number).sort((a, b) => a - b))}
      >
        {SHORT_DAYS.map((day, i) => (
          <Chip key={day} size="xs" value={String(i + 1)} disabled={disabled} aria-label={DAYS[i] ?? day}>
            {day}
          </Chip>
        ))}
      </Chip.Group>
    </fieldset>
  );
}

export function TimeZoneField({
  zone,
  put,
  disabled,
}: {
  zone: string;
  put: (zone: string) => void;
  disabled: boolean;
}) {
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <NativeSelect
      label={LIMITS.zone}
      rightSection={chevron}
      disabled={disabled}
      data={zones.includes(zone) ? zones : [zone, ...zones]}
      value={zone}
      onChange={({ currentTarget: { value } }) => put(value)}
    />
  );
}

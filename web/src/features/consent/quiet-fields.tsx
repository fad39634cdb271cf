import { NativeSelect, TextInput } from "@mantine/core";
import { chevron } from "../../ui/filter-bar.tsx";
import { Checks } from "./check.tsx";
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

const WEEK = SHORT_DAYS.map((label, i) => ({ value: i + 1, label, name: DAYS[i] ?? label }));

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
      <Checks
        legend={LIMITS.nights}
        options={WEEK}
        values={quiet.days}
        disabled={disabled}
        put={(days) => put({ ...quiet, days })}
      />
      <Checks
        legend={LIMITS.whole}
        options={WEEK}
        values={quiet.whole_days}
        disabled={disabled}
        put={(whole_days) => put({ ...quiet, whole_days })}
      />
      <NativeSelect
        label={LIMITS.action}
        rightSection={chevron}
        disabled={disabled}
        data={Object.entries(LIMITS.actions).map(([value, label]) => ({ value, label }))}
        value={quiet.action}
        onChange={({ currentTarget: { value } }) =>
          put({ ...quiet, action: value === "skip" ? "skip" : "wait" })
        }
      />
    </>
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

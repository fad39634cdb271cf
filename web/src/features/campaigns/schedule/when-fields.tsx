import { NativeSelect, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { serverNow } from "../../../lib/words/clock.ts";
import { chevron } from "../../../ui/filter-bar.tsx";
import common from "../../../ui/form-blocks.module.css";
import { allZones, clockIn, momentIn, ownZone } from "../../../lib/page/zones.ts";
import type { Schedule } from "../model/model.ts";
import { RadioCards } from "../parts/parts.ts";
import { SCHEDULE } from "../wizard-texts.ts";

const DAY_MS = 86_400_000;

/** Now, at one moment, or at a time of each person's clock. */
export function WhenFields({ schedule, put }: { schedule: Schedule; put: (schedule: Schedule) => void }) {
  const choose = (kind: Schedule["kind"]) => {
    const zone = schedule.kind === "now" ? ownZone() : schedule.time_zone;
    const tomorrow = clockIn(zone, serverNow() + DAY_MS).date;
    if (kind === "now") put({ kind });
    else if (kind === "at")
      put({ kind, at: momentIn(zone, { date: tomorrow, time: "10:00" })!, time_zone: zone });
    else put({ kind, date: tomorrow, time: "10:00", time_zone: zone });
  };
  return (
    <RadioCards
      label={SCHEDULE.when}
      value={schedule.kind}
      onChange={choose}
      options={[
        { value: "now", label: SCHEDULE.now, hint: SCHEDULE.now_hint },
        {
          value: "at",
          label: SCHEDULE.at,
          hint: SCHEDULE.at_hint,
          fields: schedule.kind === "at" && <AtFields schedule={schedule} put={put} />,
        },
        {
          value: "local",
          label: SCHEDULE.local,
          hint: SCHEDULE.local_hint,
          fields: schedule.kind === "local" && <LocalFields schedule={schedule} put={put} />,
        },
      ]}
    />
  );
}

type Of<Kind extends Schedule["kind"]> = {
  schedule: Extract<Schedule, { kind: Kind }>;
  put: (schedule: Schedule) => void;
};

function AtFields({ schedule, put }: Of<"at">) {
  const { at, time_zone } = schedule;
  const shown = clockIn(time_zone, Date.parse(at));
  const set = (change: Partial<typeof shown & { zone: string }>) => {
    const zone = change.zone ?? time_zone;
    // In another zone the clock stays as it is, and the moment moves.
    const moment = momentIn(zone, { ...shown, ...change });
    if (moment !== null) put({ kind: "at", at: moment, time_zone: zone });
  };
  const past = Date.parse(at) < serverNow();
  return (
    <>
      <div className={common["pair"]}>
        <TextInput
          type="date"
          label={SCHEDULE.date}
          value={shown.date}
          error={past && SCHEDULE.past}
          onChange={({ currentTarget: { value } }) => set({ date: value })}
        />
        <TextInput
          type="time"
          label={SCHEDULE.time}
          value={shown.time}
          onChange={({ currentTarget: { value } }) => set({ time: value })}
        />
      </div>
      <ZoneField label={SCHEDULE.zone} zone={time_zone} put={(zone) => set({ zone })} />
    </>
  );
}

function LocalFields({ schedule, put }: Of<"local">) {
  return (
    <>
      <div className={common["pair"]}>
        <TextInput
          type="date"
          label={SCHEDULE.date}
          value={schedule.date}
          onChange={({ currentTarget: { value } }) => value !== "" && put({ ...schedule, date: value })}
        />
        <TextInput
          type="time"
          label={SCHEDULE.time}
          value={schedule.time}
          onChange={({ currentTarget: { value } }) => value !== "" && put({ ...schedule, time: value })}
        />
      </div>
      <ZoneField
        label={SCHEDULE.other_zone}
        zone={schedule.time_zone}
        put={(time_zone) => put({ ...schedule, time_zone })}
      />
    </>
  );
}

function ZoneField({ label, zone, put }: { label: string; zone: string; put: (zone: string) => void }) {
  const zones = useMemo(() => [...new Set([zone, ...allZones()])].toSorted(), [zone]);
  return (
    <NativeSelect
      label={label}
      rightSection={chevron}
      data={zones.map((value) => ({ value, label: value.replaceAll("_", " ") }))}
      value={zone}
      onChange={({ currentTarget: { value } }) => put(value)}
    />
  );
}

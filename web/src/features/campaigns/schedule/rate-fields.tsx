import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import common from "../../../ui/form-blocks.module.css";
import { type Draft, rateFor, reachQuery } from "../model/model.ts";
import { RadioCards } from "../parts/parts.ts";
import { SCHEDULE } from "../wizard-texts.ts";

const FIRST_RATE = 600;

/** As fast as the number may, or so many a minute, which can be had from a time to deliver over. */
export function RateFields({ draft: { campaign, form, put, version, saved } }: { draft: Draft }) {
  const { rate_per_min } = form;
  const { data: reach } = useQuery({
    ...reachQuery(campaign.id, version + campaign.added),
    enabled: saved && (form.audience.include.length > 0 || campaign.added > 0),
  });
  return (
    <RadioCards
      label={SCHEDULE.speed}
      value={rate_per_min === null ? "fast" : "rate"}
      onChange={(value) => put({ rate_per_min: value === "fast" ? null : FIRST_RATE })}
      options={[
        { value: "fast", label: SCHEDULE.fast, hint: SCHEDULE.fast_hint },
        {
          value: "rate",
          label: SCHEDULE.limited,
          hint: SCHEDULE.limited_hint,
          fields: rate_per_min !== null && (
            <>
              <NumberInput
                hideControls
                label={SCHEDULE.per_minute}
                min={1}
                max={60_000}
                allowDecimal={false}
                thousandSeparator=","
                maw={260}
                value={rate_per_min}
                onChange={(value) =>
                  typeof value === "number" &&
                  value >= 1 &&
                  put({ rate_per_min: Math.min(60_000, Math.floor(value)) })
                }
              />
              {reach !== undefined && reach.reached > 0 && (
                <Calculator
                  people={reach.reached}
                  rate_per_min={rate_per_min}
                  put={(rate) => put({ rate_per_min: rate })}
                />
              )}
            </>
          ),
        },
      ]}
    />
  );
}

function Calculator({
  people,
  rate_per_min,
  put,
}: {
  people: number;
  rate_per_min: number;
  put: (rate_per_min: number) => void;
}) {
  const [hours, setHours] = useState<number | string>(4);
  const wanted = typeof hours === "number" && hours > 0 ? rateFor(people, hours) : null;
  return (
    <>
      <p className={common["hint"]}>{SCHEDULE.takes(people, (people / rate_per_min) * 60_000)}</p>
      <div className={common["line"]} style={{ alignItems: "end" }}>
        <NumberInput
          hideControls
          label={SCHEDULE.over_hours}
          min={0.1}
          max={720}
          decimalScale={1}
          maw={200}
          value={hours}
          onChange={setHours}
        />
        <Button variant="default" disabled={wanted === null} onClick={() => wanted !== null && put(wanted)}>
          {SCHEDULE.use_rate(wanted)}
        </Button>
      </div>
    </>
  );
}

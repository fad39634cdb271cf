import { MultiSelect, NumberInput, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import classes from "./settings.module.css";
import { MAKE_KEY } from "./texts.ts";

/** As they stand in their fields. */
export interface Limits {
  rate: string | number;
  addresses: string;
  phone_number_ids: string[];
}
/** From any address, for all numbers, at the usual rate. */
export const NO_LIMITS: Limits = { rate: 80, addresses: "", phone_number_ids: [] };

/** How often a key may be used, from where, and for which numbers. */
export function KeyLimits({ limits, onChange }: { limits: Limits; onChange: (limits: Limits) => void }) {
  const numbers = useQuery(phoneNumbersQuery).data?.data ?? [];
  return (
    <details className={classes["more"]}>
      <summary>{MAKE_KEY.more}</summary>
      <div className={classes["form"]} data-wide>
        <NumberInput
          label={MAKE_KEY.rate}
          min={1}
          max={10_000}
          value={limits.rate}
          onChange={(rate) => onChange({ ...limits, rate })}
        />
        <Textarea
          label={MAKE_KEY.addresses}
          description={MAKE_KEY.addresses_hint}
          autosize
          minRows={2}
          value={limits.addresses}
          onChange={({ currentTarget: { value } }) => onChange({ ...limits, addresses: value })}
        />
        <MultiSelect
          label={MAKE_KEY.numbers}
          description={MAKE_KEY.numbers_hint}
          data={numbers.map(({ id, display_phone_number, verified_name }) => ({
            value: id,
            label: [verified_name, display_phone_number].filter(Boolean).join(" · ") || id,
          }))}
          value={limits.phone_number_ids}
          onChange={(phone_number_ids) => onChange({ ...limits, phone_number_ids })}
        />
      </div>
    </details>
  );
}

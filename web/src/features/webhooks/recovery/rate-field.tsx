import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { RECOVER } from "../delivery-texts.ts";

export const DEFAULT_RATE = 50;
const MOST = 1_000;

/** How many deliveries a recovery sends per second, and the field for it; null while what is typed is no such number. */
export function useRate() {
  const [rate, setRate] = useState<number | string>(DEFAULT_RATE);
  const rate_per_s = typeof rate === "number" && rate >= 1 && rate <= MOST ? Math.floor(rate) : null;
  const field = (
    <NumberInput
      hideControls
      label={RECOVER.rate}
      description={RECOVER.rate_hint}
      min={1}
      max={MOST}
      value={rate}
      onChange={setRate}
      error={rate_per_s === null && RECOVER.rate_wrong}
      maw={240}
    />
  );
  return { rate_per_s, field };
}

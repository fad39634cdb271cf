import { useState } from "react";
import { serverNow } from "../../../lib/words/clock.ts";
import { type AskedChoice, type DeliveryFilter, withMoments } from "../model/model.ts";

/** These, or all that the filter finds. */
export type Choice = { ids: string[] } | { filter: DeliveryFilter };

/** The same moments for the count and for what follows it; what arrives meanwhile is not in it. */
export function useAskedChoice(choice: Choice): AskedChoice {
  const [body] = useState(() =>
    "ids" in choice
      ? { ids: choice.ids }
      : {
          filter: withMoments({
            ...choice.filter,
            until: choice.filter.until ?? new Date(serverNow()).toISOString(),
          }),
        },
  );
  return body;
}

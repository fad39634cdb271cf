import { TextInput } from "@mantine/core";
import { fromLocalInput, toLocalInput } from "../../../lib/words/spans.ts";
import { VARIABLES } from "../wizard-texts.ts";
import type { PlaceProps } from "./place-props.ts";

/** When an offer ends. */
export function TimeField({ place, variable, set }: PlaceProps) {
  return (
    <TextInput
      type="datetime-local"
      label={place.label}
      description={VARIABLES.your_zone}
      error={variable === undefined && VARIABLES.time_missing}
      value={toLocalInput(variable?.from === "text" ? variable.text : undefined)}
      onChange={({ currentTarget: { value } }) => {
        const text = fromLocalInput(value);
        set(text === undefined ? null : { from: "text", text });
      }}
    />
  );
}

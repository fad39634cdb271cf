import { Switch } from "@mantine/core";
import type { Endpoint } from "../../../lib/types.ts";
import { isOn, nameOf } from "./health.tsx";
import { useSwitch } from "./switching.ts";
import { LIST } from "../texts.ts";

/** One that was disabled shows as off: switching it on takes it up again. */
export function OnSwitch({ endpoint, label }: { endpoint: Endpoint; label?: string }) {
  const flip = useSwitch(endpoint);
  return (
    <Switch
      withThumbIndicator={false}
      checked={isOn(endpoint)}
      {...(label === undefined
        ? { "aria-label": LIST.switch(nameOf(endpoint)) }
        : { label, labelPosition: "left" as const })}
      onChange={() => void flip()}
    />
  );
}

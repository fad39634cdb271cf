import { Switch } from "@mantine/core";
import { toast } from "../../lib/toast.ts";
import type { Endpoint } from "../../lib/types.ts";
import { sayProblem, useChange } from "./changes.ts";
import { isOn } from "./health.tsx";

/** The user's switch, effective at once. One that was given up shows as off: switching it on takes it up again. */
export function OnSwitch({ endpoint, label }: { endpoint: Endpoint; label?: string }) {
  const change = useChange(endpoint);
  const on = isOn(endpoint);
  return (
    <Switch
      withThumbIndicator={false}
      checked={on}
      {...(label === undefined
        ? { "aria-label": `Enabled: ${endpoint.url}` }
        : { label, labelPosition: "left" as const })}
      onChange={() =>
        change.mutate(
          { enabled: !on },
          {
            onSuccess: () =>
              on
                ? toast("good", "Switched off", "Nothing is sent to it until you switch it on again.")
                : toast("good", "Switched on", "Events go to it from now on."),
            onError: sayProblem(on ? "Not switched off" : "Not switched on"),
          },
        )
      }
    />
  );
}

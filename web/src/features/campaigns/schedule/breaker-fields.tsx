import { NumberInput, Switch } from "@mantine/core";
import common from "../../../ui/form-blocks.module.css";
import { type Breaker, FIRST_BREAKER } from "../model/model.ts";
import { SCHEDULE } from "../wizard-texts.ts";

/** When it stops by itself. */
export function BreakerFields({
  breaker,
  put,
}: {
  breaker: Breaker | null;
  put: (breaker: Breaker | null) => void;
}) {
  const percent = (name: "failed_percent" | "opted_out_percent") => (
    <NumberInput
      hideControls
      label={SCHEDULE[name]}
      description={SCHEDULE.empty_never}
      min={1}
      max={100}
      value={breaker?.[name] ?? ""}
      onChange={(value) =>
        breaker !== null &&
        put({ ...breaker, [name]: typeof value === "number" && value >= 1 ? value : null })
      }
    />
  );
  return (
    <div className={common["item"]}>
      <Switch
        label={SCHEDULE.breaker}
        description={SCHEDULE.breaker_hint}
        checked={breaker !== null}
        onChange={({ currentTarget: { checked } }) => put(checked ? FIRST_BREAKER : null)}
      />
      {breaker !== null && (
        <div className={common["pair"]}>
          {percent("failed_percent")}
          {percent("opted_out_percent")}
          <NumberInput
            hideControls
            label={SCHEDULE.window}
            description={SCHEDULE.window_hint}
            min={5}
            max={10_000}
            allowDecimal={false}
            thousandSeparator=","
            value={breaker.window}
            onChange={(value) =>
              typeof value === "number" && value >= 5 && put({ ...breaker, window: Math.min(10_000, value) })
            }
          />
        </div>
      )}
    </div>
  );
}

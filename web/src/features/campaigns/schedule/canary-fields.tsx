import { NativeSelect, NumberInput, Switch } from "@mantine/core";
import { chevron } from "../../../ui/filter-bar.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Canary } from "../model/model.ts";
import { SCHEDULE } from "../wizard-texts.ts";

const FIRST: Canary = { first: { percent: 1 }, wait_min: 30 };

/** A part goes first; the rest when that went well. */
export function CanaryFields({
  canary,
  put,
}: {
  canary: Canary | null;
  put: (canary: Canary | null) => void;
}) {
  const by = canary !== null && "count" in canary.first ? "count" : "percent";
  const size = canary === null ? 0 : "count" in canary.first ? canary.first.count : canary.first.percent;
  return (
    <div className={common["item"]}>
      <Switch
        label={SCHEDULE.canary}
        description={SCHEDULE.canary_hint}
        checked={canary !== null}
        onChange={({ currentTarget: { checked } }) => put(checked ? FIRST : null)}
      />
      {canary !== null && (
        <div className={common["pair"]}>
          <NativeSelect
            label={SCHEDULE.first}
            rightSection={chevron}
            data={[
              { value: "percent", label: SCHEDULE.by_percent },
              { value: "count", label: SCHEDULE.by_count },
            ]}
            value={by}
            onChange={({ currentTarget: { value } }) =>
              put({ ...canary, first: value === "count" ? { count: 500 } : { percent: 1 } })
            }
          />
          <NumberInput
            hideControls
            label={by === "count" ? SCHEDULE.people : SCHEDULE.percent}
            min={by === "count" ? 1 : 0.1}
            max={by === "count" ? 1_000_000 : 50}
            decimalScale={by === "count" ? 0 : 1}
            thousandSeparator=","
            value={size}
            onChange={(value) =>
              typeof value === "number" &&
              value > 0 &&
              put({ ...canary, first: by === "count" ? { count: value } : { percent: value } })
            }
          />
          <NumberInput
            hideControls
            label={SCHEDULE.wait}
            min={1}
            max={7 * 1_440}
            allowDecimal={false}
            value={canary.wait_min}
            onChange={(value) =>
              typeof value === "number" && value >= 1 && put({ ...canary, wait_min: value })
            }
          />
        </div>
      )}
    </div>
  );
}

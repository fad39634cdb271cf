import { SegmentedControl } from "@mantine/core";
import { AREA_NAMES } from "./area-names.ts";
import classes from "./people.module.css";
import type { Role } from "./queries.ts";
import { AREA_LABELS, LEVEL_LABELS } from "./texts.ts";

export type Levels = Role["permissions"];

const LEVELS = Object.entries(LEVEL_LABELS).map(([value, label]) => ({ value, label }));

/** What a role may do in each area. */
export function LevelsField({
  permissions,
  onChange,
}: {
  permissions: Levels;
  onChange: (permissions: Levels) => void;
}) {
  return (
    <div className={classes["levels"]}>
      {AREA_NAMES.map((area) => (
        <div key={area}>
          <span id={`area-${area}`}>{AREA_LABELS[area]}</span>
          <SegmentedControl
            size="xs"
            aria-labelledby={`area-${area}`}
            data={LEVELS}
            value={permissions[area]}
            onChange={(level) => onChange({ ...permissions, [area]: level as Levels[typeof area] })}
          />
        </div>
      ))}
    </div>
  );
}

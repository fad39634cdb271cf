import type { Key } from "react";
import type { Bucket } from "./buckets.ts";
import { OVERVIEW } from "./texts.ts";
import classes from "./overview.module.css";

/** What the charts draw beside their lines and bars. */

interface DotProps {
  key?: Key | null | undefined;
  cx?: number | undefined;
  cy?: number | undefined;
  payload?: Bucket | undefined;
}
const NO_DOT = { r: 0 } as const;

/** What no line leads to would not be seen: least of all a minute of nothing but failures. */
export function successDot({ key, cx, cy, payload }: DotProps) {
  const shown = payload?.alone.success === true;
  const color = payload?.success === 0 ? "var(--bad)" : "var(--good)";
  return <circle key={key} cx={cx} cy={cy} {...(shown ? { r: 3 } : NO_DOT)} fill={color} />;
}
export const latencyDot =
  (color: string) =>
  ({ key, cx, cy, payload }: DotProps) => {
    const shown = payload?.alone.latency === true && cy !== undefined && Number.isFinite(cy);
    return <circle key={key} cx={cx} cy={shown ? cy : 0} {...(shown ? { r: 2.5 } : NO_DOT)} fill={color} />;
  };

/** A rate says little without how many it is of. */
export function SuccessTooltip({ payload }: { payload?: readonly { payload?: Bucket }[] }) {
  const bucket = payload?.[0]?.payload;
  if (!bucket || bucket.success === null) return null;
  return (
    <div className={classes["tooltip"]}>
      <b>{bucket.label}</b>
      <span>
        {bucket.success}% · {OVERVIEW.point(bucket.delivered, bucket.delivered + bucket.failed)}
      </span>
    </div>
  );
}

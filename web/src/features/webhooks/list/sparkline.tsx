import type { EndpointBucket } from "../../../lib/types.ts";
import classes from "./list.module.css";

const HOUR_MS = 3_600_000;
/** Two hours a bar, so that each is wide enough to be seen. */
const HOURS_A_BAR = 2;
const BARS = 12;
const BAR = 8;
const STEP = 10;
const HEIGHT = 28;

export interface Attempts {
  delivered: number;
  failed: number;
}

/** `99.2%`; all of them only when it was all of them. */
export function percent({ delivered, failed }: Attempts): string {
  const exact = (delivered / (delivered + failed)) * 100;
  return exact === 100 || exact === 0 ? `${exact}%` : `${Math.min(99.9, Math.max(0.1, exact)).toFixed(1)}%`;
}

export const sum = (buckets: readonly Attempts[]): Attempts => ({
  delivered: buckets.reduce((total, { delivered }) => total + delivered, 0),
  failed: buckets.reduce((total, { failed }) => total + failed, 0),
});

/** The last 24 hours as bars: what was delivered, and on top of it what failed. */
export function Sparkline({
  hours,
  now,
  label,
}: {
  hours: readonly EndpointBucket[];
  now: number;
  label: string;
}) {
  const first = Math.floor(now / HOUR_MS) - BARS * HOURS_A_BAR + 1;
  const slots = Array.from({ length: BARS }, (): Attempts => ({ delivered: 0, failed: 0 }));
  for (const { start, delivered, failed } of hours) {
    const slot = slots[Math.floor((Math.floor(Date.parse(start) / HOUR_MS) - first) / HOURS_A_BAR)];
    if (!slot) continue;
    slot.delivered += delivered;
    slot.failed += failed;
  }
  const most = Math.max(1, ...slots.map(({ delivered, failed }) => delivered + failed));
  const height = (count: number) => (count === 0 ? 0 : Math.max(3, (count / most) * HEIGHT));
  return (
    <svg className={classes["spark"]} viewBox={`0 0 ${BARS * STEP} ${HEIGHT}`} role="img" aria-label={label}>
      {slots.map(({ delivered, failed }, index) => {
        const x = index * STEP;
        const bad = height(failed);
        const good = Math.min(height(delivered), HEIGHT - bad);
        if (delivered + failed === 0)
          return <rect key={x} className={classes["none"]} x={x} y={HEIGHT - 2} width={BAR} height={2} />;
        return (
          <g key={x}>
            <rect className={classes["good"]} x={x} y={HEIGHT - good} width={BAR} height={good} rx={1.5} />
            <rect
              className={classes["bad"]}
              x={x}
              y={HEIGHT - good - bad}
              width={BAR}
              height={bad}
              rx={1.5}
            />
          </g>
        );
      })}
    </svg>
  );
}

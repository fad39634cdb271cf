import type { EndpointBucket } from "../../lib/types.ts";
import classes from "./webhooks.module.css";

const HOUR_MS = 3_600_000;
const HOURS = 24;
const BAR = 4;
const STEP = 5;
const HEIGHT = 26;

export interface Tries {
  delivered: number;
  failed: number;
}

/** `99.2 %`; all of them only when it was all of them. */
export function percent({ delivered, failed }: Tries): string {
  const exact = (delivered / (delivered + failed)) * 100;
  return exact === 100 || exact === 0 ? `${exact} %` : `${Math.min(99.9, Math.max(0.1, exact)).toFixed(1)} %`;
}

export const sum = (buckets: readonly Tries[]): Tries => ({
  delivered: buckets.reduce((total, { delivered }) => total + delivered, 0),
  failed: buckets.reduce((total, { failed }) => total + failed, 0),
});

/** The last 24 hours as 24 bars: what was received, and on top of it what was not. */
export function Sparkline({ hours, now }: { hours: readonly EndpointBucket[]; now: number }) {
  const first = Math.floor(now / HOUR_MS) - HOURS + 1;
  const slots = Array.from({ length: HOURS }, (): Tries => ({ delivered: 0, failed: 0 }));
  for (const { start, delivered, failed } of hours) {
    const slot = slots[Math.floor(Date.parse(start) / HOUR_MS) - first];
    if (!slot) continue;
    slot.delivered += delivered;
    slot.failed += failed;
  }
  const most = Math.max(1, ...slots.map(({ delivered, failed }) => delivered + failed));
  const height = (count: number) => (count === 0 ? 0 : Math.max(2.5, (count / most) * HEIGHT));
  return (
    <svg className={classes["spark"]} viewBox={`0 0 ${HOURS * STEP} ${HEIGHT}`} aria-hidden>
      {slots.map(({ delivered, failed }, index) => {
        const x = index * STEP;
        const bad = height(failed);
        const good = Math.min(height(delivered), HEIGHT - bad);
        if (delivered + failed === 0)
          return <rect key={x} className={classes["none"]} x={x} y={HEIGHT - 1.5} width={BAR} height={1.5} />;
        return (
          <g key={x}>
            <rect className={classes["good"]} x={x} y={HEIGHT - good} width={BAR} height={good} rx={1} />
            <rect className={classes["bad"]} x={x} y={HEIGHT - good - bad} width={BAR} height={bad} rx={1} />
          </g>
        );
      })}
    </svg>
  );
}

import classes from "./progress.module.css";

/** A bar that fills. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const part = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <div
      className={classes["bar"]}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.min(done, total)}
    >
      <span style={{ width: `${part * 100}%` }} />
    </div>
  );
}

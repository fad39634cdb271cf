import classes from "./progress.module.css";

/** A bar that fills. `without` is a part that is over as well, in another tone: it is not done. */
export function Progress({
  label,
  done,
  total,
  without = 0,
}: {
  label: string;
  done: number;
  total: number;
  without?: number;
}) {
  const percent = (part: number) => `${total === 0 ? 0 : Math.min(1, part / total) * 100}%`;
  return (
    <div
      className={classes["bar"]}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.min(done, total)}
    >
      <span style={{ width: percent(done) }} />
      {without > 0 && <i style={{ width: percent(without) }} />}
    </div>
  );
}

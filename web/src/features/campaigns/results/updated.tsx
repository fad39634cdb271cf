import { IconInfoCircle } from "@tabler/icons-react";
import { useAge } from "../../../lib/page/use-now.ts";
import { useLiveState } from "../../../lib/live/live.ts";
import { ago, exactTime } from "../../../lib/words/time.ts";
import { RESULTS } from "../result-texts.ts";
import classes from "./results.module.css";

/** How current the figures are, and what is still missing in them. */
export function Updated({
  at,
  partial,
  running,
}: {
  at: string;
  partial: readonly string[];
  running: boolean;
}) {
  const now = useAge(at);
  const live = useLiveState() === "live";
  return (
    <>
      <p className={classes["updated"]} data-live={(running && live) || undefined}>
        <i aria-hidden />
        {running && live ? RESULTS.live : RESULTS.figures}{" "}
        <time dateTime={at} title={exactTime(at)}>
          {RESULTS.updated(ago(at, now))}
        </time>
      </p>
      {partial.length > 0 && (
        <ul className={classes["partial"]} aria-label={RESULTS.partial}>
          {partial.map((says) => (
            <li key={says}>
              <IconInfoCircle size={17} aria-hidden /> {says}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

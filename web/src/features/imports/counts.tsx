import { formatNumber } from "../../lib/words/intl.ts";
import classes from "./imports.module.css";
import type { Import } from "./queries.ts";
import { COUNT_HINTS, COUNTS } from "./texts.ts";

const SHOWN = ["created", "updated", "unchanged", "duplicates", "invalid"] as const;

/** What became of the rows: each is in one of these. */
export function Counts({ counts }: { counts: Import["counts"] }) {
  return (
    <dl className={classes["counts"]}>
      {SHOWN.map((name) => (
        <div
          key={name}
          data-bad={(name === "invalid" && counts.invalid > 0) || undefined}
          title={COUNT_HINTS[name]}
        >
          <dt>{COUNTS[name]}</dt>
          <dd>{formatNumber(counts[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

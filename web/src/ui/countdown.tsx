import { ahead, exactTime } from "../lib/words/time.ts";
import { useSecond } from "../lib/page/use-now.ts";

/** How long until a moment, by the second while it is near; all on one page by one clock. */
export function Countdown({ to }: { to: string }) {
  return (
    <time dateTime={to} title={exactTime(to)}>
      {ahead(to, useSecond())}
    </time>
  );
}

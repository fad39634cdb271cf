import { ago, exactTime } from "../lib/words/time.ts";
import { useAge } from "../lib/page/use-now.ts";

/** How long ago a moment was, by the second while it is told in seconds; the moment itself under the pointer. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={exactTime(time)}>
      {ago(time, useAge(time))}
    </time>
  );
}

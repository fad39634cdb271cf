import { useEffect, useState } from "react";
import { ahead, exactTime } from "../lib/time.ts";

/** How long until a moment, by the second while it is near. */
export function Countdown({ to }: { to: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={to} title={exactTime(to)}>
      {ahead(to, now)}
    </time>
  );
}

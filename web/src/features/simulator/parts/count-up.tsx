import { useEffect, useRef, useState } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";

const MOVES_MS = 500;

/** A number that runs to what it has become. */
export function CountUp({ to }: { to: number }) {
  const [shown, setShown] = useState(to);
  const at = useRef(to);
  useEffect(() => {
    const from = at.current;
    const begin = performance.now();
    const still = from === to || matchMedia("(prefers-reduced-motion: reduce)").matches;
    let frame = requestAnimationFrame(function step(now) {
      const part = still ? 1 : Math.min(1, (now - begin) / MOVES_MS);
      at.current = Math.round(from + (to - from) * (1 - (1 - part) ** 3));
      setShown(at.current);
      if (part < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [to]);
  return formatNumber(shown);
}

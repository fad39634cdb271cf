import classes from "./templates.module.css";
import { QUALITIES } from "./texts.ts";

/** Meta's rating, once there is one. */
export function Quality({ quality }: { quality: string }) {
  if (!["GREEN", "YELLOW", "RED"].includes(quality)) return null;
  const label = QUALITIES[quality];
  return (
    <span className={classes["quality"]} data-quality={quality} role="img" aria-label={label} title={label} />
  );
}

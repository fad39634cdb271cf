import { tableOf } from "../../lib/table-of.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";
import classes from "./templates.module.css";
import { QUALITIES, statusOf } from "./texts.ts";

const TONES = tableOf<Tone>({
  APPROVED: "good",
  PENDING: "accent",
  IN_APPEAL: "accent",
  PAUSED: "warn",
  LIMIT_EXCEEDED: "warn",
  LOCKED: "warn",
  REJECTED: "bad",
  DISABLED: "bad",
});

export function StatusTag({ status }: { status: string }) {
  return <Tag tone={TONES[status] ?? "quiet"}>{statusOf(status)}</Tag>;
}

/** Meta's rating, once there is one. */
export function Quality({ quality }: { quality: string }) {
  if (!["GREEN", "YELLOW", "RED"].includes(quality)) return null;
  const label = QUALITIES[quality];
  return (
    <span className={classes["quality"]} data-quality={quality} role="img" aria-label={label} title={label} />
  );
}

import { tableOf } from "../../lib/table-of.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { statusOf } from "./texts.ts";

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

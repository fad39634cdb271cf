import { Tag, type Tone } from "../../ui/tag.tsx";
import type { Import } from "./queries.ts";
import { STATES } from "./texts.ts";

const TONES: Record<Import["state"], Tone> = {
  DRAFT: "quiet",
  RUNNING: "accent",
  DONE: "good",
  CANCELLED: "warn",
  FAILED: "bad",
};

export const StateTag = ({ state }: { state: Import["state"] }) => (
  <Tag tone={TONES[state]}>{STATES[state]}</Tag>
);

import { Tag } from "../../../ui/tag.tsx";
import type { AutomationState } from "../model/model.ts";
import { STATES } from "../texts.ts";

const TONES = { DRAFT: "quiet", ACTIVE: "good", INACTIVE: "quiet" } as const;

export const StateTag = ({ state }: { state: AutomationState }) => (
  <Tag tone={TONES[state]}>{STATES[state]}</Tag>
);

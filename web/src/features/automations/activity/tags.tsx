import { tableOf } from "../../../lib/table-of.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import { RUN_STATES, STATUSES } from "../activity-texts.ts";
import type { ActivityStatus, RunState } from "../model/model.ts";

const RUN_TONES = tableOf<Tone>({ ACTIVE: "accent", PAUSED: "warn", COMPLETED: "good", FAILED: "bad" });
export const RunTag = ({ state }: { state: RunState }) => (
  <Tag tone={RUN_TONES[state] ?? "quiet"}>{RUN_STATES[state]}</Tag>
);

const TONES = tableOf<Tone>({ PENDING: "accent", SCHEDULED: "warn", COMPLETED: "good", FAILED: "bad" });
export const StatusTag = ({ status }: { status: ActivityStatus }) => (
  <Tag tone={TONES[status] ?? "quiet"}>{STATUSES[status]}</Tag>
);

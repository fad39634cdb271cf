import { tableOf } from "../../../lib/table-of.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import type { ListedCampaign } from "../model/model.ts";
import { OUTCOMES, STATES, WAITS } from "../texts.ts";

const TONES = tableOf<Tone>({
  DRAFT: "quiet",
  SCHEDULED: "accent",
  RUNNING: "good",
  PAUSED: "warn",
  HELD: "bad",
  COMPLETED: "quiet",
  CANCELLED: "quiet",
});

/** How a campaign stands; once it is over, what it came to where that is not everyone. */
export function StateTag({
  campaign: { state, outcome, stalled, waits },
}: {
  campaign: Pick<ListedCampaign, "state" | "outcome" | "stalled" | "waits">;
}) {
  if (state === "RUNNING" && stalled !== null) return <Tag tone="bad">{STATES.stalled}</Tag>;
  if (waits !== null) return <Tag tone="accent">{WAITS}</Tag>;
  const is_over = state === "COMPLETED" || state === "CANCELLED";
  const told = is_over && outcome !== null ? OUTCOMES[outcome] : null;
  return (
    <Tag tone={is_over && outcome === "FAILED" ? "bad" : (TONES[state] ?? "quiet")}>
      {told ? `${STATES[state]} · ${told}` : STATES[state]}
    </Tag>
  );
}

import {
  IconAlertTriangle,
  IconCheck,
  IconCircleDashed,
  IconHandStop,
  IconPlayerPause,
  IconZzz,
} from "@tabler/icons-react";
import { clockTime } from "../../lib/time.ts";
import type { Endpoint } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";

/** Whether it receives: the user's switch is on and Wharf has not given it up. */
export const isOn = ({ enabled, state }: Endpoint): boolean => enabled && state !== "disabled";

export interface Health {
  tone: Tone;
  label: string;
  icon: typeof IconCheck;
  /** Why, where there is something to say. */
  reason: string | null;
}

export function healthOf(endpoint: Endpoint, now: number): Health {
  const { state, state_reason: reason, held_until, warned_at } = endpoint;
  const resting = held_until !== null && Date.parse(held_until) > now;
  const never = endpoint.last_success_at === null && endpoint.last_failure_at === null;
  if (!endpoint.enabled) return { tone: "quiet", label: "Off", icon: IconPlayerPause, reason: null };
  if (state === "disabled") return { tone: "bad", label: "Given up", icon: IconHandStop, reason };
  if (state === "failing")
    return { tone: warned_at ? "bad" : "warn", label: "Failing", icon: IconAlertTriangle, reason };
  if (resting)
    return {
      tone: "warn",
      label: "Resting",
      icon: IconZzz,
      reason: `Until ${clockTime(held_until)}, as it asked`,
    };
  if (never) return { tone: "quiet", label: "Not used yet", icon: IconCircleDashed, reason: null };
  return { tone: "good", label: "Healthy", icon: IconCheck, reason: null };
}

export function HealthTag({ endpoint }: { endpoint: Endpoint }) {
  const { tone, label, icon: Icon } = healthOf(endpoint, useNow());
  return (
    <Tag tone={tone} icon={<Icon size={14} stroke={2} aria-hidden />}>
      {label}
    </Tag>
  );
}

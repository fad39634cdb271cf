import {
  IconAlertTriangle,
  IconCheck,
  IconCircleDashed,
  IconHandStop,
  IconPlayerPause,
  IconPower,
} from "@tabler/icons-react";
import { clockTime } from "../../../lib/words/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { useNow } from "../../../lib/page/use-now.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import { HEALTH } from "../texts.ts";

/** Whether it receives: the user's switch is on and Wharf has not disabled it. */
export const isOn = ({ enabled, state }: Endpoint): boolean => enabled && state !== "disabled";

/** What people call it. */
export const nameOf = ({ description, url }: Endpoint): string => description ?? url;

export interface Health {
  tone: Tone;
  label: string;
  icon: typeof IconCheck;
  /** Why, where there is something to say. */
  reason: string | null;
  /** What needs attention comes first in a list. */
  rank: number;
}

export function healthOf(endpoint: Endpoint, now: number): Health {
  const { state, state_reason: reason, held_until, warned_at } = endpoint;
  const paused = held_until !== null && Date.parse(held_until) > now;
  const never = endpoint.last_success_at === null && endpoint.last_failure_at === null;
  if (!endpoint.enabled) return { tone: "quiet", label: HEALTH.off, icon: IconPower, reason: null, rank: 4 };
  if (state === "disabled")
    return { tone: "bad", label: HEALTH.disabled, icon: IconHandStop, reason, rank: 0 };
  if (state === "failing")
    return {
      tone: warned_at ? "bad" : "warn",
      label: HEALTH.failing,
      icon: IconAlertTriangle,
      reason,
      rank: 1,
    };
  if (paused)
    return {
      tone: "warn",
      label: HEALTH.paused,
      icon: IconPlayerPause,
      reason: HEALTH.paused_reason(clockTime(held_until)),
      rank: 2,
    };
  if (never) return { tone: "quiet", label: HEALTH.unused, icon: IconCircleDashed, reason: null, rank: 3 };
  return { tone: "good", label: HEALTH.healthy, icon: IconCheck, reason: null, rank: 3 };
}

export function HealthTag({ endpoint }: { endpoint: Endpoint }) {
  const { tone, label, icon: Icon } = healthOf(endpoint, useNow());
  return (
    <Tag tone={tone} icon={<Icon size={14} stroke={2} aria-hidden />}>
      {label}
    </Tag>
  );
}

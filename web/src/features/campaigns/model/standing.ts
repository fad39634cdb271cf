import type { ListedCampaign, Now, Reached } from "./types.ts";

/** What the bar of a campaign shows: who got it, who does not get it, and who is left. They are everyone. */
export function progressOf({ counts }: Pick<ListedCampaign, "counts">) {
  const { audience, sent, skipped, failed, limited } = counts;
  const got = Math.min(sent, audience);
  const without = Math.min(audience - got, skipped + failed + limited);
  return { got, without, left: audience - got - without };
}

const FUNNEL_STEPS = ["audience", "submitted", "sent", "delivered", "read", "replied"] as const;
type FunnelStep = (typeof FUNNEL_STEPS)[number];
type Left = "skipped" | "cancelled" | "failed" | "waiting" | "underway" | "unread" | "silent";
interface FunnelPart {
  step: FunnelStep;
  count: number;
  /** Those of the step before who are not in this one, each in one part. */
  left: { why: Left; count: number }[];
}

/** From all who were chosen to those who answered. Who waits or is on the way is not lost yet. */
export function funnelOf(reached: Reached, now: Now): FunnelPart[] {
  const whys: Record<FunnelStep, [Left, number][]> = {
    audience: [],
    submitted: [
      ["waiting", now.waiting + now.queued],
      ["skipped", now.skipped],
      ["cancelled", now.cancelled],
      ["failed", Infinity],
    ],
    sent: [
      ["underway", now.submitted + now.unconfirmed],
      ["failed", Infinity],
    ],
    delivered: [
      ["underway", now.sent],
      ["failed", Infinity],
    ],
    read: [["unread", Infinity]],
    replied: [["silent", Infinity]],
  };
  return FUNNEL_STEPS.map((step, at) => {
    const before = FUNNEL_STEPS[at - 1];
    let rest = before ? Math.max(0, reached[before] - reached[step]) : 0;
    const left = whys[step].flatMap(([why, most]) => {
      const count = Math.min(rest, most);
      rest -= count;
      return count > 0 ? [{ why, count }] : [];
    });
    return { step, count: reached[step], left };
  });
}

/** How each recipient stands now: every one of them in exactly one state, so the parts are the whole. */
export function standingOf(now: Now): { state: keyof Now; count: number }[] {
  const states = Object.entries(now) as [keyof Now, number][];
  return states.filter(([, count]) => count > 0).map(([state, count]) => ({ state, count }));
}

import type { Hold, Now } from "../../contract/campaigns.ts";

const counted = (n: number, one: string, many: string) =>
  n === 0 ? [] : [`${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`];

/** What has come so far of those who went first, while the others wait. */
export function canarySoFar(hold: Hold, wait_min: number, now: Now): Hold {
  const arrived = now.delivered + now.read + now.played;
  const on_way = now.queued + now.submitted + now.sent + now.unconfirmed;
  const tried = arrived + on_way + now.failed + now.limited;
  if (tried === 0) return hold;
  const parts = [
    ...counted(arrived, "has it", "have it"),
    ...counted(on_way, "is on its way", "are on their way"),
    ...counted(now.failed, "failed", "failed"),
    ...counted(now.limited, "was held back by Meta", "were held back by Meta"),
  ];
  const first = `Of the first ${tried.toLocaleString("en-GB")}`;
  const wait = wait_min === 1 ? "1 minute" : `${wait_min.toLocaleString("en-GB")} minutes`;
  return {
    ...hold,
    says: `${first}: ${parts.join(", ")}. The others follow ${wait} after them if all goes well.`,
  };
}

import type { Effects } from "../counts/counts.ts";
import type { Tx } from "../../db/db.ts";
import type { CampaignRow } from "../definition/definition.ts";
import { holdCampaign, setState } from "./change-state.ts";
import { readReadiness } from "../review/review.ts";
import { LATE_MS } from "./prepare.ts";
import { missedStart } from "../review/review.ts";
import { planWork, type Place } from "./work.ts";

/** The time of a campaign that was scheduled has come. One that was missed asks a person instead of sending. */
export async function start(tx: Tx, row: CampaignRow, place: Place, now: Date): Promise<Effects> {
  const late_ms = now.getTime() - (row.starts_at ?? now).getTime();
  const ready = await readReadiness(tx, row);
  const hold = late_ms > LATE_MS ? missedStart(Math.round(late_ms / 60_000), "was not running") : ready.hold;
  await planWork(tx, row, { step: "prepare", place }, now);
  if (hold !== null) return holdCampaign(tx, row, hold, now);
  return { counts: [], changes: await setState(tx, row, "RUNNING", now) };
}

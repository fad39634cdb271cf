import { datedIdOf, dayOf } from "../base/base.ts";
import type { MetaEvent } from "../meta/meta.ts";

type Named = Pick<MetaEvent, "key" | "occurred_at_ms">;

/** Meta may give a repeated item a later second: that near to midnight it may be another day's. */
const BORDER_MS = 3_600_000;

/** `events.id`: the day of Meta's time, then the hash of workspace and key. The same event has it at any later time. */
export function eventIdOf(workspace_id: string, { key, occurred_at_ms }: Named): string {
  return datedIdOf(`${workspace_id}:${key}`, dayOf(occurred_at_ms));
}

/** The id that the same key would have on the other side of the day's border, where that is near. */
export function idBeside(workspace_id: string, { key, occurred_at_ms }: Named): string | null {
  if (occurred_at_ms === null) return null;
  const day = dayOf(occurred_at_ms);
  const beside = [occurred_at_ms - BORDER_MS, occurred_at_ms + BORDER_MS]
    .map(dayOf)
    .find((one) => one !== day);
  return beside === undefined ? null : datedIdOf(`${workspace_id}:${key}`, beside);
}

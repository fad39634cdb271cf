import { formatNumber } from "../../../lib/words/intl.ts";
import { duration, localTimes } from "../../../lib/words/time.ts";
import type { EndpointHistoryEntry, RetryPreset, Subscription } from "../../../lib/types.ts";
import { eventLabel, scheduleLabel } from "../model/model.ts";
import { HISTORY, settingName } from "../texts.ts";

/** What exactly happened: each setting before and after, or Wharf's own sentence. */
export function Detail({ entry: { changes, detail } }: { entry: EndpointHistoryEntry }) {
  const lines = (changes ?? []).filter(({ setting }) => setting !== "enabled").map(lineOf);
  if (lines.length === 0) return detail && <p>{localTimes(detail)}</p>;
  return lines.map((line) => <p key={line}>{line}</p>);
}

function lineOf({ setting, before, after }: NonNullable<EndpointHistoryEntry["changes"]>[number]): string {
  const name = settingName(setting);
  return setting.startsWith("headers.")
    ? HISTORY.header(name, before === true, after === true)
    : HISTORY.changed(name, shown(setting, before), shown(setting, after));
}

function shown(setting: string, value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return HISTORY.none;
  switch (setting) {
    case "events":
      return (value as Subscription[]).map(eventLabel).join(", ");
    case "retry_preset":
      return scheduleLabel(value as RetryPreset);
    case "timeout_ms":
      return duration(Number(value));
    case "give_up_after_s":
      return duration(Number(value) * 1_000);
    default:
      return typeof value === "number" ? formatNumber(value) : (value as string);
  }
}

import { headerSetting } from "./endpoint-edits.ts";
import type { EndpointRow } from "./endpoint-rows.ts";
import type { HeaderChanges } from "../signing/signing.ts";
import type { NewHistory, SettingChange } from "./endpoint-history.ts";

/** What a person's change is to those who read an endpoint's history. */

/** What the history calls each setting. */
const WORDS = {
  url: "URL",
  description: "description",
  events: "events",
  retry_preset: "retries",
  rate_limit_per_s: "maximum requests per second",
  concurrency: "parallel requests",
  timeout_ms: "timeout",
  give_up_after_s: "time before it is disabled",
} as const satisfies Partial<Record<keyof EndpointRow, string>>;
type Setting = keyof typeof WORDS;
const SETTINGS = [...(Object.keys(WORDS) as Setting[]), "enabled"] as const;

/** Every setting that a change makes another. */
export function changesOf(
  before: EndpointRow,
  after: Pick<EndpointRow, "header_names"> & Record<(typeof SETTINGS)[number], unknown>,
  headers: HeaderChanges = {},
): SettingChange[] {
  const has = ({ header_names }: Pick<EndpointRow, "header_names">, name: string) =>
    header_names.some((each) => each.toLowerCase() === name.toLowerCase());
  return [
    ...SETTINGS.filter((setting) => String(before[setting]) !== String(after[setting])).map((setting) => ({
      setting,
      before: before[setting],
      after: after[setting],
    })),
    ...Object.keys(headers)
      .map((name) => ({
        setting: headerSetting(name),
        before: has(before, name),
        after: has(after, name),
      }))
      .filter((change) => change.before || change.after),
  ];
}

/** What was changed, and whether the endpoint was switched: an entry each, with the settings that it is about. */
export function turnsOf(
  before: EndpointRow,
  after: EndpointRow,
  changes: readonly SettingChange[],
  entry: Omit<NewHistory, "kind">,
): NewHistory[] {
  const changed = changes.filter(({ setting }) => setting !== "enabled");
  const switched = changes.filter(({ setting }) => setting === "enabled");
  const words = new Set(
    changed.map(({ setting }) => (Object.hasOwn(WORDS, setting) ? WORDS[setting as Setting] : "headers")),
  );
  const { version } = after;
  const turns: NewHistory[] = [];
  if (changed.length > 0)
    turns.push({ ...entry, kind: "changed", detail: [...words].join(", "), version, changes: changed });
  const own = { ...entry, version: switched.length > 0 ? version : null, changes: switched };
  if (before.enabled && !after.enabled) turns.push({ ...own, kind: "switched_off" });
  else if (!before.enabled && after.enabled) turns.push({ ...own, kind: "enabled" });
  else if (after.enabled && before.state === "disabled" && after.state !== "disabled")
    turns.push({ ...own, kind: "enabled", detail: "It had been disabled.", changes: null });
  else if (after.enabled && before.state !== "disabled" && after.state === "disabled")
    turns.push({ ...own, kind: "disabled", detail: after.state_reason, changes: null });
  return turns;
}

import { Problem } from "../../base/base.ts";
import { personOf, sql, type Tx } from "../../db/db.ts";
import type { Subscription } from "../../meta/events.ts";
import type { EndpointRow } from "./endpoint-rows.ts";
import type { EndpointChanges } from "./endpoint-settings.ts";
import type { SettingChange } from "./endpoint-history.ts";

/**
 * Two people edit one endpoint: three-way merges, as version control makes them. A change names the version that its
 * author saw; what was changed since then is in the history. Settings that only one of them touched merge, so do
 * events, each by itself. What both touched is refused and told, for a person to decide.
 */

/** A setting that another change touched after the version that an edit is based on. */
export interface Conflict {
  setting: string;
  /** What it is now. Of a custom header only whether there is one. */
  current: unknown;
  user: { id: string; name: string; email: string } | null;
  changed_at: string | null;
}

interface Since {
  /** As the author of the edit saw it. */
  base: unknown;
  user: Conflict["user"];
  changed_at: Date;
}

/** The edit as it applies to the row now. Throws EDITED_MEANWHILE with the conflicts, INVALID_REQUEST. */
export async function mergeEdit(
  tx: Tx,
  workspace_id: string,
  row: EndpointRow,
  edit: EndpointChanges,
  version: number | undefined,
): Promise<EndpointChanges> {
  if (version === undefined || version === row.version) return edit;
  if (version > row.version)
    throw new Problem("INVALID_REQUEST", `body.version: the endpoint has only come to ${row.version}`);
  const since = await changesSince(tx, workspace_id, row, version);
  const { settings, conflicts: of_settings } = mergeSettings(row, edit, since);
  const conflicts = [...of_settings, ...headerConflicts(row, edit, since)];
  if (conflicts.length > 0)
    throw new Problem("EDITED_MEANWHILE", detailOf(conflicts), { more: { version: row.version, conflicts } });
  return { ...settings, headers: edit.headers };
}

/** By setting. A change whose entry is no longer kept counts as one of everything. Index: endpoint_history__version. */
async function changesSince(
  tx: Tx,
  workspace_id: string,
  row: EndpointRow,
  version: number,
): Promise<(setting: string) => Since | undefined> {
  const entries = await tx.rows<{
    version: number;
    changes: SettingChange[] | null;
    user: Conflict["user"];
    created_at: Date;
  }>(sql`
    select h.version, h.changes, ${personOf(sql`u`)} as user, h.created_at
      from endpoint_history h left join users u on u.id = h.user_id::uuid
     where h.workspace_id = ${workspace_id} and h.endpoint_id = ${row.id} and h.version > ${version}
     order by h.version, h.id`);
  const known = new Map<string, Since>();
  for (const { changes, user, created_at } of entries) {
    for (const { setting, before } of changes ?? []) {
      const key = keyOf(setting);
      const base = known.has(key) ? known.get(key)!.base : before;
      known.set(key, { base, user, changed_at: created_at });
    }
  }
  const complete = new Set(entries.map((entry) => entry.version)).size === row.version - version;
  const unknown = { base: undefined, user: null, changed_at: row.updated_at };
  return (setting) => known.get(keyOf(setting)) ?? (complete ? undefined : unknown);
}

function mergeSettings(
  row: EndpointRow,
  edit: EndpointChanges,
  since: (setting: string) => Since | undefined,
): { settings: EndpointChanges; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  const settings = Object.entries(edit).flatMap(([setting, mine]) => {
    if (setting === "headers") return [];
    const current = row[setting as keyof EndpointRow];
    const theirs = since(setting);
    if (mine === undefined || !theirs || isSame(mine, current)) return [[setting, mine]];
    // Sent along, and not what was changed.
    if (isSame(mine, theirs.base)) return [];
    if (setting === "events" && Array.isArray(theirs.base))
      return [[setting, mergeEvents(theirs.base as Subscription[], mine as Subscription[], row.events)]];
    conflicts.push(conflictOf(setting, current, theirs));
    return [];
  });
  return { settings: Object.fromEntries(settings) as EndpointChanges, conflicts };
}

/** Each event is switched by itself. */
function mergeEvents(base: Subscription[], mine: Subscription[], current: Subscription[]): Subscription[] {
  const removed = base.filter((event) => !mine.includes(event));
  const added = mine.filter((event) => !base.includes(event));
  return [...new Set([...current.filter((event) => !removed.includes(event)), ...added])];
}

/** Header by header; and a value that was entered for one URL does not go to another unasked. */
function headerConflicts(
  row: EndpointRow,
  { url, headers = {} }: EndpointChanges,
  since: (setting: string) => Since | undefined,
): Conflict[] {
  const present = new Set(row.header_names.map((name) => name.toLowerCase()));
  const conflicts = Object.entries(headers).flatMap(([name, value]) => {
    const setting = headerSetting(name);
    const theirs = since(setting);
    const is_present = present.has(name.toLowerCase());
    return theirs && (value !== null || is_present) ? [conflictOf(setting, is_present, theirs)] : [];
  });
  const moved = url === undefined ? since("url") : undefined;
  if (moved && Object.values(headers).some((value) => value !== null))
    conflicts.push(conflictOf("url", row.url, moved));
  return conflicts;
}

const HEADERS = "headers.";
export const headerSetting = (name: string): string => `${HEADERS}${name}`;
/** Names of headers have no case. */
const keyOf = (setting: string): string => (setting.startsWith(HEADERS) ? setting.toLowerCase() : setting);

const conflictOf = (setting: string, current: unknown, { user, changed_at }: Since): Conflict => ({
  setting,
  current,
  user,
  changed_at: changed_at.toISOString(),
});

const isSame = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((each) => b.includes(each))
    : a === b;

function detailOf(conflicts: readonly Conflict[]): string {
  const told = conflicts.map(
    ({ setting, user, changed_at }) =>
      `${setting} (by ${user?.name ?? "an API key"}${changed_at === null ? "" : `, ${changed_at}`})`,
  );
  return `Changed meanwhile: ${told.join("; ")}. Read the endpoint again, and send the change with its new version.`;
}

import { idOf } from "../base/base.ts";
import { sql, type Queryable, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";
import { recordNotices, type NewNotice } from "./record.ts";

/** What Wharf sees by itself: true now, and since when. */
export interface Situation extends Pick<
  NewNotice,
  "workspace_id" | "key" | "kind" | "severity" | "title" | "detail"
> {
  /** When it began, or was seen first. */
  since_ms: number;
  display_phone_number?: string | null;
}

/**
 * Records all situations of these kinds that hold now, each once while it lasts and reads the same. Notices of the kinds whose situation is not among them are over.
 */
export async function recordSituations(
  tx: Tx,
  kinds: readonly NewNotice["kind"][],
  situations: readonly Situation[],
  now_ms: number,
): Promise<LiveChange[]> {
  const keys = new Set(situations.map(({ workspace_id, key }) => `${workspace_id} ${key}`));
  const open = await tx.rows<{
    workspace_id: string;
    key: string;
    kind: NewNotice["kind"];
    severity: NewNotice["severity"];
    title: string;
    display_phone_number: string | null;
  }>(sql`
    select workspace_id, key, kind, severity, title, display_phone_number from notices
    where not resolved and kind = any(${[...kinds]}::text[])`);
  const told = new Set(open.map(({ workspace_id, key, title }) => `${workspace_id} ${key} ${title}`));
  const news = situations.filter(
    ({ workspace_id, key, title }) => !told.has(`${workspace_id} ${key} ${title}`),
  );
  const over = open
    .filter(({ workspace_id, key }) => !keys.has(`${workspace_id} ${key}`))
    .map((notice) => newNotice({ ...notice, detail: null, since_ms: now_ms }, true));
  return recordNotices(tx, [...news.map((one) => newNotice(one, false)), ...over]);
}

function newNotice({ since_ms, ...situation }: Situation, resolved: boolean): NewNotice {
  return {
    display_phone_number: null,
    ...situation,
    resolved,
    end: null,
    waba_id: null,
    at_ms: since_ms,
    // Of one moment the end counts as the newer.
    rank: resolved ? 1 : 0,
    event_id: idOf(`${situation.workspace_id}:${situation.key}:${since_ms}:${situation.title}`),
    journal_id: null,
  };
}

/** What concerns the whole installation is told in each. */
export const listWorkspaces = async (db: Queryable): Promise<string[]> =>
  (await db.rows<{ id: string }>(sql`select id from workspaces order by id`)).map(({ id }) => id);

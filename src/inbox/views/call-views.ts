import { iso, sql, type Sql } from "../../db/db.ts";
import { fileOf } from "../../media/media.ts";
import { explainFailure, type Failure } from "../../meta/meta.ts";
import type { CallView } from "./line-words.ts";

interface CallEvent {
  at: string;
  picked_up?: boolean;
  failed?: boolean;
  started_at_ms?: number | null;
  ended_at_ms?: number | null;
  duration_s?: number | null;
  errors?: Failure[];
}
export interface CallRow {
  events: Record<string, CallEvent> | null;
  recording: CallView["recording"];
  transcription: CallView["transcription"];
}

const fileOfEvent = (line: Sql, event: string, type: string): Sql =>
  fileOf(
    sql`${line}.workspace_id`,
    sql`${type}`,
    sql`(select e.detail -> 'file' from call_events e
      where e.workspace_id = ${line}.workspace_id and e.call_hash = ${line}.wamid_hash and e.event = ${event})`,
  );

/** What is known of the call that a line is, as JSON: null for other lines. By call_events' key. */
export const callOf = (line: Sql): Sql => sql`
  case when ${line}.type = 'call' and ${line}.origin = 'call' then json_build_object(
    'events', (select json_object_agg(e.event, (e.detail - 'file') || jsonb_build_object('at', ${iso(sql`e.occurred_at`)}))
      from call_events e where e.workspace_id = ${line}.workspace_id and e.call_hash = ${line}.wamid_hash),
    'recording', ${fileOfEvent(line, "recording", "audio")},
    'transcription', ${fileOfEvent(line, "transcription", "document")}) end`;

/** How the call went, from whatever was told of it so far. */
export function viewCall({ events, recording, transcription }: CallRow): CallView {
  const told = events ?? {};
  const end = told["terminate"];
  const failure = end?.errors?.[0];
  const explained = failure && explainFailure(failure);
  const started_ms = end?.started_at_ms ?? null;
  const ended_ms = end?.ended_at_ms ?? null;
  const measured_s = started_ms === null || ended_ms === null ? null : (ended_ms - started_ms) / 1_000;
  return {
    result: resultOf(told),
    reason: explained ? (explained.details ?? explained.says) : null,
    started_at: started_ms === null ? null : new Date(started_ms).toISOString(),
    ended_at: ended_ms === null ? (end?.at ?? null) : new Date(ended_ms).toISOString(),
    duration_s: end?.duration_s ?? measured_s,
    recording,
    transcription,
  };
}

function resultOf(told: Record<string, CallEvent>): CallView["result"] {
  const end = told["terminate"];
  if (told["rejected"]) return "rejected";
  if (end?.failed && ((end.errors?.length ?? 0) > 0 || end.picked_up)) return "failed";
  if (end) return end.picked_up ? "answered" : "missed";
  return told["accepted"] ? "ongoing" : "ringing";
}

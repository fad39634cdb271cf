import { sql, type Tx } from "../../db/db.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import { type Consent, wordLists, type WordLists } from "../facts/facts.ts";

const DEFAULTS = wordLists(null, null);

/** The STOP and START words of each workspace in which something was said, ready to match. */
export async function readWordLists(
  tx: Tx,
  events: readonly RoutedEvent[],
): Promise<(workspace_id: string) => WordLists> {
  const workspace_ids = new Set(
    events.filter(({ event }) => "message" in event.data).map(({ workspace_id }) => workspace_id),
  );
  if (workspace_ids.size === 0) return () => DEFAULTS;
  const rows = await tx.rows<{ id: string; stop_words: string[] | null; start_words: string[] | null }>(sql`
    select id, stop_words, start_words from workspaces
    where id = any(${[...workspace_ids]}::uuid[]) and (stop_words is not null or start_words is not null)`);
  const own = new Map(rows.map((row) => [row.id, wordLists(row.stop_words, row.start_words)]));
  return (workspace_id) => own.get(workspace_id) ?? DEFAULTS;
}

/** The ledger: one row a statement, under the id of the event that made it. */
export async function recordConsents(tx: Tx, consents: readonly Consent[]): Promise<void> {
  if (consents.length === 0) return;
  await tx.run(sql`
    insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, evidence, wamid, occurred_at)
    select * from unnest(
      ${consents.map((row) => row.workspace_id)}::uuid[], ${consents.map((row) => row.event_id)}::uuid[],
      ${consents.map((row) => row.identity.kind)}::text[], ${consents.map((row) => row.identity.value)}::text[],
      ${consents.map((row) => row.state)}::text[], ${consents.map((row) => row.source)}::text[],
      ${consents.map((row) => row.evidence)}::text[], ${consents.map((row) => row.wamid)}::text[],
      ${consents.map((row) => new Date(row.at_ms).toISOString())}::timestamptz[])
    order by 1, 2
    on conflict (workspace_id, id) do nothing`);
}

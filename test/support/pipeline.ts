import { randomBytes } from "node:crypto";
import { createSecretBox, silentLog, type Clock } from "../../src/base/base.ts";
import { sql, type Database } from "../../src/db/db.ts";
import { createEndpoints, createGuard, fanOut, type Endpoints } from "../../src/delivery/delivery.ts";
import { createJournal, type Journal } from "../../src/journal/journal.ts";
import { createPipeline, type Apply, type Pipeline } from "../../src/pipeline/pipeline.ts";

/** The real journal, pipeline and fan-out over a test database, with a clock that is moved by hand. */
export function createTestPipeline(
  db: Database,
  apply: Readonly<Record<string, Apply>>,
  options: { batch?: { webhooks: number; bytes: number }; workers?: number; own_db?: Database } = {},
): {
  journal: Journal;
  pipeline: Pipeline;
  /** The same in another process. */
  another: () => Pipeline;
  endpoints: Endpoints;
  clock: Clock & { now_ms: number };
  post: (connection_id: string, ...bodies: (string | Buffer | object)[]) => Promise<string[]>;
  rows: (ids?: readonly string[]) => Promise<JournalState[]>;
} {
  const clock = { now_ms: Date.now(), now: () => clock.now_ms };
  const journal = createJournal({ db, clock, log: silentLog });
  const delivery = { fanOut };
  const create = () => createPipeline({ db, journal, apply, delivery, log: silentLog, clock, ...options });
  return {
    journal,
    pipeline: create(),
    another: create,
    endpoints: createEndpoints({ db, box: createSecretBox([randomBytes(32)]), guard: createGuard() }),
    clock,
    post: (connection_id, ...bodies) =>
      journal.append(
        bodies.map((body) => ({
          connection_id,
          body: Buffer.isBuffer(body)
            ? body
            : Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
          received_at_ms: clock.now_ms,
        })),
      ),
    rows: (ids) =>
      db.rows<JournalState>(sql`
        select j.id, case when q.journal_id is not null then 'pending' else coalesce(o.state, 'done') end as state,
          coalesce(q.attempts, o.attempts, 1) as attempts,
          case when q.journal_id is null then o.error else q.error end as error, q.next_attempt_at
        from journal j left join journal_queue q on q.journal_id = j.id left join journal_outcomes o on o.journal_id = j.id
        where ${ids ?? null}::uuid[] is null or j.id = any(${ids ?? null}::uuid[]) order by j.id`),
  };
}

export interface JournalState {
  id: string;
  state: string;
  attempts: number;
  error: string | null;
  /** Null when it doesn't wait. */
  next_attempt_at: Date | null;
}

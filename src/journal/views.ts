import { isUtf8 } from "node:buffer";
import { isId, metrics, Problem, type Clock } from "../base/base.ts";
import { nowOf, sql, type Database, type Queryable } from "../db/db.ts";
import {
  countWebhooks,
  listWebhooks,
  readNeighbours,
  type JournalFilter,
  type JournalPage,
} from "./listing.ts";
import { columns, isSeenBy, JOURNAL, type JournalWebhook } from "./rows.ts";

export interface JournalWebhookDetail extends JournalWebhook {
  /** As text when the bytes are UTF-8. Both null on a connection shared with others: their items are in it too. */
  body: string | null;
  body_base64: string | null;
  events: {
    id: string;
    key: string;
    kind: string;
    occurred_at: Date | null;
    outcome: "applied" | "ignored" | "failed";
    reason: string | null;
  }[];
}

export function createViews(db: Database, clock: Clock) {
  const one = (from: Queryable, workspace_id: string, id: string, lock = sql``) =>
    from.first<JournalWebhook>(sql`
      select ${columns(workspace_id)} from ${JOURNAL}
      where journal.id = ${id} and ${isSeenBy(workspace_id)} ${lock}`);

  return {
    list: (workspace_id: string, page: JournalPage) => listWebhooks(db, workspace_id, page),
    counts: (workspace_id: string, filter: JournalFilter) => countWebhooks(db, workspace_id, filter),

    async neighbours(workspace_id: string, id: string, filter: JournalFilter) {
      if (!(await one(db, workspace_id, id))) throw new Problem("NOT_FOUND");
      return readNeighbours(db, workspace_id, id, filter);
    },

    async get(workspace_id: string, id: string): Promise<JournalWebhookDetail | undefined> {
      if (!isId(id)) return undefined;
      const webhook = await one(db, workspace_id, id);
      if (!webhook) return undefined;
      const stored = await db.first<{ body: Buffer }>(sql`
        select body from journal
        where id = ${id} and connection_id in (select id from connections where workspace_id = ${workspace_id})`);
      const events = await db.rows<JournalWebhookDetail["events"][number]>(sql`
        select id, key, kind, occurred_at, outcome, reason from events
        where journal_id = ${id} and workspace_id = ${workspace_id} order by occurred_at, kind = 'status', id`);
      const body = stored?.body;
      return {
        ...webhook,
        body: body && isUtf8(body) ? body.toString() : null,
        body_base64: body?.toString("base64") ?? null,
        events,
      };
    },

    /** The queue holds only what waits, and journal_outcomes__dead what is dead: both are little. */
    async measure() {
      const counted = (await db.first<{ pending: number; dead: number }>(sql`
        select
          (select count(*) from journal_queue)::integer as pending,
          (select count(*) from journal_outcomes where state = 'dead')::integer as dead`)) ?? {
        pending: 0,
        dead: 0,
      };
      metrics.journal_webhooks.set({ state: "pending" }, counted.pending);
      metrics.journal_webhooks.set({ state: "dead" }, counted.dead);
      return counted;
    },

    async retry(workspace_id: string, id: string): Promise<JournalWebhook> {
      if (!isId(id)) throw new Problem("NOT_FOUND");
      return db.transaction(async (tx) => {
        // Retention waits for this lock, so the webhook is there for as long as it is queued.
        const webhook = await one(tx, workspace_id, id, sql`for key share of journal`);
        if (!webhook) throw new Problem("NOT_FOUND");
        if (webhook.state === "done") throw new Problem("JOURNAL_STATE");
        await tx.run(sql`delete from journal_outcomes where journal_id = ${id}`);
        // One that is being processed at this moment is waited for, and queued again: it brings nothing twice.
        await tx.run(sql`
          insert into journal_queue (journal_id, body_bytes, next_attempt_at, error)
          values (${id}, ${webhook.body_bytes}, ${nowOf(clock)}, ${webhook.error})
          on conflict (journal_id) do update set attempts = 0, next_attempt_at = excluded.next_attempt_at`);
        await tx.run(sql`select pg_notify('journal', '')`);
        return (await one(tx, workspace_id, id))!;
      });
    },
  };
}

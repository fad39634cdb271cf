import { isUtf8 } from "node:buffer";
import { isId, metrics, Problem, type Clock } from "../base/base.ts";
import {
  and,
  beforeId,
  sql,
  toListById,
  type Database,
  type Page,
  type Queryable,
  type Sql,
} from "../db/db.ts";

export interface JournalPage extends Page {
  state?: "pending" | "done" | "dead" | undefined;
}

export interface JournalWebhook {
  id: string;
  received_at: Date;
  connection_id: string;
  state: "pending" | "done" | "dead";
  attempts: number;
  next_attempt_at: Date | null;
  error: string | null;
  settled_at: Date | null;
  body_bytes: number;
  /** Kinds of the events that it was the first to bring to this workspace. */
  kinds: string[];
}

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
    payload: unknown;
  }[];
}

/**
 * A workspace sees what came over its own connections, and of shared ones what holds an event of its own
 * (events__workspace_id__journal_id).
 */
function isSeenBy(workspace_id: string): Sql {
  return sql`(
    journal.connection_id in (select id from connections where workspace_id = ${workspace_id})
    or (
      journal.connection_id in (select id from connections where workspace_id is null)
      and exists (select from events where events.journal_id = journal.id and events.workspace_id = ${workspace_id})
    )
  )`;
}

function columns(workspace_id: string): Sql {
  return sql`
    journal.id, journal.received_at, journal.connection_id, journal.state, journal.attempts,
    case when journal.state = 'pending' then journal.next_attempt_at end as next_attempt_at,
    journal.error, journal.settled_at, octet_length(journal.body) as body_bytes,
    array(
      select distinct kind from events
      where events.journal_id = journal.id and events.workspace_id = ${workspace_id} order by kind
    ) as kinds`;
}

export function createViews(db: Database, clock: Clock) {
  const one = (from: Queryable, workspace_id: string, id: string, lock = sql``) =>
    from.first<JournalWebhook>(sql`
      select ${columns(workspace_id)} from journal
      where journal.id = ${id} and ${isSeenBy(workspace_id)} ${lock}`);

  /** By the partial indexes: what waits and what is dead is little. What is done isn't counted; it is everything. */
  const count = async (where: Sql): Promise<{ pending: number; dead: number }> => {
    const counted = await db.first<{ pending: number; dead: number }>(sql`
      select
        (select count(*) from journal where state = 'pending' and ${where}) as pending,
        (select count(*) from journal where state = 'dead' and ${where}) as dead`);
    return counted ?? { pending: 0, dead: 0 };
  };

  return {
    async list(workspace_id: string, page: JournalPage) {
      // By the key from its end, or by journal__dead; a page of the newest rows touches the newest days only.
      const rows = await db.rows<JournalWebhook>(sql`
        select ${columns(workspace_id)} from journal
        where ${and(
          isSeenBy(workspace_id),
          beforeId(sql`journal.id`, page.cursor),
          ...(page.state === undefined ? [] : [sql`journal.state = ${page.state}`]),
        )}
        order by journal.id desc limit ${page.limit + 1}`);
      return toListById(rows, page.limit);
    },

    async get(workspace_id: string, id: string): Promise<JournalWebhookDetail | undefined> {
      if (!isId(id)) return undefined;
      const webhook = await one(db, workspace_id, id);
      if (!webhook) return undefined;
      const stored = await db.first<{ body: Buffer }>(sql`
        select body from journal
        where id = ${id} and connection_id in (select id from connections where workspace_id = ${workspace_id})`);
      const events = await db.rows<JournalWebhookDetail["events"][number]>(sql`
        select id, key, kind, occurred_at, outcome, reason, payload from events
        where journal_id = ${id} and workspace_id = ${workspace_id} order by occurred_at, id`);
      const body = stored?.body;
      return {
        ...webhook,
        body: body && isUtf8(body) ? body.toString() : null,
        body_base64: body?.toString("base64") ?? null,
        events,
      };
    },

    counts: (workspace_id: string) => count(isSeenBy(workspace_id)),

    async measure() {
      const counted = await count(sql`true`);
      metrics.journal_webhooks.set({ state: "pending" }, counted.pending);
      metrics.journal_webhooks.set({ state: "dead" }, counted.dead);
      return counted;
    },

    async retry(workspace_id: string, id: string): Promise<JournalWebhook> {
      if (!isId(id)) throw new Problem("NOT_FOUND");
      return db.transaction(async (tx) => {
        const webhook = await one(tx, workspace_id, id, sql`for update of journal`);
        if (!webhook) throw new Problem("NOT_FOUND");
        if (webhook.state === "done") throw new Problem("JOURNAL_STATE");
        const next_attempt_at = new Date(clock.now());
        await tx.run(sql`
          update journal set state = 'pending', attempts = 0, next_attempt_at = ${next_attempt_at}, settled_at = null
          where id = ${id}`);
        await tx.run(sql`select pg_notify('journal', '')`);
        return { ...webhook, state: "pending", attempts: 0, next_attempt_at, settled_at: null };
      });
    },
  };
}

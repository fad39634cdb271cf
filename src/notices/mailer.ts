import { backoff_ms, startLoop, type Clock, type Logger } from "../base/base.ts";
import { rowsOf, sql, type Database } from "../db/db.ts";
import { mailOf, MOST_TOLD, type ToldNotice } from "./mail-words.ts";

/** Sends one email; rejects when the mail server did not take it. */
export type SendMail = (mail: { to: string; subject: string; text: string }) => Promise<void>;

export interface Mailer {
  /** One email, if one is due; how many left. */
  step(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const IDLE_MS = 15_000;
const MINUTE_MS = 60_000;
const BACKOFF = { base_ms: MINUTE_MS, cap_ms: 3_600_000 };

interface Due {
  workspace_id: string;
  user_id: string;
  email: string;
  workspace_name: string;
  digest_minutes: number;
  failures: number;
}

interface Waiting extends ToldNotice {
  notice_id: string;
  queued_at: Date;
}

/**
 * Notices by email: what waits for a user is one email, and the next one leaves when their time of collecting is over. The
 * row of a user is locked while an email is on its way; one that left just before a crash may leave once more.
 * Without a mail server nothing is kept waiting.
 */
export function createMailer(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  send: SendMail | null;
  public_url: string | null;
}): Mailer {
  const { db, log, send } = deps;
  const step = async (): Promise<number> => {
    if (send === null) {
      await db.run(sql`delete from notice_mails`);
      return 0;
    }
    const due = await claimUser(deps);
    return due === undefined ? 0 : tell({ ...deps, send }, due);
  };
  let loop: { stop(): Promise<unknown> | void } | null = null;
  return {
    step,
    start() {
      loop = startLoop(step, {
        idle_ms: IDLE_MS,
        onError: (err) => log.error({ err }, "emails about notices wait; they are tried again"),
      });
    },
    async stop() {
      await loop?.stop();
    },
  };
}

/** How long a claim holds: longer than a mail server may take. */
const CLAIM_MS = 120_000;

/** A user with something that waits, who is told nothing by another process meanwhile. */
async function claimUser({ db, clock }: { db: Database; clock: Clock }): Promise<Due | undefined> {
  const now = new Date(clock.now());
  return db.first<Due>(sql`
    with waiting as (
      select w.workspace_id, w.user_id from notice_mails w
      left join notice_mail_times t on t.workspace_id = w.workspace_id and t.user_id = w.user_id
      where coalesce(t.next_at <= ${now}, true) order by w.workspace_id, w.user_id limit 1),
    claimed as (
      insert into notice_mail_times as t (workspace_id, user_id, next_at)
      select workspace_id, user_id, ${new Date(clock.now() + CLAIM_MS)} from waiting
      on conflict (workspace_id, user_id) do update set next_at = excluded.next_at where t.next_at <= ${now}
      returning t.workspace_id, t.user_id, t.failures)
    select c.*, u.email, w.name as workspace_name, coalesce(p.digest_minutes, 30) as digest_minutes
    from claimed c join users u on u.id = c.user_id join workspaces w on w.id = c.workspace_id
    left join notice_preferences p on p.workspace_id = c.workspace_id and p.user_id = c.user_id`);
}

async function tell(
  deps: { db: Database; clock: Clock; log: Logger; send: SendMail; public_url: string | null },
  due: Due,
): Promise<number> {
  const { db, clock, log, send, public_url } = deps;
  const waiting = await readWaiting(db, due);
  if (waiting.length > 0) {
    const notices = waiting.slice(0, MOST_TOLD);
    const mail = mailOf({ ...due, notices, count: waiting.length, public_url });
    try {
      await send({ to: due.email, ...mail });
    } catch (error) {
      const failures = due.failures + 1;
      log.warn({ error, failures }, "an email about notices could not be sent; it is tried again");
      const reason = error instanceof Error ? error.message : String(error);
      await ended(deps, due, backoff_ms(failures, BACKOFF), { failures, error: reason.slice(0, 300) });
      return 0;
    }
  }
  await db.run(sql`
    delete from notice_mails m using ${rowsOf(waiting, { notice_id: "uuid", queued_at: "timestamptz" }, "told")}
    where m.workspace_id = ${due.workspace_id} and m.user_id = ${due.user_id} and m.notice_id = told.notice_id
      and date_trunc('milliseconds', m.queued_at) <= told.queued_at`);
  await ended({ db, clock }, due, due.digest_minutes * MINUTE_MS, { failures: 0, error: null });
  return waiting.length > 0 ? 1 : 0;
}

/** All that waits for them, what is worst first; dismissed ones were seen. */
const readWaiting = (db: Database, { workspace_id, user_id }: Due): Promise<Waiting[]> =>
  db.rows<Waiting>(sql`
    select m.notice_id, date_trunc('milliseconds', m.queued_at) as queued_at, n.severity, n.title, n.detail, n.resolved,
      n.display_phone_number, n.occurred_at
    from notice_mails m join notices n on n.workspace_id = m.workspace_id and n.id = m.notice_id
    where m.workspace_id = ${workspace_id} and m.user_id = ${user_id}
    order by n.resolved, n.severity = 'critical' desc, n.occurred_at desc, n.id`);

const ended = (
  { db, clock }: { db: Database; clock: Clock },
  { workspace_id, user_id }: Due,
  wait_ms: number,
  { failures, error }: { failures: number; error: string | null },
) =>
  db.run(sql`
    update notice_mail_times set next_at = ${new Date(clock.now() + wait_ms)}, failures = ${failures}, error = ${error}
    where workspace_id = ${workspace_id} and user_id = ${user_id}`);

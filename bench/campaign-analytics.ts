/**
 * The analytics of large campaigns (`--sizes 1000000,10000000`): how long opening them takes, and the first page of the
 * people behind a number. Recipients are written by SQL, with counts as a campaign leaves them that was sent at 1,000 a
 * second by four processes to 40 countries; what is older than ten minutes is folded by then.
 */
import { parseArgs } from "node:util";
import { newId } from "../src/base/base.ts";
import { foldCounts, listRecipients, readAnalytics } from "../src/campaigns/campaigns.ts";
import { countsOfRows } from "../src/campaigns/counts/counts.ts";
import { sql, type Database } from "../src/db/db.ts";
import { startBenchDatabase } from "./support/postgres.ts";
import { median, printTable } from "./support/print.ts";

const PER_S = 1_000;
const PROCESSES = 4;
const ROUNDS = 15;

export default async function campaignAnalytics(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { sizes: { type: "string", default: "1000000" } } });
  const postgres = await startBenchDatabase();
  try {
    const rows: Record<string, string | number>[] = [];
    for (const size of values.sizes.split(",").map(Number))
      rows.push(...(await measureAnalytics(postgres.db, size)));
    printTable(rows);
  } finally {
    await postgres.stop();
  }
}

/** Milliseconds of each question, as rows of a table. */
export async function measureAnalytics(
  db: Database,
  size: number,
): Promise<Record<string, string | number>[]> {
  const workspace_id = newId();
  const campaign_id = await fill(db, workspace_id, size);
  const analytics = () => readAnalytics(db, workspace_id, campaign_id, { deadSince: async () => 0 });
  const raw = await time(analytics);
  while ((await foldCounts(db)) > 0);
  await db.run(sql`vacuum analyze campaign_counts`);
  const folded = await time(analytics);
  const page = (filter: Parameters<typeof listRecipients>[3]) =>
    time(() => listRecipients(db, workspace_id, campaign_id, filter), 5);
  const limit = 50;
  return [
    { recipients: size, question: "analytics, had no count been folded", ...raw },
    { recipients: size, question: "analytics, as it is opened", ...folded },
    { recipients: size, question: "people: delivered", ...(await page({ reached: "delivered", limit })) },
    { recipients: size, question: "people: replied", ...(await page({ reached: "replied", limit })) },
    { recipients: size, question: "people: one code", ...(await page({ error_code: 131026, limit })) },
    {
      recipients: size,
      question: "people: skipped, no consent",
      ...(await page({ skip_reason: "consent", limit })),
    },
    { recipients: size, question: "people: one country", ...(await page({ country: "C7", limit })) },
    // Those few are all over the campaign, and no index has them: the whole of it is read.
    { recipients: size, question: "people: 30 await a report", ...(await page({ state: "SENT", limit })) },
  ];
}

async function time(work: () => Promise<unknown>, rounds = ROUNDS) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  const most = Math.max(...times);
  return { "median ms": median(times).toFixed(1), "most ms": most.toFixed(1) };
}

const AT_ONCE = 500_000;
/** Ids that rise with time, as those of contacts and messages do. */
const idAt = sql`('01930000-' || lpad(to_hex(i / 65536), 4, '0') || '-7' || lpad(to_hex(i % 4096), 3, '0') || '-8000-' || lpad(to_hex(i), 12, '0'))::uuid`;

async function fill(db: Database, workspace_id: string, size: number): Promise<string> {
  const campaign_id = newId();
  const seconds = Math.ceil(size / PER_S);
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Bench', ${workspace_id})`,
  );
  await db.run(sql`
    insert into campaigns (workspace_id, id, name, state, started_at, prepared_at, progress_at)
    values (${workspace_id}, ${campaign_id}, 'Bench', 'RUNNING', now() - make_interval(secs => ${seconds}), now(), now())`);
  for (let from = 0; from < size; from += AT_ONCE)
    await db.run(sql`
      insert into campaign_recipients (workspace_id, campaign_id, contact_id, place, state, skip_reason, message_id, country,
        queued_at, submitted_at, sent_at, delivered_at, read_at, failed_at, replied_at, clicked_at, error_code, category, billable)
      select ${workspace_id}, ${campaign_id}, ${idAt}, i, state,
        case when state = 1 then 'consent' end, case when state > 1 then ${idAt} end, 'C' || i % 40,
        at, at, case when state > 3 then at end, case when state in (5, 6) then at + interval '3 s' end,
        case when state = 6 then at + interval '90 s' end, case when state > 7 then at end,
        case when state = 6 and i % 20 = 0 then at + interval '200 s' end,
        case when state = 6 and i % 30 = 0 then at + interval '100 s' end,
        case state when 8 then 131026 when 9 then 131049 end, case when state in (5, 6) then 'marketing' end, state in (5, 6)
      from (
        select i, now() - make_interval(secs => ${seconds} - i / ${PER_S}) as at,
          case when i % (${size} / 30) = 7 then 4 when i % 50 = 0 then 8 when i % 33 = 0 then 9 when i % 100 = 1 then 1
            when i % 3 = 0 then 5 else 6 end as state
        from generate_series(${from}::integer, ${Math.min(from + AT_ONCE, size) - 1}::integer) i) r`);
  await db.run(sql`vacuum analyze campaign_recipients`);
  const counts = await countsOfRows(db, workspace_id, campaign_id);
  await db.run(sql`
    insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
    select ${workspace_id}, ${campaign_id}, date_trunc('minute', now()) - make_interval(mins => minute), slot, key,
      n / ${(Math.ceil(seconds / 60) + 1) * PROCESSES} + case when minute = 0 and slot = 0 then n % ${(Math.ceil(seconds / 60) + 1) * PROCESSES} else 0 end
    from generate_series(0, ${Math.ceil(seconds / 60)}) minute, generate_series(0, ${PROCESSES - 1}) slot,
      unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::bigint[]) as count (key, n)`);
  await db.run(sql`vacuum analyze campaign_counts`);
  return campaign_id;
}

import { sql, type Database, type Tx } from "../../db/db.ts";
import { addCounts, countsOfRows, readCounts, stateNumber, STATES } from "../counts/counts.ts";
import { DIFFERS_FROM_TOLD } from "./details.ts";

/** One count that is not what its rows say, or people whose rows are not what their messages say. */
export interface Difference {
  workspace_id: string;
  campaign_id: string;
  campaign: string;
  says: string;
}

const AT_ONCE = 5_000;
const SHOWN = 5;

/**
 * Recomputes every count of campaigns from their recipients, and each recipient from the message's statuses and its place
 * in the queue. Reads a campaign's rows once for each, in pages, so it takes the memory of one page; may run while campaigns
 * do. `repair` writes what the counts lack as counts of this minute; recipients are only reported.
 */
export async function* verifyCampaigns(
  db: Database,
  { campaign_id, repair }: { campaign_id?: string | undefined; repair: boolean },
): AsyncGenerator<Difference> {
  for (let after: string | null = null; ;) {
    const found: Campaign[] = await db.rows<Campaign>(sql`
      select workspace_id, id, name, workspace_id || ' ' || id as place from campaigns
      where (${campaign_id ?? null}::uuid is null or id = ${campaign_id ?? null})
        and (${after}::text is null or workspace_id || ' ' || id > ${after})
      order by place limit 100`);
    for (const campaign of found) {
      yield* (await wrongCounts(db, campaign, repair)).map((says) => toldOf(campaign, says));
      for await (const says of wrongRecipients(db, campaign)) yield toldOf(campaign, says);
    }
    if (found.length < 100) return;
    after = found.at(-1)!.place;
  }
}

interface Campaign {
  workspace_id: string;
  id: string;
  name: string;
  place: string;
}

const toldOf = ({ workspace_id, id, name }: Campaign, says: string): Difference => ({
  workspace_id,
  campaign_id: id,
  campaign: name,
  says,
});

/** Both sides in one snapshot, as recipients and counts change in the same transactions. */
async function wrongCounts(db: Database, { workspace_id, id }: Campaign, repair: boolean): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.run(sql`set transaction isolation level repeatable read`);
    await tx.run(sql`set local statement_timeout = 0`);
    const counted = (await readCounts(tx, workspace_id, [id])).get(id)!;
    const rows = await countsOfRows(tx, workspace_id, id);
    const wrong = [...new Set([...counted.keys(), ...rows.keys()])].toSorted().flatMap((key) => {
      const [was, is] = [counted.get(key) ?? 0, rows.get(key) ?? 0];
      return was === is ? [] : [{ key, was, is }];
    });
    if (repair)
      await addCounts(
        tx,
        wrong.map(({ key, was, is }) => ({ workspace_id, campaign_id: id, key, n: is - was })),
      );
    return wrong.map(({ key, was, is }) => `${key} is counted as ${was}, and the recipients say ${is}`);
  });
}

/** The states in which a recipient may be whose message stands so in the queue and by its statuses. */
const EXPECTED = sql`case
  when d.state in ('queued', 'sending', 'waiting') then array[${stateNumber("QUEUED")}]::smallint[]
  when d.state = 'unconfirmed' then array[${stateNumber("UNCONFIRMED")}]::smallint[]
  when d.state = 'cancelled' then array[${stateNumber("CANCELLED")}]::smallint[]
  when d.state = 'failed' or s.failed_at is not null and s.delivered_at is null and s.read_at is null and s.played_at is null
    then array[${stateNumber("FAILED")}, ${stateNumber("LIMITED")}]::smallint[]
  when s.played_at is not null then array[${stateNumber("PLAYED")}]::smallint[]
  when s.read_at is not null then array[${stateNumber("READ")}]::smallint[]
  when s.delivered_at is not null then array[${stateNumber("DELIVERED")}]::smallint[]
  when s.sent_at is not null then array[${stateNumber("SENT")}]::smallint[]
  else array[${stateNumber("SUBMITTED")}]::smallint[] end`;

/** Page by page, by the primary key. A page is one statement, and so of one moment. */
async function* wrongRecipients(db: Database, { workspace_id, id }: Campaign): AsyncGenerator<string> {
  const wrong = new Map<string, { count: number; contacts: string[] }>();
  for (let after = "00000000-0000-0000-0000-000000000000"; ;) {
    const page = await db.transaction((tx) => readPage(tx, workspace_id, id, after));
    for (const { contact_id, fault } of page.rows) {
      const known = wrong.get(fault) ?? { count: 0, contacts: [] };
      known.count++;
      if (known.contacts.length < SHOWN) known.contacts.push(contact_id);
      wrong.set(fault, known);
    }
    if (page.last === null) break;
    after = page.last;
  }
  for (const [fault, { count, contacts }] of wrong)
    yield `${count} ${count === 1 ? "recipient" : "recipients"}: ${fault} (${contacts.join(", ")}${count > SHOWN ? ", …" : ""})`;
}

async function readPage(
  tx: Tx,
  workspace_id: string,
  campaign_id: string,
  after: string,
): Promise<{ rows: { contact_id: string; fault: string }[]; last: string | null }> {
  await tx.run(sql`set local statement_timeout = 0`);
  const [read] = await tx.rows<{
    rows: { contact_id: string; fault: string }[];
    n: number;
    last: string;
  }>(sql`
    with page as materialized (
      select * from campaign_recipients
      where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and contact_id > ${after}
      order by contact_id limit ${AT_ONCE}),
    judged as (
      select r.contact_id, case
        when r.message_id is null and r.state between ${stateNumber("QUEUED")} and ${stateNumber("UNCONFIRMED")}
          then ${stateName(sql`r.state`)} || ' without a message'
        when r.message_id is not null and m.id is null then 'the message is gone'
        when r.due_at is not null and ended.id is not null then ${stateName(sql`r.state`)} || ' and to be served, and the campaign has ended'
        when r.state in (${stateNumber("WAITING")}, ${stateNumber("SKIPPED")}) and coalesce(s.delivered_at, s.read_at, s.played_at) is not null
          then ${stateName(sql`r.state`)} || ', and the message arrived'
        when d.id is not null and r.state <> all(${EXPECTED}) and r.state not in (${stateNumber("WAITING")}, ${stateNumber("SKIPPED")})
          then ${stateName(sql`r.state`)} || ', and the message is ' || ${stateName(sql`(${EXPECTED})[1]`)}
        when s.wamid_hash is not null and ${DIFFERS_FROM_TOLD} then 'times or price are not those that WhatsApp told'
        end as fault
      from page r
      left join campaigns ended on ended.workspace_id = r.workspace_id and ended.id = r.campaign_id
        and ended.state in ('COMPLETED', 'CANCELLED') and not exists (
          select from campaign_work w where w.workspace_id = ended.workspace_id and w.campaign_id = ended.id)
      left join messages m on m.workspace_id = r.workspace_id and m.id = r.message_id
      left join sends d on d.workspace_id = r.workspace_id and d.id = r.message_id
      left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash)
    select (select count(*)::integer from page) as n, (select contact_id from page order by contact_id desc limit 1) as last,
      coalesce((select json_agg(j) from judged j where fault is not null), '[]') as rows`);
  const { rows, n, last } = read!;
  return { rows, last: n < AT_ONCE ? null : last };
}

function stateName(state: ReturnType<typeof sql>) {
  return sql`(${[...STATES]}::text[])[${state} + 1]`;
}

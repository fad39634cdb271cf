import { randomInt } from "node:crypto";
import type { Reached, RecipientState } from "../../contract/campaigns.ts";
import { named, rowsOf, type Tx } from "../../db/db.ts";

/** By the number that campaign_recipients.state has. */
export const STATES = [
  "WAITING",
  "SKIPPED",
  "QUEUED",
  "SUBMITTED",
  "SENT",
  "DELIVERED",
  "READ",
  "PLAYED",
  "FAILED",
  "LIMITED",
  "UNCONFIRMED",
  "CANCELLED",
] as const satisfies readonly RecipientState[];
export const stateNumber = (state: RecipientState): number => STATES.indexOf(state);

type Count = keyof Reached;

/** `n` recipients of a campaign that are alike in all that is counted; what they have reached is what they have a time of. */
export interface CountedGroup {
  state: number;
  skip_reason: string | null;
  error_code: number | null;
  country: string | null;
  queued: boolean;
  submitted: boolean;
  sent: boolean;
  delivered: boolean;
  read: boolean;
  played: boolean;
  replied: boolean;
  clicked: boolean;
  opted_out: boolean;
  /** What Meta charges for a message that arrived, as `marketing.billable` or `utility.free`; null: it is not told. */
  cost: string | null;
  n: number;
}

/** What is added to a count of a campaign; less than 0 takes off. */
export interface CountChange {
  workspace_id: string;
  campaign_id: string;
  key: string;
  n: number;
}

interface CampaignKey {
  workspace_id: string;
  campaign_id: string;
}

const REACHED = [
  "queued",
  "submitted",
  "sent",
  "delivered",
  "read",
  "played",
  "replied",
  "clicked",
  "opted_out",
] as const satisfies readonly (Count & keyof CountedGroup)[];

/** Where the country is not known: the code that ISO 3166 leaves to its users. */
export const UNKNOWN_COUNTRY = "ZZ";
const byCountry = (country: string | null, count: Count) => `country.${country ?? UNKNOWN_COUNTRY}.${count}`;

function* keysOf(group: CountedGroup): Generator<string> {
  const state = STATES[group.state]!;
  yield `now.${state.toLowerCase()}`;
  for (const count of countsOf(group, state)) {
    yield `reached.${count}`;
    yield byCountry(group.country, count);
  }
  if (state === "SKIPPED" && group.skip_reason !== null) yield `skipped.${group.skip_reason}`;
  if (state === "FAILED" || state === "LIMITED") yield `failed.${group.error_code ?? 0}`;
  if (group.cost !== null) yield `cost.${group.country ?? UNKNOWN_COUNTRY}.${group.cost}`;
}

function countsOf(group: CountedGroup, state: RecipientState): Count[] {
  const counts: Count[] = ["audience", ...REACHED.filter((count) => group[count])];
  if (state === "SKIPPED") counts.push("skipped");
  if (state === "FAILED") counts.push("failed");
  if (state === "LIMITED") counts.push("limited");
  return counts;
}

/** What changes when recipients that were as `before` (null: there were none) are as `after` (null: they are gone). */
export function changeCounts(
  { workspace_id, campaign_id }: CampaignKey,
  before: CountedGroup | null,
  after: CountedGroup | null,
): CountChange[] {
  const changes = new Map<string, number>();
  const add = (group: CountedGroup | null, sign: 1 | -1) => {
    if (group === null) return;
    for (const key of keysOf(group)) changes.set(key, (changes.get(key) ?? 0) + sign * group.n);
  };
  add(before, -1);
  add(after, 1);
  return [...changes].flatMap(([key, n]) => (n === 0 ? [] : [{ workspace_id, campaign_id, key, n }]));
}

/** What changes when `n` recipients of a country have reached something that they had not. */
export const reachedCounts = (
  { workspace_id, campaign_id }: CampaignKey,
  count: "replied" | "clicked" | "opted_out",
  country: string | null,
  n = 1,
): CountChange[] =>
  [`reached.${count}`, byCountry(country, count)].map((key) => ({ workspace_id, campaign_id, key, n }));

/** Of this process: others have others, mostly, and so none waits for another's transaction. */
const SLOT = randomInt(256);

/**
 * Adds the changes to their counts. Call it once in a transaction, with all that it changes, before `publish`: rows are
 * locked in the order of their keys, and until the commit.
 */
export async function addCounts(tx: Tx, changes: readonly CountChange[]): Promise<void> {
  const sums = new Map<string, CountChange>();
  for (const change of changes) {
    const key = `${change.workspace_id} ${change.campaign_id} ${change.key}`;
    sums.set(key, { ...change, n: (sums.get(key)?.n ?? 0) + change.n });
  }
  const rows = [...sums.values()].filter(({ n }) => n !== 0);
  if (rows.length === 0) return;
  tx.later(named("campaign counts")`
    insert into campaign_counts as c (workspace_id, campaign_id, minute, slot, key, n)
    select workspace_id, campaign_id, date_trunc('minute', now()), ${SLOT}::smallint, key, n
    from ${rowsOf(rows, { workspace_id: "uuid", campaign_id: "uuid", key: "text", n: "bigint" })}
    order by 1, 2, 3, 4, 5
    on conflict (workspace_id, campaign_id, minute, slot, key) do update set n = c.n + excluded.n`);
}

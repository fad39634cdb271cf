import type { CampaignAnalytics, Now, Reached } from "../../src/contract/campaigns.ts";
import type { z } from "zod";
import type { Update } from "../../src/simulator/simulator.ts";

/** What Meta's side of a campaign knows: the messages that it took, and all that it told. */
export interface MetaRecord {
  /** In the order in which they were taken: the last of each person counts. */
  taken: readonly { wamid: string; to: string }[];
  told: readonly Update[];
}

interface Told {
  statuses: Set<string>;
  code: number | null;
  pricing: { category: string; billable: boolean } | null;
}

/** Everything that was told of each message, whatever its order and how often. */
function readTold({ told }: MetaRecord): Map<string, Told> {
  const messages = new Map<string, Told>();
  for (const { list, item } of told) {
    if (list !== "statuses") continue;
    const id = String(item["id"]);
    const message = messages.get(id) ?? { statuses: new Set(), code: null, pricing: null };
    message.statuses.add(String(item["status"]));
    const [error] = (item["errors"] ?? []) as { code: number }[];
    if (error) message.code = error.code;
    const pricing = item["pricing"] as { category: string; type: string } | undefined;
    if (pricing) message.pricing = { category: pricing.category, billable: pricing.type === "regular" };
    messages.set(id, message);
  }
  return messages;
}

/** What the analytics must say of people who were all written to, beside what people did: counted one by one. */
export function expectedOf(record: MetaRecord, people: readonly string[]) {
  const told = readTold(record);
  const last = new Map(record.taken.map(({ to, wamid }) => [to, wamid]));
  const reached = {
    audience: people.length,
    queued: people.length,
    submitted: 0,
    sent: 0,
    delivered: 0,
    read: 0,
    played: 0,
  };
  const ends = { failed: 0, limited: 0 };
  const now = { submitted: 0, sent: 0, delivered: 0, read: 0, played: 0, failed: 0, limited: 0 };
  const failures = new Map<number, number>();
  const cost = new Map<string, number>();
  const arrived = new Set<string>();
  for (const person of people) {
    const wamid = last.get(person);
    if (wamid === undefined) continue;
    reached.submitted++;
    const { statuses, code, pricing } = told.get(wamid) ?? {
      statuses: new Set<string>(),
      code: null,
      pricing: null,
    };
    const has = (status: string) => statuses.has(status);
    const step = ["played", "read", "delivered"].find(has);
    if (step !== undefined) {
      arrived.add(person);
      reached.sent++;
      reached.delivered++;
      if (has("read") || has("played")) reached.read++;
      if (has("played")) reached.played++;
      now[step as "read"]++;
      if (pricing) {
        const key = `${pricing.category} ${pricing.billable}`;
        cost.set(key, (cost.get(key) ?? 0) + 1);
      }
    } else if (has("failed")) {
      if (has("sent")) reached.sent++;
      const end = code === 131049 ? "limited" : "failed";
      ends[end]++;
      now[end]++;
      failures.set(code ?? 0, (failures.get(code ?? 0) ?? 0) + 1);
    } else if (has("sent")) {
      reached.sent++;
      now.sent++;
    } else now.submitted++;
  }
  return {
    reached: { ...reached, ...ends } satisfies Partial<Reached>,
    now: now satisfies Partial<Now>,
    failures: Object.fromEntries(failures),
    cost: Object.fromEntries(cost),
    arrived,
  };
}

/** The same of what the analytics say. */
export function saidBy({ reached, now, failures, cost }: z.infer<typeof CampaignAnalytics>) {
  return {
    reached,
    now,
    failures: Object.fromEntries(failures.map(({ code, count }) => [code ?? 0, count])),
    cost: Object.fromEntries(
      cost
        .flatMap(({ category, billable, free }): [string, number][] => [
          [`${category} true`, billable],
          [`${category} false`, free],
        ])
        .filter(([, n]) => n > 0),
    ),
  };
}

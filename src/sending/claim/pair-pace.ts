import { named, rowsOf, sql, textArray, uuidArray, type Tx } from "../../db/db.ts";
import type { Candidate } from "./candidates.ts";
import type { NumberKey } from "./numbers-due.ts";

/** Meta's pair rate: one message in 6 s from a number to a person, 45 at once on credit. Source: its page on throughput. */
const PAIR = { each_ms: 6_000, burst: 45 };

interface PairRow {
  to_kind: string;
  to_value: string;
  paid_at: Date;
  held_until: Date | null;
}
const pairOf = ({ to_kind, to_value }: Pick<PairRow, "to_kind" | "to_value">) => `${to_kind} ${to_value}`;

/** Which may go now by the pace of their pairs, and when the others. Each is counted as it is taken. */
export async function pacePairs(
  tx: Tx,
  number: NumberKey,
  sends: readonly Candidate[],
  now_ms: number,
): Promise<{ now: Candidate[]; later: { id: string; at: number }[] }> {
  if (sends.length === 0) return { now: [], later: [] };
  const paces = new Map((await lockPairs(tx, number, sends)).map((row) => [pairOf(row), row]));
  const paid = new Map<string, { to_kind: string; to_value: string; paid_at: number }>();
  const now: Candidate[] = [];
  const later: { id: string; at: number }[] = [];
  for (const send of sends) {
    const { to_kind, to_value } = send;
    const pair = pairOf(send);
    const known = paces.get(pair);
    const before_ms = Math.max(paid.get(pair)?.paid_at ?? known?.paid_at.getTime() ?? 0, now_ms);
    const free_at_ms = Math.max(
      known?.held_until?.getTime() ?? 0,
      before_ms + PAIR.each_ms - PAIR.burst * PAIR.each_ms,
    );
    if (free_at_ms > now_ms) {
      later.push({ id: send.id, at: free_at_ms });
      continue;
    }
    paid.set(pair, { to_kind, to_value, paid_at: before_ms + PAIR.each_ms });
    now.push(send);
  }
  const counted = rowsOf([...paid.values()], { to_kind: "text", to_value: "text", paid_at: "timestamptz" });
  await tx.run(named("sending pairs paid")`
    insert into pair_paces as p (workspace_id, phone_number_id, to_kind, to_value, paid_at)
    select ${number.workspace_id}, ${number.id}, * from ${counted}
    on conflict (workspace_id, phone_number_id, to_kind, to_value) do update set paid_at = excluded.paid_at`);
  return { now, later };
}

const lockPairs = (tx: Tx, number: NumberKey, sends: readonly Candidate[]) =>
  tx.rows<PairRow>(named("sending pairs")`
    select to_kind, to_value, paid_at, held_until from pair_paces
    where workspace_id = ${number.workspace_id} and phone_number_id = ${number.id}
      and to_kind = any('{wa_id,bsuid,group}') and to_value = any(${textArray(sends.map((send) => send.to_value))}::text[])
    order by to_kind, to_value for update`);

/** Not before their pairs are paid back. */
export async function putOff(
  tx: Tx,
  number: NumberKey,
  later: readonly { id: string; at: number }[],
): Promise<void> {
  if (later.length === 0) return;
  await tx.run(sql`
    update sends d set next_attempt_at = due.at from ${rowsOf(later, { id: "uuid", at: "timestamptz" })}
    where d.workspace_id = ${number.workspace_id} and d.id = due.id
      and d.id = any(${uuidArray(later.map(({ id }) => id))}::uuid[])`);
}

import type { Clock } from "../../base/base.ts";
import { noteNumber, type Graphs } from "../../connections/connections.ts";
import { sql, type Database } from "../../db/db.ts";
import { recordGroup, type GroupAsked } from "../../inbox/inbox.ts";
import { publish } from "../../live/live.ts";
import type { Graph } from "../../meta/meta.ts";
import type { NumberDue } from "../claim/claim.ts";
import { refusalOf } from "../send-error.ts";
import { pauseQueues } from "../outcomes/outcomes.ts";

type NumberAsked = Omit<NumberDue, "people">;

const DAY_MS = 86_400_000;
/** When to ask again after Meta could not be reached, or said no. */
const AGAIN_MS = { not_reached: 15_000, refused: 15 * 60_000 };
/** The token is no good, whatever it is used for. */
const BAD_TOKEN = 190;

/**
 * The numbers of which Meta was never asked what they may send, or not for a day, or that it said may send more by now:
 * each is one process' to ask. Looks at every number, which are few beside all else.
 */
export function claimQuestions(db: Database, now_ms: number, limit: number): Promise<NumberAsked[]> {
  const now = sql`${new Date(now_ms)}::timestamptz`;
  const due = sql`coalesce(l.throughput_at < ${new Date(now_ms - DAY_MS)}, true)`;
  return db.rows<NumberAsked>(sql`
    with asked as (
      insert into number_queues as l (workspace_id, phone_number_id, throughput_at)
      select n.workspace_id, n.id, ${now} from phone_numbers n
      join connections c on c.id = n.connection_id and c.access_token is not null
      left join number_queues l on l.workspace_id = n.workspace_id and l.phone_number_id = n.id
      where ${due} order by n.workspace_id, n.id limit ${limit}
      on conflict (workspace_id, phone_number_id) do update set throughput_at = excluded.throughput_at where ${due}
      returning l.workspace_id, l.phone_number_id)
    select n.workspace_id, n.id, n.phone_number_id, n.connection_id
    from asked join phone_numbers n on n.workspace_id = asked.workspace_id and n.id = asked.phone_number_id`);
}

/**
 * What Meta said of a number: STANDARD is 80 messages a second, HIGH 1,000. A token that it does not know pauses the
 * connection as the first message's failure would.
 */
function writeAnswer(
  db: Database,
  { workspace_id, id }: NumberAsked,
  answer: Awaited<ReturnType<Graph["phoneNumber"]>>,
  now_ms: number,
): Promise<void> {
  const number = sql`workspace_id = ${workspace_id} and phone_number_id = ${id}`;
  const changed = { workspace_id, name: "PhoneNumberUpdated", data: { phone_number_id: id } };
  return db.transaction(async (tx) => {
    if (answer.outcome !== "done") {
      const wait_ms = answer.outcome === "refused" ? AGAIN_MS.refused : AGAIN_MS.not_reached;
      await tx.run(sql`
        update number_queues set throughput_at = ${new Date(now_ms - DAY_MS + wait_ms)} where ${number}`);
      if (answer.outcome !== "refused" || answer.error.code !== BAD_TOKEN) return;
      const refused = { workspace_id, number: id, to_kind: "", to_value: "", error: refusalOf(answer.error) };
      const paused = await pauseQueues(
        tx,
        [{ ...refused, template_name: null, template_language: null }],
        now_ms,
      );
      return publish(tx, paused);
    }
    const { throughput, verified_name, quality_rating: quality } = answer.value;
    const noted = await noteNumber(tx, { workspace_id, id }, { verified_name, quality }, now_ms);
    const throughput_per_s = throughput === "HIGH" ? 1_000 : 80;
    const faster =
      throughput !== null &&
      (await tx.run(sql`
        update number_queues set throughput_per_s = ${throughput_per_s}
        where ${number} and throughput_per_s <> ${throughput_per_s}`)) > 0;
    await publish(tx, noted || faster ? [changed] : []);
  });
}

/** Asks Meta what a number may send. */
export async function askNumber(
  { db, graphs, clock }: { db: Database; graphs: Pick<Graphs, "of">; clock: Clock },
  number: NumberAsked,
): Promise<void> {
  const graph = await graphs.of(number.connection_id);
  const answer = await graph?.phoneNumber(number.phone_number_id);
  await writeAnswer(db, number, answer ?? { outcome: "not_sent", reason: "no token" }, clock.now());
}

/** Asks Meta about a group, and writes what it says. */
export async function askGroup(
  { db, graphs, now_ms }: { db: Database; graphs: Pick<Graphs, "of">; now_ms: number },
  group: GroupAsked,
): Promise<void> {
  const graph = await graphs.of(group.connection_id);
  // What isn't an id can't be asked for.
  const answer = /^[\w-]{1,200}$/.test(group.group_id) ? await graph?.group(group.group_id) : undefined;
  await db.transaction(async (tx) => {
    const said = answer?.outcome === "done" ? answer.value : null;
    await publish(tx, await recordGroup(tx, group, said, now_ms));
  });
}

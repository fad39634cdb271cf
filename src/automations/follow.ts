import { grouped, type Clock } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import type { Applied, BatchFacts, Listen, LiveChange, Moved } from "../live/live.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { resumeResolved, wakeRuns, type Stir } from "./engine/engine.ts";
import { answeredAmong, enterHeard } from "./triggers/triggers.ts";

/** How automations follow what happens elsewhere: in the pipeline, in the sender, and by people. */
interface FollowDeps {
  clock: Clock;
}

/** Of a batch of webhooks. Runs behind all others: it takes the locks of runs, and never waits for one. */
export function createAutomationApply({ clock }: FollowDeps) {
  return async (tx: Tx, _events: readonly RoutedEvent[], facts: Readonly<BatchFacts>): Promise<Applied> => {
    const { heard, stated, moved } = facts;
    const stirs: Stir[] = [
      ...heard.map(({ workspace_id, contact_id }) => ({
        workspace_id,
        contact_id,
        what: "replied" as const,
      })),
      ...stated.map(({ workspace_id, contact_id }) => ({
        workspace_id,
        contact_id,
        what: "consent" as const,
      })),
    ];
    const wake = async () => wakeRuns(tx, moved, [...stirs, ...(await answersAmong(tx, moved))]);
    // What starts runs and what wakes them is asked on one way to the server: neither looks at what the other writes.
    await Promise.all([enterHeard(tx, heard, new Date(clock.now())), wake()]);
    return { changes: [], ignored: [] };
  };
}

/** Of Meta's answers, and of what people do with a message. */
export function createAutomationListen(): Listen {
  return async (tx, moved) => {
    await wakeRuns(tx, moved, await answersAmong(tx, moved));
    return [];
  };
}

/** Messages that an agent wrote, when it is first known that they are on their way. */
async function answersAmong(tx: Tx, moved: readonly Moved[]): Promise<Stir[]> {
  const first = moved.filter(
    ({ origin, before, status }) => origin === null && before === null && status !== "FAILED",
  );
  const stirs: Stir[] = [];
  for (const [workspace_id, moves] of grouped(first, (move) => move.workspace_id)) {
    const answers = await answeredAmong(
      tx,
      workspace_id,
      moves.map(({ message_id }) => message_id),
    );
    for (const { message_id, contact_id } of moves)
      if (answers.has(message_id)) stirs.push({ workspace_id, contact_id, what: "answered" });
  }
  return stirs;
}

/**
 * What a person did with a conversation: resolved, it lets the runs go on that an agent's answer paused; assigned, it wakes
 * those that leave when a person takes over. Answers what pages are to know.
 */
export async function followConversation(
  tx: Tx,
  workspace_id: string,
  id: string,
  { status, assignee_id }: { status?: string | undefined; assignee_id?: string | null | undefined },
  now: Date,
): Promise<LiveChange[]> {
  if (assignee_id) {
    const { contact_id } = (await tx.first<{ contact_id: string }>(sql`
      select contact_id from conversations where workspace_id = ${workspace_id} and id = ${id}`))!;
    await wakeRuns(tx, [], [{ workspace_id, contact_id, what: "answered" }]);
  }
  return status === "RESOLVED" ? resumeResolved(tx, workspace_id, id, now) : [];
}

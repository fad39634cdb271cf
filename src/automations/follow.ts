import { grouped, isId, type Clock } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import type { Applied, BatchFacts, Listen, LiveChange, Moved } from "../live/live.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { addCounts, foldMessages } from "./counts/counts.ts";
import { resumeResolved, wakeRuns, type Stir } from "./engine/engine.ts";
import { answeredAmong, enterHeard, withAutomations } from "./triggers/triggers.ts";

/** How automations follow what happens elsewhere: in the pipeline, in the sender, and by people. */
interface FollowDeps {
  clock: Clock;
}

/**
 * Of a batch of webhooks. Runs behind all others: it takes the locks of runs, and never waits for one. Where no automation
 * was ever activated it asks for that alone.
 */
export function createAutomationApply({ clock }: FollowDeps) {
  return async (tx: Tx, events: readonly RoutedEvent[], facts: Readonly<BatchFacts>): Promise<Applied> => {
    const told = lateAmong(events, facts.moved);
    const here = await concerned(tx, [...facts.heard, ...facts.stated, ...told], facts.moved);
    if (here.size === 0) return { changes: [], ignored: [] };
    const of = <Fact extends { workspace_id: string }>(all: readonly Fact[]) =>
      all.filter(({ workspace_id }) => here.has(workspace_id));
    const [heard, stated, moved] = [of(facts.heard), of(facts.stated), of(facts.moved)];
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
    await addCounts(tx, await foldMessages(tx, { told: [...sentByRuns(moved), ...of(told)], heard }));
    return { changes: [], ignored: [] };
  };
}

/** Of Meta's answers, and of what people do with a message. */
export function createAutomationListen(): Listen {
  return async (tx, moved) => {
    const here = await concerned(tx, [], moved);
    const ours = moved.filter(({ workspace_id }) => here.has(workspace_id));
    if (ours.length === 0) return [];
    await wakeRuns(tx, ours, await answersAmong(tx, ours));
    await addCounts(tx, await foldMessages(tx, { told: sentByRuns(ours), heard: [] }));
    return [];
  };
}

/** Workspaces with automations, of those in which something happened that may concern one. */
function concerned(
  tx: Tx,
  facts: readonly { workspace_id: string }[],
  moved: readonly Moved[],
): Promise<Set<string>> {
  const moves = [...sentByRuns(moved), ...firstAmong(moved)];
  return withAutomations(
    tx,
    [...facts, ...moves].map(({ workspace_id }) => workspace_id),
  );
}

const sentByRuns = (moved: readonly Moved[]) => moved.filter(({ origin }) => origin?.kind === "automation");

/** Messages of which something came late, and so moved nothing: that it was sent, once it had failed. */
function lateAmong(
  events: readonly RoutedEvent[],
  moved: readonly Moved[],
): { workspace_id: string; message_id: string }[] {
  const known = new Set(moved.map(({ message_id }) => message_id));
  return events.flatMap(({ workspace_id, event: { data } }) => {
    if (data.kind !== "status" || data.callback_data === null) return [];
    const message_id = data.callback_data.toLowerCase();
    return known.has(message_id) || !isId(message_id) ? [] : [{ workspace_id, message_id }];
  });
}

/** Messages of which neither a campaign nor an automation is the origin, when it is first known that they are on their way. */
const firstAmong = (moved: readonly Moved[]) =>
  moved.filter(({ origin, before, status }) => origin === null && before === null && status !== "FAILED");

/** Messages that an agent wrote, when it is first known that they are on their way. */
async function answersAmong(tx: Tx, moved: readonly Moved[]): Promise<Stir[]> {
  const stirs: Stir[] = [];
  for (const [workspace_id, moves] of grouped(firstAmong(moved), (move) => move.workspace_id)) {
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

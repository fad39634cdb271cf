import type { Tx } from "../../db/db.ts";
import type { BatchFacts, Moved, Stated } from "../../live/live.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import { joined, noEffects, type Effects } from "../counts/counts.ts";
import { countActs, type Act } from "./acts.ts";
import { clicksIn } from "./clicks.ts";
import { writeDetails } from "./details.ts";
import { STOPPED_CODE } from "./reasons.ts";
import { recount } from "./recount.ts";

/**
 * What a batch of webhooks tells of campaigns beside how their messages move: replies, opt-outs, clicks and prices. Runs
 * after the recipients were moved on, in the same transaction.
 */
export async function followBatch(
  tx: Tx,
  events: readonly RoutedEvent[],
  facts: Readonly<BatchFacts>,
): Promise<Effects> {
  const acts: WorkspaceAct[] = [
    ...facts.heard.map(({ workspace_id, contact_id, phone_number, reply, at }): WorkspaceAct => ({
      workspace_id,
      what: "replied",
      contact_id,
      at,
      message_id: reply?.quoted_message_id ?? null,
      phone_number,
    })),
    ...facts.stated.filter(isOptOut).map(({ workspace_id, contact_id, at }): WorkspaceAct => ({
      workspace_id,
      what: "opted_out",
      contact_id,
      at,
      message_id: null,
      phone_number: null,
    })),
    ...(await clicksIn(tx, events)),
  ];
  return joined([
    await countEach(tx, acts),
    await followMoved(tx, facts.moved),
    await writeDetails(tx, detailedBy(events, facts.moved)),
  ]);
}

/** A person's own word: what Meta says of them as it refuses a message is that message's failure (STOPPED_CODE). */
const isOptOut = ({ state, source }: Stated): boolean =>
  state === "UNSUBSCRIBED" && source !== "META_ERROR_131050";

const TOLD_MORE: ReadonlySet<string> = new Set(["DELIVERED", "READ", "PLAYED", "FAILED"]);

/**
 * Messages of which statuses tell more than how far they came: the price of what arrived, that one which failed was taken,
 * and what came late and so moved nothing. What moved is known to be a campaign's or not, and is followed with it.
 */
function detailedBy(
  events: readonly RoutedEvent[],
  moved: readonly Moved[],
): { workspace_id: string; id: string }[] {
  const moves = new Map(moved.map((one) => [one.message_id, one]));
  return events.flatMap(({ workspace_id, event: { data } }) => {
    if (data.kind !== "status" || data.callback_data === null) return [];
    const id = data.callback_data.toLowerCase();
    const move = moves.get(id);
    if (move && (move.origin?.kind !== "campaign" || TOLD_MORE.has(move.status))) return [];
    const is_plain = data.status === "sent" && move?.status === "SENT";
    return is_plain ? [] : [{ workspace_id, id }];
  });
}

/** The same of messages whose status changed, by whatever told it: a webhook, Meta's answer to the request, a person. */
export async function followMoved(tx: Tx, moved: readonly Moved[]): Promise<Effects> {
  const ours = moved.filter(({ origin }) => origin?.kind === "campaign");
  if (ours.length === 0) return noEffects();
  // Meta refuses, or does not deliver, as the person has stopped marketing: the message itself found that out.
  const stopped = ours.flatMap(({ workspace_id, contact_id, message_id, at, error }): WorkspaceAct[] =>
    error?.code === STOPPED_CODE && at !== null
      ? [{ workspace_id, what: "opted_out", contact_id, at, message_id, phone_number: null }]
      : [],
  );
  const told = ours
    .filter(({ status }) => TOLD_MORE.has(status))
    .map(({ workspace_id, message_id: id }) => ({ workspace_id, id }));
  return joined([await countEach(tx, stopped), await recount(tx, ours), await writeDetails(tx, told)]);
}

type WorkspaceAct = Act & { workspace_id: string };

async function countEach(tx: Tx, acts: readonly WorkspaceAct[]): Promise<Effects> {
  const done: Effects[] = [];
  for (const workspace_id of new Set(acts.map((act) => act.workspace_id)))
    done.push(
      await countActs(
        tx,
        workspace_id,
        acts.filter((act) => act.workspace_id === workspace_id),
      ),
    );
  return joined(done);
}

import { newId, type Clock, type Logger, type StepLoop } from "../../base/base.ts";
import type { Graphs } from "../../connections/connections.ts";
import type { Database } from "../../db/db.ts";
import type { Listen } from "../../live/live.ts";
import type { Failed, Graph, OutgoingContent } from "../../meta/meta.ts";
import { WAIT_MS } from "../apply-statuses.ts";
import type { NumberKey } from "../claim/claim.ts";
import type { SendOutcome } from "../outcomes/outcomes.ts";
import type { NumberQueue } from "./number-queue.ts";

/** The files of a message as Meta names them; the media room has them. */
export interface MediaOfSends {
  /** Content with Meta's ids in place of ours; or what stands in the way, as if the message had not been sent. */
  resolve(
    send: { workspace_id: string; phone_number: string; graph: Graph; phone_number_id: string },
    content: OutgoingContent,
  ): Promise<{ outcome: "done"; value: OutgoingContent } | Failed>;
}

export interface SenderDeps {
  db: Database;
  /** That plans by index: see claim.ts. */
  own_db: Database;
  graphs: Pick<Graphs, "of">;
  log: Logger;
  clock: Clock;
  media?: MediaOfSends | null;
  /** Told of what the sender makes of messages. */
  listen?: Listen | undefined;
  /** For tests. */
  options?: { lease_ms?: number; wait_ms?: number };
}

/** A request takes 40 s at most (graph.ts: to connect, and to answer), and begins within USE_MS of its claim. */
const LEASE_MS = 60_000;

/** What one process' sender holds; all of it is lost with the process, and none of it is needed to go on. */
export interface Sender extends Omit<SenderDeps, "options" | "media"> {
  readonly media: MediaOfSends | null;
  readonly lease_ms: number;
  readonly wait_ms: number;
  /** By which numbers are leased. */
  readonly id: string;
  /** By the row of phone_numbers. */
  readonly queues: Map<string, NumberQueue>;
  readonly under_way: Set<Promise<void>>;
  /** To be written by the transaction after the one that is under way, `writing`. */
  outcomes: SendOutcome[];
  writing: Promise<void> | null;
  /** Where the next look at the numbers begins. */
  after: NumberKey | null;
  swept_ms: number;
  /** Policies of marketing are being applied to what was sent before. */
  filling: boolean;
  loop: StepLoop | null;
  stepping: Promise<number> | null;
  stopped: boolean;
}

export function createSender({ options, media = null, ...deps }: SenderDeps): Sender {
  return {
    ...deps,
    media,
    lease_ms: options?.lease_ms ?? LEASE_MS,
    wait_ms: options?.wait_ms ?? WAIT_MS,
    id: newId(),
    queues: new Map(),
    under_way: new Set(),
    outcomes: [],
    writing: null,
    after: null,
    filling: false,
    swept_ms: Number.NEGATIVE_INFINITY,
    loop: null,
    stepping: null,
    stopped: false,
  };
}

/** Messages that are claimed, or whose requests are under way. */
export const claimedBy = ({ queues }: Sender): number =>
  [...queues.values()].reduce((sum, queue) => sum + queue.active + queue.claimed.length, 0);

export const isBusy = (sender: Sender): boolean =>
  sender.under_way.size > 0 || sender.writing !== null || claimedBy(sender) > 0;

/** Work that `stop` and `drain` wait for. */
export function track({ under_way }: Sender, work: Promise<void>): void {
  const done = work.finally(() => under_way.delete(done));
  under_way.add(done);
}

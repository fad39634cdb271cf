import type { ArrivedWebhook } from "../journal/journal.ts";
import type { Complain } from "./complaints.ts";
import type { Limits } from "./intake-deps.ts";

/** A webhook that waits for its commit. */
export interface Waiting extends ArrivedWebhook {
  answer(status: 200 | 503): void;
}

export interface GroupCommit {
  /** The last commit failed, within the last `FAILING_MS`: after that the next webhook has to tell. */
  isFailing(): boolean;
  add(webhook: Waiting): void;
  /** No longer waits. Does nothing when its commit is under way. */
  remove(webhook: Waiting): void;
}

const FAILING_MS = 30_000;

/**
 * A commit costs the same for one webhook as for twenty. Under load (the last group was more than one) the next group
 * has this long from the beginning of the last, unless enough have come: at 2,000/s that is a third of the commits.
 */
const PACE_MS = 4;
const ENOUGH_ROWS = 24;

/**
 * Collects while committing: what arrives during a commit forms the next group, so groups grow with the load and
 * a webhook that comes alone does not wait. One commit at a time: a second one in flight was measured to make
 * groups smaller and nothing faster.
 */
export function createGroupCommit(deps: {
  append: (webhooks: readonly ArrivedWebhook[]) => Promise<unknown>;
  limits: Limits;
  complain: Complain;
}): GroupCommit {
  const { limits } = deps;
  const waiting = new Set<Waiting>();
  let busy = false;
  let failed_ms = Number.NEGATIVE_INFINITY;
  let last_began_ms = Number.NEGATIVE_INFINITY;
  let last_rows = 0;
  let pause: NodeJS.Timeout | undefined;

  const take = (): Waiting[] => {
    const group: Waiting[] = [];
    let group_bytes = 0;
    for (const webhook of waiting) {
      group_bytes += webhook.body.length;
      if (group.length > 0 && (group.length >= limits.group_rows || group_bytes > limits.group_bytes)) break;
      waiting.delete(webhook);
      group.push(webhook);
    }
    return group;
  };

  const commit = async (): Promise<void> => {
    const group = take();
    last_began_ms = performance.now();
    last_rows = group.length;
    let status: 200 | 503 = 200;
    if (group.length > 0) {
      try {
        await deps.append(group);
        failed_ms = Number.NEGATIVE_INFINITY;
      } catch (error) {
        // Whatever one of them may have done to the others: none is acknowledged, and Meta sends all of them again.
        status = 503;
        failed_ms = performance.now();
        deps.complain(
          error,
          `${group.length} webhooks could not be stored; Meta was told to send them again`,
        );
      }
    }
    for (const webhook of group) webhook.answer(status);
    busy = false;
    start();
  };

  const start = (): void => {
    if (busy || waiting.size === 0) return;
    const left_ms = last_rows > 1 ? last_began_ms + PACE_MS - performance.now() : 0;
    if (left_ms > 1 && waiting.size < ENOUGH_ROWS) {
      pause ??= setTimeout(() => {
        pause = undefined;
        last_rows = 0;
        start();
      }, left_ms);
      return;
    }
    clearTimeout(pause);
    pause = undefined;
    busy = true;
    // After the sockets that are readable now have been read: they belong to the same group.
    setImmediate(() => void commit());
  };

  return {
    isFailing: () => performance.now() - failed_ms < FAILING_MS,
    add(webhook) {
      waiting.add(webhook);
      start();
    },
    remove: (webhook) => void waiting.delete(webhook),
  };
}

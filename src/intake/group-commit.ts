import type { ArrivedWebhook } from "../journal/journal.ts";
import type { Complain } from "./complaints.ts";
import type { Limits } from "./intake.ts";

/** A webhook that waits for its commit. */
export interface Waiting extends ArrivedWebhook {
  answer(status: 200 | 503): void;
}

export interface GroupCommit {
  add(webhook: Waiting): void;
  /** No longer waits. Does nothing when its commit is under way. */
  remove(webhook: Waiting): void;
}

/**
 * Collects while committing: what arrives during a commit forms the next group, so groups grow with the load and
 * nobody waits for company when there is none. One commit at a time: a second one in flight was measured to make
 * groups smaller and nothing faster, and so was waiting for more.
 */
export function createGroupCommit(deps: {
  append: (webhooks: readonly ArrivedWebhook[]) => Promise<unknown>;
  limits: Limits;
  complain: Complain;
}): GroupCommit {
  const { limits } = deps;
  const waiting = new Set<Waiting>();
  let busy = false;

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
    let status: 200 | 503 = 200;
    if (group.length > 0) {
      try {
        await deps.append(group);
      } catch (error) {
        // Whatever one of them may have done to the others: none is acknowledged, and Meta sends all of them again.
        status = 503;
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
    busy = true;
    // After the sockets that are readable now have been read: they belong to the same group.
    setImmediate(() => void commit());
  };

  return {
    add(webhook) {
      waiting.add(webhook);
      start();
    },
    remove: (webhook) => void waiting.delete(webhook),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { recordOutcomes, type SendOutcome } from "../outcomes/outcomes.ts";
import { publishMoves } from "../publish-moves.ts";
import type { Sender } from "./sender-state.ts";

const RETRY_MS = 500;

/** Writes all outcomes that there are, one transaction after another: while one is under way the next ones gather. */
export function writeOutcome(sender: Sender, outcome: SendOutcome): void {
  sender.outcomes.push(outcome);
  startWriting(sender);
}

function startWriting(sender: Sender): void {
  sender.writing ??= writeAll(sender).finally(() => {
    sender.writing = null;
    // One may have come when the loop had just looked.
    if (sender.outcomes.length > 0 && !sender.stopped) startWriting(sender);
    sender.loop?.wake();
  });
}

async function writeAll(sender: Sender): Promise<void> {
  const { own_db, clock, log, wait_ms, listen } = sender;
  while (sender.outcomes.length > 0) {
    const batch = sender.outcomes;
    sender.outcomes = [];
    try {
      await own_db.transaction(async (tx) => {
        await publishMoves(tx, await recordOutcomes(tx, batch, { now_ms: clock.now(), wait_ms }), listen);
      });
    } catch (err) {
      log.error({ err }, "outcomes could not be written; trying again");
      sender.outcomes = [...batch, ...sender.outcomes];
      if (sender.stopped) return;
      await sleep(RETRY_MS);
    }
  }
}

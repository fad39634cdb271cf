import { Problem, startLoop } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { beat, readHold } from "../installation/installation.ts";
import { shared, startChore, started, stopAll, type Parts } from "./parts.ts";

/** Another process, or the command, may have confirmed; a notification is faster. */
const LOOK_MS = 2_000;
const BEAT_MS = 600_000;

/** One a process, however many of its roles send. */
const startBeat = shared((parts) => startChore(parts, BEAT_MS, () => beat(parts.db, parts.config.data_dir)));

/**
 * A role that sends: started once the installation may send. One that was restored or copied is on hold until a person
 * confirms it (decision 0024); what it would do waits in its queues.
 */
export function onceConfirmed(start: (parts: Parts) => void): (parts: Parts) => Promise<void> {
  return async (parts) => {
    const { db, listener, log } = parts;
    const go = () => {
      start(parts);
      startBeat(parts);
    };
    if ((await readHold(db)) === null) return go();
    log.warn({ roles: parts.duties }, "on hold: nothing is sent until this Wharf is confirmed");
    let confirmed = false;
    const step = async () => {
      if (confirmed || (await readHold(db)) !== null) return 0;
      confirmed = true;
      log.info({ roles: parts.duties }, "confirmed: sending");
      go();
      return 0;
    };
    const onError = (err: unknown) => log.error({ err }, "it could not be asked whether this Wharf may send");
    const loop = startLoop(step, { idle_ms: LOOK_MS, onError });
    listener.on("installation", () => loop.wake());
    started(parts, {
      async stop() {
        await loop.stop();
        // What was started while all is being stopped.
        await stopAll(parts);
      },
    });
  };
}

/** For what people have sent out at once. Throws ON_HOLD. */
export async function checkConfirmed(db: Database): Promise<void> {
  if ((await readHold(db)) !== null) throw new Problem("ON_HOLD");
}

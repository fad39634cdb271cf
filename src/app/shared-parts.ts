import { mediaDir } from "../config.ts";
import { keepsUnrouted } from "../connections/connections.ts";
import {
  createGuard,
  createRecoveries,
  fanOut,
  isReferenced,
  replay,
  type FanOut,
} from "../delivery/delivery.ts";
import { createJournal, type Journal } from "../journal/journal.ts";
import { createFileStore } from "../media/media.ts";
import { replays } from "../pipeline/pipeline.ts";
import { intakePool } from "./connections-part.ts";
import { shared, started, type Parts } from "./parts.ts";

/** With the partitions that what comes now needs. */
export const openJournal = shared(async (parts: Parts): Promise<Journal> => {
  const journal = createJournal({
    db: parts.db,
    append_db: intakePool(parts),
    clock: parts.clock,
    log: parts.log.child({ part: "journal" }),
    isReferenced: async (from_id, to_id, tx) =>
      (await isReferenced(tx, from_id, to_id)) || (await keepsUnrouted(tx, from_id, to_id)),
    retention_days: parts.config.retention_days,
  });
  await journal.ensurePartitions();
  return journal;
});

export const filesOf = shared((parts: Parts) =>
  started(
    parts,
    createFileStore({
      dir: mediaDir(parts.config),
      bucket: parts.config.media_bucket,
      log: parts.log.child({ part: "media" }),
    }),
  ),
);

/** With a dispatcher in this process, what it has room for goes straight to it: the role `delivery` sees to that. */
export const fanOutOf = shared((): { to: FanOut } => ({ to: fanOut }));

export const guardOf = shared((parts: Parts) => createGuard({ allowed: parts.config.allowed_targets }));

/** The API asks for them, the role `delivery` does them. */
export const recoveriesOf = shared((parts: Parts) =>
  createRecoveries({
    db: parts.db,
    replays,
    replay,
    clock: parts.clock,
    log: parts.log.child({ part: "recovery" }),
    retention_days: parts.config.retention_days,
  }),
);

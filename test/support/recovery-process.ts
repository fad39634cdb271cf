import { silentLog, systemClock } from "../../src/base/base.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createRecoveries, replay } from "../../src/delivery/delivery.ts";
import { replays } from "../../src/pipeline/pipeline.ts";

/** Works on the recoveries of the database that its argument names, until it is killed. */
const db = createDatabase({ url: process.argv[2]!, max: 2 });
createRecoveries({ db, replays, replay, clock: systemClock, log: silentLog, retention_days: null }).start();

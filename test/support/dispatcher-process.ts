/** A dispatcher in a process of its own, to be killed: `DISPATCHER` holds what it needs as JSON. Says so when it runs. */
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createDispatcher, createGuard } from "../../src/delivery/delivery.ts";

const { url, key } = JSON.parse(process.env["DISPATCHER"]!) as { url: string; key: string };
createDispatcher({
  db: createDatabase({ url, max: 4 }),
  own_db: createDatabase({ url, max: 3, by_index: true }),
  box: createSecretBox([Buffer.from(key, "base64")]),
  guard: createGuard({ allowed: ["127.0.0.0/8"] }),
  log: silentLog,
  clock: systemClock,
}).start();
process.stdout.write("started\n");

/**
 * An API process of its own, killed with SIGKILL when the transaction number `lives` has just been committed, before
 * anybody is told: `API` holds what it needs as JSON. Says its address when it listens.
 */
import type { AddressInfo } from "node:net";
import { createSecretBox } from "../../src/base/base.ts";
import { createDatabase, type Database } from "../../src/db/db.ts";
import { startApi } from "./api-parts.ts";

const { url, key, lives } = JSON.parse(process.env["API"]!) as { url: string; key: string; lives: number };
let committed = 0;
const real = createDatabase({ url, max: 8 });
const db: Database = {
  ...real,
  async transaction(work) {
    const done = await real.transaction(work);
    if (++committed >= lives) process.kill(process.pid, "SIGKILL");
    return done;
  },
};
const { app } = await startApi({ db, box: createSecretBox([Buffer.from(key, "base64")]) });
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}\n`);

/** A sending process of its own, to be killed: `SENDING` holds what it needs as JSON. Says so when it runs. */
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createSending } from "../../src/sending/sending.ts";

const { url, key, lease_ms } = JSON.parse(process.env["SENDING"]!) as {
  url: string;
  key: string;
  lease_ms: number;
};
const db = createDatabase({ url, max: 4 });
const own_db = createDatabase({ url, max: 2, by_index: true });
const box = createSecretBox([Buffer.from(key, "base64")]);
const connections = createConnections({ db, box, clock: systemClock });
const graphs = createGraphs({ connections, clock: systemClock });
createSending({ db, own_db, graphs, log: silentLog, clock: systemClock, options: { lease_ms } }).start();
process.stdout.write("started\n");

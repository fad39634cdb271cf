/** The engine and the sender in a process of their own, to be killed: `AUTOMATIONS` holds what they need as JSON. */
import {
  createAutomationEngine,
  createAutomationListen,
  createHappened,
} from "../../src/automations/automations.ts";
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createSending } from "../../src/sending/sending.ts";

const { url, key } = JSON.parse(process.env["AUTOMATIONS"]!) as { url: string; key: string };
const clock = systemClock;
const db = createDatabase({ url, max: 4 });
const own_db = createDatabase({ url, max: 2, by_index: true });
const box = createSecretBox([Buffer.from(key, "base64")]);
const graphs = createGraphs({ connections: createConnections({ db, box, clock }), clock });
createAutomationEngine({ db, clock, log: silentLog, happened: createHappened({ clock }) }).start();
createSending({ db, own_db, graphs, log: silentLog, clock, listen: createAutomationListen() }).start();
process.stdout.write("started\n");

/** The engine and the sender in a process of their own, to be killed: `CAMPAIGNS` holds what they need as JSON. */
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createCampaignListen, createEngine } from "../../src/campaigns/campaigns.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createSending } from "../../src/sending/sending.ts";

const { url, key } = JSON.parse(process.env["CAMPAIGNS"]!) as { url: string; key: string };
const clock = systemClock;
const db = createDatabase({ url, max: 4 });
const own_db = createDatabase({ url, max: 2, by_index: true });
const box = createSecretBox([Buffer.from(key, "base64")]);
const connections = createConnections({ db, box, clock });
const graphs = createGraphs({ connections, clock });
createEngine({ db, clock, log: silentLog }).start();
createSending({ db, own_db, graphs, log: silentLog, clock, listen: createCampaignListen({ clock }) }).start();
process.stdout.write("started\n");

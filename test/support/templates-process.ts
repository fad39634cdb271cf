/** A reader of lists in a process of its own, to be killed: `TEMPLATES` holds what it needs as JSON. Says so when it runs. */
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase } from "../../src/db/db.ts";
import { createTemplateSync } from "../../src/templates/templates.ts";

const { url, key } = JSON.parse(process.env["TEMPLATES"]!) as { url: string; key: string };
const db = createDatabase({ url, max: 4 });
const box = createSecretBox([Buffer.from(key, "base64")]);
const graphs = createGraphs({
  connections: createConnections({ db, box, clock: systemClock }),
  clock: systemClock,
});
createTemplateSync({ db, graphs, clock: systemClock, log: silentLog }).start();
process.stdout.write("started\n");

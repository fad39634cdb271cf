/**
 * A fetcher in a process of its own, to be killed, or so that its memory is its own: `FETCHER` holds what it needs as
 * JSON. To each message it takes one step and answers what was due, and by how much the most memory that it ever had rose.
 */
import { createSecretBox, silentLog, systemClock } from "../../src/base/base.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createDatabase } from "../../src/db/db.ts";
import { changesOf } from "../../src/inbox/inbox.ts";
import { createFetcher, createFileStore, type BucketSettings } from "../../src/media/media.ts";

const { url, key, dir, bucket } = JSON.parse(process.env["FETCHER"]!) as {
  url: string;
  key: string;
  dir: string;
  bucket: BucketSettings | null;
};
const db = createDatabase({ url, max: 4 });
const box = createSecretBox([Buffer.from(key, "base64")]);
const connections = createConnections({ db, box, clock: systemClock });
const fetcher = createFetcher({
  db,
  store: createFileStore({ dir, bucket }),
  graphs: createGraphs({ connections, clock: systemClock }),
  changesOf,
  clock: systemClock,
  log: silentLog,
});
const peak_bytes = () => process.resourceUsage().maxRSS * 1024;

process.on("disconnect", () => process.exit(0));
process.on("message", () => {
  const before_bytes = peak_bytes();
  void fetcher.step().then((due) => process.send!({ due, rss_growth_bytes: peak_bytes() - before_bytes }));
});
process.send!("ready");

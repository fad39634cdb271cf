/** Moves all files to the bucket in a process of its own, to be killed: `MOVE` holds what it needs as JSON. */
import { createDatabase } from "../../src/db/db.ts";
import { createFileStore, moveFiles, type BucketSettings } from "../../src/media/media.ts";

const { url, dir, bucket } = JSON.parse(process.env["MOVE"]!) as {
  url: string;
  dir: string;
  bucket: BucketSettings;
};
const db = createDatabase({ url, max: 4 });
const store = createFileStore({ dir, bucket });
const { signal } = new AbortController();
await moveFiles({ db, store, dir, signal, onProgress: () => {} });
await store.stop();
await db.stop();

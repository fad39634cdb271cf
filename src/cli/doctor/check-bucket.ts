import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { newId } from "../../base/base.ts";
import type { Config } from "../../config.ts";
import { sql, type Database } from "../../db/db.ts";
import { createFileStore, StoreError, type BucketSettings } from "../../media/media.ts";
import type { Finding } from "../finding.ts";

const subject = "files";
const PROBE = Buffer.from("Wharf was here");

/** Where files go: a bucket is tried out with a small object. */
export async function checkFiles({ media_bucket, roles }: Config): Promise<Finding[]> {
  if (media_bucket) return checkBucket(media_bucket);
  return roles.includes("api") === roles.includes("sending")
    ? []
    : [
        {
          state: "note",
          subject,
          text: "the roles api and sending run on different machines: they need the same WHARF_DATA_DIR/media, or a bucket (WHARF_MEDIA_BUCKET)",
        },
      ];
}

async function checkBucket(settings: BucketSettings): Promise<Finding[]> {
  const { bucket, endpoint, region } = settings;
  const where = `the bucket ${bucket} at ${endpoint ?? `Amazon S3 in ${region}`}`;
  const dir = await mkdtemp(join(tmpdir(), "wharf-doctor-"));
  const store = createFileStore({ dir, bucket: settings });
  const findings: Finding[] = [];
  try {
    const draft = await store.receive(Readable.from([PROBE]), PROBE.length);
    const probe = { ...(await draft.keep(`doctor/${newId()}`)), size_bytes: PROBE.length };
    const unread = await faultOf(async () => {
      const body = await store.open(probe, { start: 6, end: 8 });
      if ((await buffer(body)).toString() !== "was") throw new Error("other bytes came back");
    });
    findings.push(
      unread
        ? problem(`what is stored in ${where} can't be read by a range: ${unread.advice}`)
        : { state: "ok", subject, text: `${where} takes them, and gives them out by ranges` },
    );
    const unknown = await faultOf(() => store.open({ ...probe, storage_key: `doctor/${newId()}` }));
    if (!unread && unknown?.fault === "no_permission")
      findings.push({
        state: "note",
        subject,
        text: `without the permission s3:ListBucket for ${bucket} a file that is gone can't be told from one that may not be read`,
      });
    const left = await faultOf(() => store.remove(probe));
    if (left)
      findings.push({
        state: "note",
        subject,
        text: `${probe.storage_key} stays in the bucket: ${left.advice} It is needed for \`wharf media move --to folder\`, and to remove an upload that was undone.`,
      });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    findings.push(problem(`nothing can be stored in ${where}: ${error.advice}`));
  } finally {
    await store.stop();
    await rm(dir, { recursive: true, force: true });
  }
  if (endpoint?.startsWith("http:") && !/^http:\/\/(?:localhost|127\.|\[::1\])/.test(endpoint))
    findings.push({
      state: "note",
      subject,
      text: `they go to ${endpoint} unencrypted; use https:// unless the network is yours alone`,
    });
  return findings;
}

/** Whether rows name a place that is not configured, or that others can't reach. `db` may be of an older schema. */
export async function checkPlaces(db: Database, { media_bucket }: Config): Promise<Finding[]> {
  const known = await db.first(sql`
    select from information_schema.columns
    where table_schema = 'public' and table_name = 'media' and column_name = 'stored_in'`);
  if (!known) return [];
  const [counts] = await db.rows<{ folder: number; bucket: number }>(sql`
    select count(*) filter (where stored_in = 'folder') as folder, count(*) filter (where stored_in = 'bucket') as bucket
    from media where state = 'stored'`);
  const { folder, bucket } = counts!;
  if (media_bucket === null)
    return bucket === 0
      ? []
      : [
          problem(
            `${bucket} of them in a bucket, so they can't be served: set WHARF_MEDIA_BUCKET and what belongs to it.`,
          ),
        ];
  return folder === 0
    ? []
    : [
        {
          state: "note",
          subject,
          text: `${folder} of them still in the data directory, and served from there; \`wharf media move\` carries them over`,
        },
      ];
}

const problem = (text: string): Finding => ({ state: "problem", subject, text });

async function faultOf(work: () => Promise<unknown>): Promise<Pick<StoreError, "fault" | "advice"> | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof StoreError ? error : { fault: "other", advice: `${(error as Error).message}.` };
  }
}

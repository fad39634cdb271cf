import type { Graphs } from "../connections/connections.ts";
import type { Failed, Graph } from "../meta/meta.ts";
import { readSha256 } from "./enqueue-downloads.ts";
import type { DueFile, Outcome } from "./fetch-claims.ts";
import { StoreError, TooLongError } from "./store-error.ts";
import { keyOf, type Draft, type FileStore } from "./store.ts";

/** What files are fetched with; `stopping` ends what is under way. */
export interface FetchDeps {
  store: FileStore;
  graphs: Pick<Graphs, "of">;
  stopping: AbortSignal;
}

/** Meta lets people send files of up to 100 MB; some room for what it counts otherwise. */
const LIMIT_BYTES = 110 * 1024 * 1024;
/** Bytes that are not what Meta announced come of a bad transfer; when they do so often, Meta's word is wrong. */
const WRONG_BYTES_ATTEMPTS = 5;

export async function fetchFile(deps: FetchDeps, file: DueFile): Promise<Outcome> {
  const graph = file.connection_id === null ? null : await deps.graphs.of(file.connection_id);
  if (!graph) return again("Wharf has no access token for this number's connection; set META_ACCESS_TOKEN.");
  // A link that ended meanwhile is replaced at once.
  for (const _ of ["a link", "a new link"]) {
    const found = await graph.findMedia(file.ref);
    if (found.outcome !== "done") return again(reasonOf(found));
    const { url, size_bytes, mime_type, sha256 } = found.value;
    if (size_bytes !== null && size_bytes > LIMIT_BYTES) return never(tooLarge(size_bytes));
    const opened = await graph.downloadMedia(url);
    if (opened.outcome === "done")
      return take(deps, file, opened.value.body, {
        size_bytes,
        mime_type: mime_type ?? opened.value.mime_type,
        sha256: readSha256(sha256) ?? file.meta_sha256,
      });
    if (opened.outcome !== "refused" || opened.error.http_status !== 404) return again(reasonOf(opened));
  }
  return again("Meta's link to the file had ended before it could be used.");
}

async function take(
  { store, stopping }: FetchDeps,
  file: DueFile,
  body: Body,
  announced: { size_bytes: number | null; mime_type: string | null; sha256: string | null },
): Promise<Outcome> {
  const cut = () => body.destroy(new Error("Wharf is stopping."));
  stopping.addEventListener("abort", cut);
  if (stopping.aborted) cut();
  let draft: Draft;
  try {
    draft = await store.receive(body, LIMIT_BYTES);
  } catch (error) {
    return error instanceof TooLongError ? never(tooLarge(null)) : again(whyNotReceived(error));
  } finally {
    stopping.removeEventListener("abort", cut);
  }
  const { size_bytes, sha256 } = draft;
  const whole = announced.size_bytes === null || announced.size_bytes === size_bytes;
  const right = announced.sha256 === null ? whole : announced.sha256 === sha256;
  if (!right) {
    await draft.discard();
    const error = "What came is not what Meta announced: its SHA-256 or its size is another.";
    return file.attempts < WRONG_BYTES_ATTEMPTS ? again(error) : never(error);
  }
  try {
    const kept = await draft.keep(keyOf(file), stopping);
    return { state: "stored", kept, size_bytes, sha256, mime_type: announced.mime_type };
  } catch (error) {
    await draft.discard();
    if (stopping.aborted || error instanceof StoreError) return again(whyNotReceived(error));
    throw error;
  }
}

type Body = Extract<Awaited<ReturnType<Graph["downloadMedia"]>>, { outcome: "done" }>["value"]["body"];

const again = (error: string): Outcome => ({ state: "missed", error, final: false });
const never = (error: string): Outcome => ({ state: "missed", error, final: true });

const tooLarge = (size_bytes: number | null) =>
  `The file is larger than ${LIMIT_BYTES / 1024 / 1024} MB${size_bytes === null ? "" : ` (${Math.round(size_bytes / 1024 / 1024)} MB)`}, and WhatsApp lets people send 100 MB at most.`;

function reasonOf(failed: Failed): string {
  return failed.outcome === "refused"
    ? `${failed.error.says} ${failed.error.details ?? failed.error.message ?? ""}`.trim()
    : failed.reason;
}

function whyNotReceived(error: unknown): string {
  const { message } = error as Error;
  return error instanceof StoreError ? message : `The transfer broke off: ${message}`;
}

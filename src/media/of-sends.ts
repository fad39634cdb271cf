import type { Clock } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import type { Failed, Graph, GraphError, OutgoingContent } from "../meta/meta.ts";
import type { FileStore } from "./store.ts";
import { metaMediaId } from "./uploads.ts";

/** A message that is about to be sent: its files are uploaded to Meta where they have to be. */
export function createFilesOfSends(deps: { db: Database; store: FileStore; clock: Clock }) {
  return {
    /** The content with Meta's ids in place of ours; or what stands in the way. Nothing of the message has left yet. */
    async resolve(
      send: { workspace_id: string; phone_number: string; graph: Graph; phone_number_id: string },
      content: OutgoingContent,
    ): Promise<{ outcome: "done"; value: OutgoingContent } | Failed> {
      const { workspace_id, phone_number: id, phone_number_id, graph } = send;
      const value = structuredClone(content);
      for (const media of refsOf(value)) {
        const found = await metaMediaId({ ...deps, graph }, workspace_id, { id, phone_number_id }, media.id);
        if (found.outcome === "missing") return { outcome: "refused", error: missing(found.reason) };
        if (found.outcome !== "done") return found;
        media.id = found.id;
      }
      return { outcome: "done", value };
    },
  };
}

/** Every file that is named by an id: the content's own, that of a header, those of a template's parameters. */
function refsOf(content: OutgoingContent): { id: string }[] {
  const header = "header" in content ? [content.header].flat() : [];
  const body: unknown[] = "body" in content && Array.isArray(content.body) ? content.body : [];
  const parts: unknown[] = [content, ...header, ...body];
  return parts.flatMap((part) => {
    const media = (part as { media?: { id?: string } } | undefined)?.media;
    return media?.id === undefined ? [] : [media as { id: string }];
  });
}

/** Wharf's own word, so it has no code of Meta's. */
const missing = (says: string): GraphError => ({
  symbol: "FILE_MISSING",
  behaviour: "give_up",
  wait: null,
  says,
  advice: "Upload the file (again) and send it anew.",
  code: null,
  subcode: null,
  title: null,
  message: null,
  details: null,
  http_status: 0,
  type: null,
  fbtrace_id: null,
  retry_after_ms: null,
});

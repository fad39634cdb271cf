import { createHash } from "node:crypto";
import type { Clock } from "../base/base.ts";
import { GraphFault } from "./graph-faults.ts";

const MB = 1024 * 1024;
/** By the first half of the type, and for documents by default. */
const LIMITS: readonly [pattern: RegExp, limit_bytes: number][] = [
  [/^audio\/(?:aac|amr|mpeg|mp4|ogg)/, 16 * MB],
  [/^image\/(?:jpeg|png)$/, 5 * MB],
  [/^image\/webp$/, 500 * 1024],
  [/^video\/(?:mp4|3gpp?)$/, 16 * MB],
  [/^(?:text\/plain|application\/(?:pdf|msword|vnd\.))/, 100 * MB],
];
const URL_LIFE_MS = 5 * 60_000;
const UPLOAD_LIFE_MS = 30 * 86_400_000;

export interface Medium {
  bytes: Buffer;
  mime_type: string;
}

/** The files that were uploaded, or that a person of the simulator sent. */
export interface MediaShelf {
  /** Throws the fault of a type or size that Meta doesn't take. */
  put(medium: Medium): string;
  has(id: string): boolean;
  /** What `GET /{media_id}` answers; the URL is below `base_url`. */
  describe(id: string, base_url: string): Record<string, unknown>;
  /** The bytes behind such a URL; null when it is too old, or none of ours. */
  fetch(query: URLSearchParams): Medium | null;
  delete(id: string): void;
}

export function createMediaShelf(clock: Clock, newNumber: () => string): MediaShelf {
  const kept = new Map<string, Medium & { until_ms: number }>();
  const hex = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const alive = (id: string) => {
    const medium = kept.get(id);
    return medium && medium.until_ms > clock.now() ? medium : undefined;
  };
  return {
    put({ bytes, mime_type }) {
      const limit = LIMITS.find(([pattern]) => pattern.test(mime_type));
      if (!limit)
        throw new GraphFault(
          100,
          `Param file must be a file with one of the supported types. Received file of type '${mime_type}'.`,
        );
      if (bytes.length === 0 || bytes.length > limit[1])
        throw new GraphFault(100, `The size of the file must be between 1 and ${limit[1]} bytes.`);
      const id = newNumber();
      kept.set(id, { bytes, mime_type, until_ms: clock.now() + UPLOAD_LIFE_MS });
      return id;
    },
    has: (id) => alive(id) !== undefined,
    describe(id, base_url) {
      const { bytes, mime_type } = alive(id)!;
      const query = new URLSearchParams({
        mid: id,
        ext: String(Math.floor((clock.now() + URL_LIFE_MS) / 1_000)),
        hash: hex(bytes).slice(0, 20),
      });
      return {
        messaging_product: "whatsapp",
        url: `${base_url}/whatsapp_business/attachments/?${query.toString()}`,
        mime_type,
        sha256: hex(bytes),
        file_size: String(bytes.length),
        id,
      };
    },
    fetch(query) {
      const medium = alive(query.get("mid") ?? "");
      const isOld = Number(query.get("ext")) * 1_000 < clock.now();
      return medium && !isOld && query.get("hash") === hex(medium.bytes).slice(0, 20) ? medium : null;
    },
    delete: (id) => void kept.delete(id),
  };
}

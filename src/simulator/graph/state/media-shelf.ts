import { createHash } from "node:crypto";
import type { Clock } from "../../../base/base.ts";
import { graphFault } from "../protocol/protocol.ts";

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
/** Meta promises 7 days for what people send and 30 for what businesses do; it is not known to be punctual. */
const LIFE_MS = 30 * 86_400_000;
/** What people send lies in memory: when it is more than this, the oldest of it is forgotten early. */
const RECEIVED_BYTES = 384 * MB;

export interface Medium {
  bytes: Buffer;
  mime_type: string;
}

/** What a webhook tells of a file. */
export interface KnownMedium {
  id: string;
  mime_type: string;
  size_bytes: number;
  /** Hex. */
  sha256: string;
  /** Where it can be fetched, for some minutes; not known where the stand-in has no address of its own. */
  url?: string;
}

/** The files that were uploaded, or that a person of the simulator sent. */
export interface MediaShelf {
  /** What a business uploads. Throws the fault of a type or size that Meta doesn't take. */
  put(medium: Medium, phone_number_id: string): string;
  /** What a person sends, whatever it is. */
  receive(medium: Medium): KnownMedium;
  /** The number that it was uploaded by; null for what a person sent. */
  ownerOf(id: string): string | null;
  /** Null for what is not there, or no longer. */
  find(id: string): KnownMedium | null;
  /** What `GET /{media_id}` answers; the URL is below `base_url`. */
  describe(id: string, base_url: string): Record<string, unknown>;
  /** That URL. Null for what is not there. */
  urlOf(id: string, base_url: string): string | null;
  /** The bytes behind such a URL; null when it is too old, or none of ours. */
  fetch(query: URLSearchParams): Medium | null;
  delete(id: string): void;
}

export function createMediaShelf(clock: Clock, newNumber: () => string): MediaShelf {
  const kept = new Map<string, Medium & { sha256: string; until_ms: number; owner: string | null }>();
  const alive = (id: string) => {
    const medium = kept.get(id);
    return medium && medium.until_ms > clock.now() ? medium : undefined;
  };
  const keep = (medium: Medium, owner: string | null): KnownMedium => {
    const id = newNumber();
    const { bytes, mime_type } = medium;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    kept.set(id, { bytes, mime_type, sha256, until_ms: clock.now() + LIFE_MS, owner });
    return { id, mime_type, size_bytes: bytes.length, sha256 };
  };
  function urlOf(id: string, base_url: string): string | null {
    const medium = alive(id);
    if (!medium) return null;
    const query = new URLSearchParams({
      mid: id,
      ext: String(Math.floor((clock.now() + URL_LIFE_MS) / 1_000)),
      hash: medium.sha256.slice(0, 20),
    });
    return `${base_url}/whatsapp_business/attachments/?${query.toString()}`;
  }
  function forgetOld(): void {
    const received = [...kept].filter(([, { owner }]) => owner === null);
    let held_bytes = received.reduce((sum, [, { bytes }]) => sum + bytes.length, 0);
    for (const [id, { bytes, until_ms }] of received) {
      if (held_bytes <= RECEIVED_BYTES && until_ms > clock.now()) continue;
      kept.delete(id);
      held_bytes -= bytes.length;
    }
  }
  return {
    put(medium, phone_number_id) {
      const { bytes, mime_type } = medium;
      const limit = LIMITS.find(([pattern]) => pattern.test(mime_type));
      if (!limit)
        throw graphFault(
          `(#100) Param file must be a file with one of the following types: audio/aac, audio/mp4, audio/mpeg, audio/amr, audio/ogg, audio/opus, application/vnd.ms-powerpoint, application/msword, application/vnd.openxmlformats-officedocument.wordprocessingml.document, application/vnd.openxmlformats-officedocument.presentationml.presentation, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/pdf, text/plain, application/vnd.ms-excel, image/jpeg, image/png, image/webp, video/mp4, video/3gpp. Received file of type '${mime_type}'.`,
        );
      if (bytes.length === 0 || bytes.length > limit[1])
        throw graphFault(`(#100) The size of the file must be between 1 and ${limit[1]} bytes.`);
      return keep(medium, phone_number_id).id;
    },
    receive(medium) {
      const known = keep(medium, null);
      forgetOld();
      return known;
    },
    ownerOf: (id) => kept.get(id)?.owner ?? null,
    find(id) {
      const medium = alive(id);
      if (!medium) return null;
      const { bytes, mime_type, sha256 } = medium;
      return { id, mime_type, size_bytes: bytes.length, sha256 };
    },
    urlOf,
    describe(id, base_url) {
      const { bytes, mime_type, sha256 } = alive(id)!;
      return {
        messaging_product: "whatsapp",
        url: urlOf(id, base_url),
        mime_type,
        sha256,
        file_size: String(bytes.length),
        id,
      };
    },
    fetch(query) {
      const medium = alive(query.get("mid") ?? "");
      const isOld = Number(query.get("ext")) * 1_000 < clock.now();
      return medium && !isOld && query.get("hash") === medium.sha256.slice(0, 20) ? medium : null;
    },
    delete: (id) => void kept.delete(id),
  };
}

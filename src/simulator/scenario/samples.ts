import { readFile } from "node:fs/promises";
import type { GraphStandIn, KnownMedium } from "../graph/graph.ts";
import type { PlayedMedium } from "../webhooks/webhooks.ts";
import { type MediaType, withoutUndefined } from "../world/world.ts";

/** What is said of a file beside its bytes. */
export type SaidOfFile = Partial<Omit<PlayedMedium, "id" | "sha256" | "url">>;

interface Sample {
  file: string;
  mime_type: string;
  /** A document has a name. */
  named?: true;
}

/** Files that can be seen or heard, for those who send none of their own. scripts/samples.ts makes them. */
const SAMPLES: Readonly<Record<MediaType | "animated" | "plain", Sample>> = {
  image: { file: "photo.jpg", mime_type: "image/jpeg" },
  video: { file: "video.mp4", mime_type: "video/mp4" },
  audio: { file: "voice-note.ogg", mime_type: "audio/ogg; codecs=opus" },
  document: { file: "order-4821.pdf", mime_type: "application/pdf", named: true },
  sticker: { file: "sticker.webp", mime_type: "image/webp" },
  animated: { file: "sticker-animated.webp", mime_type: "image/webp" },
  plain: { file: "packing-list.txt", mime_type: "text/plain", named: true },
};

/** What is said of it chooses the sticker that moves, or the document of plain text. */
function sampleFor(type: MediaType, { animated, mime_type }: SaidOfFile): Sample {
  if (type === "sticker" && animated === true) return SAMPLES.animated;
  if (type === "document" && mime_type?.startsWith("text/plain") === true) return SAMPLES.plain;
  return SAMPLES[type];
}

/** Puts a person's file on the shelf: these bytes, or the sample of its type. */
export async function takeMedium(
  graph: Pick<GraphStandIn, "putMedia">,
  type: MediaType,
  said: SaidOfFile,
  bytes?: Buffer,
): Promise<PlayedMedium> {
  const sample = sampleFor(type, said);
  const mime_type = said.mime_type ?? sample.mime_type;
  const name = bytes === undefined && sample.named ? { filename: sample.file } : {};
  const medium = bytes ?? (await readFile(new URL(`samples/${sample.file}`, import.meta.url)));
  return playedOf({ ...name, ...withoutUndefined(said) }, graph.putMedia({ bytes: medium, mime_type }));
}

/** As a webhook tells of it: with the hash in base64. */
export function playedOf(said: SaidOfFile, { id, mime_type, sha256, url }: KnownMedium): PlayedMedium {
  return {
    ...said,
    id,
    mime_type,
    sha256: Buffer.from(sha256, "hex").toString("base64"),
    ...(url === undefined ? {} : { url }),
  };
}

const MB = 1024 * 1024;

/** What Meta takes, by the type of the message. Source: Meta's page of media. */
const MEDIA: Record<MediaType, { limit_bytes: number; types: readonly string[] }> = {
  audio: {
    limit_bytes: 16 * MB,
    types: ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
  },
  image: { limit_bytes: 5 * MB, types: ["image/jpeg", "image/png"] },
  video: { limit_bytes: 16 * MB, types: ["video/mp4", "video/3gpp"] },
  sticker: { limit_bytes: 500 * 1024, types: ["image/webp"] },
  document: {
    limit_bytes: 100 * MB,
    types: [
      "text/plain",
      "application/pdf",
      "application/vnd.ms-excel",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/msword",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/vnd.ms-powerpoint",
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
  },
};

export type MediaType = "audio" | "image" | "video" | "sticker" | "document";

/** The type of message that takes such a file; null: none does. */
export function mediaTypeOf(mime_type: string): MediaType | null {
  const plain = plainType(mime_type);
  const types = Object.keys(MEDIA) as MediaType[];
  return types.find((type) => MEDIA[type].types.includes(plain)) ?? null;
}

export const mediaLimit_bytes = (type: MediaType): number => MEDIA[type].limit_bytes;

/** Without its parameters. */
const plainType = (mime_type: string): string => mime_type.split(";")[0]!.trim().toLowerCase();

/** A file before its upload, for the type of message that it is to be in. */
export function checkMedium(file: { type: MediaType; mime_type: string; size_bytes: number }): string[] {
  const { types } = MEDIA[file.type];
  const mime_type = plainType(file.mime_type);
  const problems = checkSize(file);
  return types.includes(mime_type)
    ? problems
    : [`Meta takes no ${mime_type} as ${file.type}; it takes ${types.join(", ")}.`, ...problems];
}

/** Its size alone: people send each other any file as a document. */
export function checkSize({ type, size_bytes }: { type: MediaType; size_bytes: number }): string[] {
  const { limit_bytes } = MEDIA[type];
  if (size_bytes <= 0) return ["The file is empty."];
  if (size_bytes <= limit_bytes) return [];
  const [has, takes] = [(size_bytes / MB).toFixed(1), (limit_bytes / MB).toFixed(1)];
  const exact = has === takes ? ` (${size_bytes} bytes, ${size_bytes - limit_bytes} too many)` : "";
  return [`The file has ${has} MB${exact}; Meta takes ${takes} MB as ${type}.`];
}

import { randomBytes } from "node:crypto";

export interface UploadedFile {
  bytes: Buffer;
  mime_type: string;
}

/** Files that were uploaded in parts: what templates and profile pictures name by their handles. */
export interface UploadShelf {
  open(file: { mime_type: string; size_bytes: number }): Upload;
  find(id: string): Upload | undefined;
  /** A file that is whole. */
  byHandle(handle: string): UploadedFile | undefined;
}

export interface Upload {
  /** `upload:…`, without its signature. */
  id: string;
  signature: string;
  mime_type: string;
  size_bytes: number;
  received: Buffer;
  handle: string | null;
}

export function createUploadShelf(): UploadShelf {
  const kept = new Map<string, Upload>();
  return {
    open({ mime_type, size_bytes }) {
      const id = `upload:${randomBytes(24).toString("base64url")}`;
      const signature = randomBytes(16).toString("base64url");
      const upload = { id, signature, mime_type, size_bytes, received: Buffer.alloc(0), handle: null };
      kept.set(id, upload);
      return upload;
    },
    find: (id) => kept.get(idOf(id)),
    byHandle(handle) {
      const found = [...kept.values()].find((upload) => upload.handle === handle);
      return found && { bytes: found.received, mime_type: found.mime_type };
    },
  };
}

/** Sessions are addressed with their signature, and some clients escape its question mark. */
const idOf = (said: string) => said.split("?")[0]!;

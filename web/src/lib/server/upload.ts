import { ApiProblem, problemOf, randomKey, userHeader } from "./api.ts";
import type { Reply } from "../../../../src/contract/contract.ts";
import type { Media, Outgoing, SandboxMedium } from "../types.ts";

/** Where files go: to be sent to customers, to be used in templates, to be imported, or to be sent by the sandbox's. */
export interface Uploads {
  "/api/v1/template_media": Reply<"GET /api/v1/template_media">["data"][number];
  "/api/v1/imports": Reply<"GET /api/v1/imports/:id">;
  "/api/v1/media": Media;
  "/api/v1/sandbox/media": SandboxMedium;
}

/** Sends a file's bytes; `fetch` can't tell how far an upload is. */
export function upload<Place extends keyof Uploads>(
  place: Place,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<Uploads[Place]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", place);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-filename", encodeURIComponent(file.name));
    request.setRequestHeader("idempotency-key", randomKey());
    for (const [name, value] of Object.entries(userHeader())) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response as Uploads[Place]);
      else problemOf(request.status, request.response).then(reject, reject);
    });
    request.addEventListener("error", () => reject(new ApiProblem({ status: 0, code: "UNREACHABLE" })));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

export type FileKind = "image" | "video" | "audio" | "sticker" | "document";

/** WhatsApp shows these types by themselves, and the rest as documents. */
export function kindOfFile(mime_type: string | null): FileKind {
  const type = mime_type?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "image/jpeg" || type === "image/png") return "image";
  if (type === "video/mp4" || type === "video/3gpp") return "video";
  if (type.startsWith("audio/")) return "audio";
  return type === "image/webp" ? "sticker" : "document";
}

/** The message that a file becomes. */
export function contentOfFile({ id, mime_type, filename }: Media, caption: string): Outgoing {
  const media = { id };
  const said = caption === "" ? {} : { caption };
  const type = kindOfFile(mime_type);
  if (type === "audio" || type === "sticker") return { type, media };
  if (type === "document") return { type, media, ...said, ...(filename === null ? {} : { filename }) };
  return { type, media, ...said };
}

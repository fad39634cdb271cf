import { ApiProblem, problemOf, randomKey } from "./api.ts";
import type { Media, Outgoing } from "./types.ts";

/** Sends a file's bytes; `fetch` can't tell how far an upload is. */
export function upload(file: File, onProgress: (part: number) => void, signal: AbortSignal): Promise<Media> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/media");
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-filename", encodeURIComponent(file.name));
    request.setRequestHeader("idempotency-key", randomKey());
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response as Media);
      else reject(problemOf(request.status, request.response));
    });
    request.addEventListener("error", () =>
      reject(new ApiProblem({ status: 0, code: "UNREACHABLE", title: "The file did not get through" })),
    );
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** The message that a file becomes: WhatsApp shows these types by themselves, and the rest as documents. */
export function contentOfFile({ id, mime_type, filename }: Media, caption: string): Outgoing {
  const type = mime_type?.split(";")[0] ?? "";
  const media = { id };
  const said = caption === "" ? {} : { caption };
  if (type === "image/jpeg" || type === "image/png") return { type: "image", media, ...said };
  if (type === "video/mp4" || type === "video/3gpp") return { type: "video", media, ...said };
  if (type.startsWith("audio/")) return { type: "audio", media };
  if (type === "image/webp") return { type: "sticker", media };
  return { type: "document", media, ...said, ...(filename === null ? {} : { filename }) };
}

import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { ANSWER_LIMIT_BYTES, call, carryOut, failed, type GraphClient } from "./graph-calls.ts";
import { idShape, mediaShape, successShape } from "./graph-shapes.ts";
import type { Graph, UploadedFile } from "./graph-types.ts";

/** Meta's hosts of files; a file's URL comes out of an answer, and the token must go nowhere else. */
const MEDIA_HOSTS = new Set(["lookaside.fbsbx.com", "lookaside.facebook.com", "graph.facebook.com"]);

type MediaCalls = Pick<Graph, "uploadMedia" | "findMedia" | "downloadMedia" | "deleteMedia">;

export const mediaCalls = (client: GraphClient): MediaCalls => ({
  uploadMedia: (phone_number_id, file) =>
    call(client, {
      method: "POST",
      path: `${phone_number_id}/media`,
      file: multipart(file),
      shape: idShape,
    }),

  findMedia: (media_id) => call(client, { method: "GET", path: media_id, shape: mediaShape }),

  async downloadMedia(address) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null || !mayHaveToken(url, client.origin))
      return { outcome: "not_sent", reason: "The file's URL is none of Meta's." };
    const opened = await client.http.open({
      method: "GET",
      url,
      headers: { authorization: `Bearer ${await client.token()}`, "user-agent": "wharf" },
      timeout_ms: client.media_timeout_ms,
      limit_bytes: ANSWER_LIMIT_BYTES,
    });
    if (opened.reached !== "open") return failed(opened);
    const mime_type = opened.headers["content-type"]?.toString() ?? null;
    return { outcome: "done", value: { body: opened.body, mime_type } };
  },

  deleteMedia: (media_id) => carryOut(client, { method: "DELETE", path: media_id, shape: successShape }),
});

function mayHaveToken(url: URL, base_origin: string): boolean {
  if (url.username !== "" || url.password !== "") return false;
  return (
    url.origin === base_origin ||
    (url.protocol === "https:" && url.port === "" && MEDIA_HOSTS.has(url.hostname))
  );
}

/** One part after another, so that a file is never in memory as a whole. */
function multipart(file: UploadedFile): { body: Readable; headers: Record<string, string> } {
  const boundary = `wharf-${randomBytes(16).toString("hex")}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const filename = file.filename.replaceAll(/["\r\n]/g, (char) => encodeURIComponent(char));
  const mime_type = file.mime_type.replaceAll(/[\r\n]/g, " ");
  const head = Buffer.from(
    field("messaging_product", "whatsapp") +
      field("type", mime_type) +
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\n` +
      `content-type: ${mime_type}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* parts() {
    yield head;
    if (Buffer.isBuffer(file.body)) yield file.body;
    else yield* file.body as AsyncIterable<Buffer>;
    yield tail;
  }
  return {
    body: Readable.from(parts()),
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.length + file.size_bytes + tail.length),
    },
  };
}

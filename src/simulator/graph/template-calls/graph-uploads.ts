import { randomBytes } from "node:crypto";
import { z } from "zod";
import {
  CutShortError,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  invalidParameter,
  readParameters,
} from "../calls/calls.ts";
import { graphFault, whole } from "../protocol/protocol.ts";
import type { Upload } from "../state/state.ts";

const MB = 1024 * 1024;
/** Source: Meta's page of the Resumable Upload API, and the limits of media in WhatsApp. */
const MOST_BYTES = 100 * MB;
const announced = z.object({
  file_length: whole(1, MOST_BYTES),
  file_type: z.enum(["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"]),
  file_name: z.string().optional(),
});

/** The Resumable Upload API: a session, its bytes from an offset on, and the handle of what is whole. */
export function uploadPart({ app, uploads }: GraphWorld): GraphPart {
  return {
    kindOf: (id) => (id === app.id ? "application" : uploads.find(id) ? "upload" : undefined),
    rows: {
      "GET application": () => ({ id: app.id, name: app.name, link: "https://example.org/" }),
      async "POST application uploads"(request) {
        const { file_length, file_type } = await readParameters(request, announced);
        const { id, signature } = uploads.open({ mime_type: file_type, size_bytes: file_length });
        return { id: `${id}?sig=${signature}` };
      },
      "GET upload"(request) {
        const upload = signed(request);
        return { id: upload.id, file_offset: upload.received.length };
      },
      "POST upload": receive,
    },
  };

  /** A session is addressed with its signature; some clients escape the question mark before it. */
  function signed({ id, query }: GraphRequest): Upload {
    const upload = uploads.find(id)!;
    const said = query.get("sig") ?? new URLSearchParams(id.slice(upload.id.length + 1)).get("sig");
    if (said !== upload.signature) throw graphFault("(#100) Invalid upload session signature");
    return upload;
  }

  async function receive(request: GraphRequest) {
    const upload = signed(request);
    const offset = Number(request.headers["file_offset"] ?? 0);
    const check = () => {
      if (upload.handle !== null) throw graphFault("(#100) The upload session is already complete");
      if (!Number.isInteger(offset) || offset < 0 || offset > upload.received.length)
        throw invalidParameter("file_offset", `must be ${upload.received.length}, where the upload stopped`);
    };
    check();
    let cut: CutShortError | null = null;
    const bytes = await request.read().catch((error: unknown) => {
      if (!(error instanceof CutShortError)) throw error;
      // What came before counts: the upload goes on behind it.
      cut = error;
      return error.received;
    });
    // Another call may have brought bytes meanwhile.
    check();
    const received = Buffer.concat([upload.received.subarray(0, offset), bytes]);
    if (received.length > upload.size_bytes)
      throw graphFault("(#100) The file is longer than its session was told");
    upload.received = received;
    if (cut !== null) throw graphFault("(#100) The upload was cut");
    if (received.length < upload.size_bytes) return { id: upload.id, file_offset: received.length };
    upload.handle = handleOf(upload);
    return { h: upload.handle };
  }
}

const handleOf = ({ mime_type }: Upload): string =>
  ["4", Buffer.from(mime_type).toString("base64"), `ARZ${randomBytes(60).toString("base64url")}`, "e"].join(
    ":",
  );

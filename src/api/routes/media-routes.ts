import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem, type Clock } from "../../base/base.ts";
import { read, work } from "../../contract/contract.ts";
import type { Database } from "../../db/db.ts";
import {
  addToLibrary,
  addUpload,
  getFile,
  kindOfBytes,
  openFile,
  storedFile,
  StoreError,
  TooLongError,
  type Draft,
  type FileStore,
  type StoredFile,
} from "../../media/media.ts";
import { checkMedium, mediaLimit_bytes, mediaTypeOf } from "../../meta/meta.ts";
import { callerOf } from "../http/http.ts";
import type { Keys } from "../http/http.ts";
import { readRange } from "../http/http.ts";
import { disposition, mountUpload } from "../http/http.ts";

/** Files of messages, and those of templates. */
const MEDIA_NEEDS = read("inbox", "templates", "campaigns", "automations");

/**
 * The bytes of files, in and out. What people send is never trusted: a browser is told a type only if it is one that
 * can't hold a program, shows in place only what it plays or draws itself, and runs nothing of it.
 */
export function mountMedia(
  app: FastifyInstance,
  deps: { db: Database; files: FileStore; clock: Clock },
  keys: Keys,
): void {
  const { db, files } = deps;
  /** What the store says no to is a problem for the caller, and advice in the log. */
  const inStore = async <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const { kind, fault, advice, message } = error;
      request.log.warn({ fault }, `the store of the files says no: ${advice}`);
      throw new Problem(kind === "missing" ? "MEDIA_MISSING" : "MEDIA_UNAVAILABLE", message);
    }
  };

  const schema = {
    operationId: "getMediaByIdContent",
    tags: ["media"],
    summary: "The bytes of a file, by its id or by Meta's; ranges and `If-None-Match` are honoured",
    produces: ["application/octet-stream"],
  };
  const content = async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
    const { workspace_id } = callerOf(request);
    const file = await storedFile(db, workspace_id, request.params.id);
    return serve(request, reply, file, (range) =>
      inStore(request, () => openFile({ db, store: files }, workspace_id, file, range)),
    );
  };
  const path = "/api/v1/media/:id/content";
  const config = { needs: MEDIA_NEEDS, sees: "file" } as const;
  app.get(path, { schema, config, exposeHeadRoute: false }, content);
  // Fastify's own would read the whole file.
  app.head(path, { schema: { hide: true }, config }, content);

  mountUpload<Draft>(app, {
    url: "/api/v1/media",
    needs: work("inbox", "campaigns", "automations", "templates"),
    schema: {
      operationId: "postMedia",
      tags: ["media"],
      summary:
        "Upload a file to send: the body is its bytes, with `Content-Type` and, in percent-encoding, `X-Filename`",
      consumes: ["application/octet-stream"],
    },
    problemsOf: problemsOfUpload,
    async receive(request, { mime_type }) {
      const limit_bytes = mediaLimit_bytes(mediaTypeOf(mime_type)!);
      let draft: Draft;
      try {
        draft = await inStore(request, () => files.receive(request.raw, limit_bytes));
      } catch (error) {
        if (!(error instanceof TooLongError)) throw error;
        throw invalid(problemsOfUpload({ mime_type, size_bytes: limit_bytes + 1 }));
      }
      if (draft.size_bytes > 0) return draft;
      await draft.discard();
      throw invalid(problemsOfUpload({ mime_type, size_bytes: 0 }));
    },
    add: (request, asked, draft, file) =>
      keys.kept(asked, (keep) =>
        inStore(request, () =>
          addUpload(deps, asked.workspace_id, draft, file, async (tx, id) => {
            const added = { status: 201, body: await getFile(tx, asked.workspace_id, id) };
            await keep(tx, added);
            return added;
          }),
        ),
      ),
    discard: (draft) => draft.discard(),
    location: (id) => `/api/v1/media/${id}`,
  });
}

/** Files for the headers of templates: what they are, their bytes say. */
export function mountLibrary(
  app: FastifyInstance,
  deps: { db: Database; files: FileStore; clock: Clock },
  keys: Keys,
): void {
  mountUpload<Draft & { kind: Known }>(app, {
    url: "/api/v1/template_media",
    needs: work("templates", "campaigns"),
    schema: {
      operationId: "postTemplateMedia",
      tags: ["template_media"],
      summary:
        "Add a file to the media library: a JPEG, PNG, MP4 or PDF, as the body's bytes; the same bytes again answer the same file",
      consumes: ["application/octet-stream"],
    },
    problemsOf: () => [],
    async receive(request) {
      const { head, rest } = await beginning(request.raw);
      const kind = kindOfBytes(head);
      if (!kind) throw invalid(["Its bytes are those of no JPEG, PNG, MP4 or PDF."]);
      const limit_bytes = mediaLimit_bytes(kind.kind);
      try {
        return Object.assign(await deps.files.receive(rest, limit_bytes), { kind });
      } catch (error) {
        if (!(error instanceof TooLongError)) throw error;
        throw invalid(problemsOfUpload({ mime_type: kind.mime_type, size_bytes: limit_bytes + 1 }));
      }
    },
    add: (request, asked, draft, { filename }) =>
      keys.kept(asked, (keep) => {
        const file = { ...draft.kind, filename, user_id: callerOf(request).user?.id ?? null };
        return addToLibrary(deps, asked.workspace_id, draft, file, async (tx, added) => {
          const done = { status: 201, body: { ...added, drafts: 0 } };
          await keep(tx, done);
          return done;
        });
      }),
    discard: (draft) => draft.discard(),
  });
}

type Known = NonNullable<ReturnType<typeof kindOfBytes>>;
const HEAD_BYTES = 16;

/** The first bytes of a stream, and the stream from its beginning. */
async function beginning(
  body: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const chunks = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < HEAD_BYTES && !ended) {
    const next = await chunks.next();
    if (next.done) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  async function* rest() {
    yield head;
    for (let next = ended; !next;) {
      const chunk = await chunks.next();
      if (chunk.done) next = true;
      else yield chunk.value;
    }
  }
  return { head, rest: rest() };
}

/** As what Meta takes such a type; what it takes as nothing would be a document. */
const problemsOfUpload = (file: { mime_type: string; size_bytes: number }) =>
  checkMedium({ ...file, type: mediaTypeOf(file.mime_type) ?? "document" });
const invalid = (problems: string[]) => new Problem("MEDIA_INVALID", problems.join(" "));

/** What browsers draw or play by themselves. SVG is a program, and so may a PDF be: these are downloaded. */
const SHOWN = /^(?:image\/(?:jpeg|png|webp|gif)|audio\/(?:aac|amr|mpeg|mp4|ogg)|video\/(?:mp4|3gpp))$/;
const TOLD = /^application\/(?:pdf|msword|vnd\.[\w.+-]+)$/;

async function serve(
  request: FastifyRequest,
  reply: FastifyReply,
  file: StoredFile,
  open: (range: { start: number; end: number } | undefined) => Promise<Readable>,
) {
  const mime_type = (file.mime_type ?? "").split(";")[0]!.trim().toLowerCase();
  const etag = `"${file.sha256}"`;
  const tell = () =>
    reply.headers({
      "content-type": SHOWN.test(mime_type) || TOLD.test(mime_type) ? mime_type : "application/octet-stream",
      "content-disposition": disposition(SHOWN.test(mime_type) ? "inline" : "attachment", file.filename),
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      // Kept by the browser, but asked about each time: who signed out sees nothing.
      "cache-control": "private, no-cache",
      etag,
      "last-modified": file.stored_at.toUTCString(),
      "accept-ranges": "bytes",
    });
  if (matches(request.headers["if-none-match"], etag)) return tell().code(304).send();

  const asked = request.headers.range;
  const fresh = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
  const range = (asked !== undefined && fresh ? readRange(asked, file.size_bytes) : null) ?? undefined;
  if (range === "outside") {
    reply.header("content-range", `bytes */${file.size_bytes}`);
    throw new Problem("RANGE_OUTSIDE", `It has ${file.size_bytes} bytes.`);
  }
  // Before anything is said of it: once a 200 is on its way nothing else can be.
  const body = request.method === "HEAD" || file.size_bytes === 0 ? undefined : await open(range);
  const { start, end } = range ?? { start: 0, end: file.size_bytes - 1 };
  if (range) reply.code(206).header("content-range", `bytes ${start}-${end}/${file.size_bytes}`);
  return tell()
    .header("content-length", end - start + 1)
    .send(body);
}

function matches(header: string | undefined, etag: string): boolean {
  return (
    header !== undefined &&
    header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag)
  );
}

import type { FastifyInstance, FastifyRequest } from "fastify";
import { percentDecoded, Problem } from "../../base/base.ts";
import type { Need } from "../../contract/contract.ts";
import { callerOf } from "./gate.ts";
import type { Answered, Asked } from "./idempotency.ts";

/** What is said of a file ahead of its bytes. */
export interface Announced {
  mime_type: string;
  filename: string | null;
}

export interface UploadRoute<Received extends { sha256: string }> {
  url: string;
  schema: object;
  needs: Need;
  /** What is wrong with such a file, in words. */
  problemsOf: (file: { mime_type: string; size_bytes: number }) => string[];
  /** Takes in the bytes. Throws a Problem for what turns out to be wrong with them. */
  receive: (request: FastifyRequest, file: Announced) => Promise<Received>;
  /** Once under one Idempotency-Key; what is answered has an `id`. */
  add: (request: FastifyRequest, asked: Asked, received: Received, file: Announced) => Promise<Answered>;
  discard?: (received: Received) => Promise<void>;
  /** Where it is found from now on. */
  location?: (id: string) => string;
}

/** A route that takes a file: the body is its bytes, whatever their type, and is never held as a whole. */
export function mountUpload<Received extends { sha256: string }>(
  app: FastifyInstance,
  { url, schema, needs, problemsOf, receive, add, discard, location }: UploadRoute<Received>,
): void {
  // A parser of its own: the body is a stream.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, body, done) => done(null, body));
    scope.route({
      method: "POST",
      url,
      bodyLimit: 2 ** 40,
      schema,
      config: { needs },
      async handler(request, reply) {
        const { workspace_id } = callerOf(request);
        const file = announced(request);
        // Judged before it is read; without a length by its type alone.
        const size_bytes = Number(request.headers["content-length"] ?? 1);
        const problems = problemsOf({ mime_type: file.mime_type, size_bytes });
        if (problems.length > 0) throw new Problem("MEDIA_INVALID", problems.join(" "));
        let received: Received;
        try {
          received = await receive(request, file);
        } catch (error) {
          // The rest of it is on its way still.
          reply.header("connection", "close");
          throw error;
        }
        try {
          const asked = {
            workspace_id,
            key: request.headers["idempotency-key"],
            request: ["POST", request.url, { ...file, sha256: received.sha256 }],
          };
          const done = await add(request, asked, received, file);
          if (done.replayed) reply.header("idempotency-replayed", "true");
          if (location) reply.header("location", location((done.body as { id: string }).id));
          return await reply.code(done.status).send(done.body);
        } finally {
          await discard?.(received);
        }
      },
    });
  });
}

const announced = ({ headers }: FastifyRequest): Announced => ({
  mime_type: (headers["content-type"] ?? "application/octet-stream").slice(0, 200),
  filename: filenameOf(headers["x-filename"]),
});

/** The last part of what may be a path, as text that a page can show. */
function filenameOf(header: string | string[] | undefined): string | null {
  if (typeof header !== "string") return null;
  const plain = percentDecoded(header)
    .replaceAll(/\p{Cc}/gu, "")
    .split(/[/\\]/)
    .at(-1)!
    .trim();
  return plain === "" ? null : plain.slice(0, 255);
}

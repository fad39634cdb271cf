import type { FastifyInstance } from "fastify";
import { Problem } from "../../base/base.ts";
import { type Reply, type Seen, work } from "../../contract/contract.ts";
import { checkSize } from "../../meta/meta.ts";
import { callerOf } from "../http/http.ts";
import type { Keys } from "../http/http.ts";
import type { Caller } from "../people/people.ts";
import { mountUpload } from "../http/http.ts";

/**
 * What sandbox mode puts here: the simulator, playing Meta for one workspace. It may run in another process: what goes
 * in and comes out is JSON, but for the bytes of a file.
 */
export interface Sandbox {
  workspace_id: string;
  describe(): Promise<Reply<"GET /api/v1/sandbox">>;
  /** Posts the webhook that Meta would; `status` is what intake answered. */
  play(
    message: Seen<"POST /api/v1/sandbox/messages">["body"],
  ): Promise<Reply<"POST /api/v1/sandbox/messages">>;
  /** A file that a person can send then. */
  putMedia(body: AsyncIterable<Uint8Array>, file: { mime_type: string }): Promise<SandboxMedium>;
  state(): Promise<Reply<"GET /api/v1/sandbox/simulator">>;
  change(change: Seen<"PATCH /api/v1/sandbox/simulator">["body"]): Promise<void>;
  take(step: Seen<"POST /api/v1/sandbox/simulator/steps">["body"]): Promise<void>;
  start(play: Seen<"POST /api/v1/sandbox/simulator/play">["body"]): Promise<void>;
  halt(): Promise<void>;
}

/** `sha256` in hex. */
export interface SandboxMedium {
  id: string;
  sha256: string;
  mime_type: string;
  size_bytes: number;
}

/** Throws SANDBOX_OFF where it is none of the caller's. */
export function sandboxOf(sandbox: Sandbox | null, caller: Caller): Sandbox {
  if (sandbox?.workspace_id !== caller.workspace_id) throw new Problem("SANDBOX_OFF");
  return sandbox;
}

/** The files that a played customer sends: of any type, as people do. */
export function mountSandboxMedia(
  app: FastifyInstance,
  { sandbox }: { sandbox: Sandbox | null },
  keys: Keys,
): void {
  mountUpload<SandboxMedium>(app, {
    url: "/api/v1/sandbox/media",
    needs: work("inbox", "settings"),
    schema: {
      operationId: "postSandboxMedia",
      tags: ["sandbox"],
      summary:
        "Put a file there that a played customer sends: the body is its bytes, with `Content-Type`; answers `{id, sha256, mime_type, size_bytes}`",
      consumes: ["application/octet-stream"],
    },
    problemsOf: ({ size_bytes }) => checkSize({ type: "document", size_bytes }),
    receive: (request, { mime_type }) =>
      sandboxOf(sandbox, callerOf(request)).putMedia(request.raw, { mime_type }),
    add: (_request, asked, received) => keys.leased(asked, async () => ({ status: 201, body: received })),
  });
}

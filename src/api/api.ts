/**
 * The HTTP side: Meta's webhooks go to intake untouched, the contract's routes to their handlers, changes to the
 * listeners of /api/v1/live, and everything else to the built pages.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import fastifyCompress from "@fastify/compress";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import { newId, type Logger, type SecretBox } from "../base/base.ts";
import type { LiveReader } from "../live/live.ts";
import type { FileStore } from "../media/media.ts";
import { createHandlers, type HandlerDeps } from "./handlers/handlers.ts";
import {
  answerError,
  compileValidator,
  createHttpServer,
  createKeys,
  guard,
  hurry,
  mount,
  readJson,
  type ServerLimits,
} from "./http/http.ts";
import { auditing, type People } from "./people/people.ts";
import { describe, mountDocs } from "./reference/reference.ts";
import {
  mountAuditFile,
  mountAuth,
  mountCampaignFiles,
  mountCampaignLinks,
  mountConsentFiles,
  mountHealth,
  mountImports,
  mountLibrary,
  mountLive,
  mountMedia,
  mountPages,
  secureHeaders,
  type LiveOptions,
} from "./routes/routes.ts";
import { mountSandboxMedia } from "./whole/whole.ts";

export { pruneAudit } from "./members/members.ts";
export { auditing, createPeople, type Caller, type People } from "./people/people.ts";
export type { Installation, Sandbox } from "./whole/whole.ts";

export interface ApiDeps extends HandlerDeps {
  box: SecretBox;
  log: Logger;
  people: People;
  /** Null where this process doesn't take webhooks: they are answered 404. */
  intake: {
    handle(request: IncomingMessage, response: ServerResponse): void;
    problem?(): string | null;
  } | null;
  live: LiveReader;
  files: FileStore;
  /** Where the built pages are, usually dist/web; without an index.html there are none. */
  web_dir: string;
  /** In Prometheus' text format. */
  metrics: () => Promise<string>;
  /** Addresses and CIDRs of what may speak for a client in X-Forwarded-*; by default a proxy on this machine. */
  trusted_proxies?: string[];
  live_options?: LiveOptions;
  server_limits?: Partial<ServerLimits>;
}

/** Below it an answer fits into one packet as it is. */
const COMPRESS_FROM_BYTES = 1_400;
const body_limit_bytes = 1024 * 1024;
const isUpload = ({ method, url }: IncomingMessage) =>
  method === "POST" && /^\/api\/v1\/(?:(?:sandbox\/|template_)?media|imports)\/?(?:\?|$)/.test(url ?? "");

/** Ready to `listen`; `close()` ends the live streams and waits for what is under way. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const { intake } = deps;
  const loggerInstance: FastifyBaseLogger = deps.log.child({ part: "api" });
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestIdHeader: false,
    trustProxy: deps.trusted_proxies ?? ["loopback"],
    bodyLimit: body_limit_bytes,
    routerOptions: { ignoreTrailingSlash: true },
    forceCloseConnections: "idle",
    // What is wrong with a URL is found before any route, and its error handler, is.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    serverFactory: (handler) =>
      createHttpServer((request, response) => {
        if (intake && request.url?.startsWith("/webhooks/")) intake.handle(request, response);
        else {
          if (!isUpload(request)) hurry(request);
          handler(request, response);
        }
      }, deps.server_limits),
  });
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(serializerCompiler);
  readJson(app);
  app.setErrorHandler(answerError);
  secureHeaders(app);
  await compressJson(app);
  await describe(app);

  await app.register(async (open) => mountAuth(open, deps));
  await app.register(async (guarded) => {
    guard(guarded, deps);
    const keys = createKeys(deps);
    mount(guarded, { handlers: createHandlers({ ...deps, db: auditing(deps.db) }), keys, db: deps.db });
    mountMedia(guarded, deps, keys);
    mountLibrary(guarded, deps, keys);
    mountImports(guarded, deps, keys);
    mountCampaignFiles(guarded, deps);
    mountSandboxMedia(guarded, deps, keys);
    mountConsentFiles(guarded, deps);
    mountAuditFile(guarded, deps);
    mountLive(guarded, { ...deps, ...deps.live_options });
  });
  mountHealth(app, { ...deps, intakeProblem: () => intake?.problem?.() ?? null });
  mountCampaignLinks(app, deps);
  mountDocs(app);
  await mountPages(app, deps.web_dir);
  await app.ready();
  return app;
}

/** Answers, for those who take them compressed; never a request's body, which may unfold to anything. */
async function compressJson(app: FastifyInstance): Promise<void> {
  await app.register(fastifyCompress, {
    globalDecompression: false,
    encodings: ["gzip"],
    customTypes: /^application\/json/,
    threshold: COMPRESS_FROM_BYTES,
  });
}

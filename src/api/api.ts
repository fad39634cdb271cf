/**
 * The HTTP side: Meta's webhooks go to intake untouched, the contract's routes to their handlers, changes to the
 * listeners of /api/v1/live, and everything else to the built pages.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import fastifyCompress from "@fastify/compress";
import fastifySwagger, { type SwaggerTransformObject } from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from "fastify-type-provider-zod";
import {
  isDeeperThan,
  newId,
  Problem,
  projectDir,
  systemClock,
  type Logger,
  type SecretBox,
} from "../base/base.ts";
import { z } from "zod";
import * as shapes from "../contract/shapes.ts";
import type { LiveReader } from "../live/live.ts";
import type { FileStore } from "../media/media.ts";
import { answerError } from "./answers.ts";
import { mountAuth } from "./auth-routes.ts";
import { mountDocs } from "./docs.ts";
import { guard } from "./gate.ts";
import { createHandlers, type HandlerDeps } from "./handlers.ts";
import { mountHealth } from "./health.ts";
import { createKeys } from "./idempotency.ts";
import { mountLive, type LiveOptions } from "./live.ts";
import { mountLibrary, mountMedia } from "./media.ts";
import { mount } from "./mount.ts";
import { mountPages, secureHeaders } from "./pages.ts";
import { prepare, type Prepared } from "./prepared.ts";
import { look } from "./reference-look.ts";
import { mountSandboxMedia } from "./sandbox.ts";
import { createHttpServer, hurry, type ServerLimits } from "./server.ts";
import type { People } from "./people.ts";

export { createPeople, type Caller, type People } from "./people.ts";
export type { Installation } from "./system.ts";
export type { Sandbox } from "./sandbox.ts";

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

const BODY_DEPTH = 100;
/** Below it an answer fits into one packet as it is. */
const COMPRESS_FROM_BYTES = 1_400;
const body_limit_bytes = 1024 * 1024;
const ESCAPED_HALF = /\\u[dD][89a-fA-F]/;
const isUpload = ({ method, url }: IncomingMessage) =>
  method === "POST" && /^\/api\/v1\/(?:sandbox\/|template_)?media\/?(?:\?|$)/.test(url ?? "");

/** Ready to `listen`; `close()` ends the live streams and waits for what is under way. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const { people, intake } = deps;
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

  await app.register(async (open) => mountAuth(open, people));
  await app.register(async (guarded) => {
    guard(guarded, people);
    const keys = createKeys(deps);
    mount(guarded, createHandlers(deps), keys);
    mountMedia(guarded, { ...deps, clock: systemClock }, keys);
    mountLibrary(guarded, { ...deps, clock: systemClock }, keys);
    mountSandboxMedia(guarded, deps, keys);
    mountLive(guarded, { ...deps, ...deps.live_options });
  });
  mountHealth(app, { ...deps, intakeProblem: () => intake?.problem?.() ?? null });
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

/** Fastify hands over a body that is not there as null; a contract's default stands in for undefined. */
const compileValidator: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route);
  return (data) => validate(data ?? undefined);
};

/** Bodies are JSON. A POST that says everything in its path may still call its nothing JSON. */
function readJson(app: FastifyInstance): void {
  app.removeContentTypeParser("text/plain");
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    // Deeper than anything that is asked for, and shallow enough for all that walks through it.
    else if (isDeeperThan(body, BODY_DEPTH))
      done(new Problem("INVALID_REQUEST", `body: nested deeper than ${BODY_DEPTH} levels`));
    else
      void parse(request, body, (error, value) => {
        // JSON can say half of a character, and nothing can store it.
        if (error && isJson(body))
          done(
            new Problem(
              "INVALID_REQUEST",
              "body: no field may be called __proto__, nor constructor with a prototype",
            ),
          );
        else if (!error && ESCAPED_HALF.test(body) && !isWellFormed(value))
          done(new Problem("INVALID_REQUEST", "body: a text holds half of a character (a lone surrogate)"));
        else done(error, value);
      });
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, part]) => name.isWellFormed() && isWellFormed(part));
}

const DESCRIPTION = `
Every route, with its fields and answers. The [API guide](/docs/api) tells how to use it, with first requests.

## Authentication

Create a key under Settings → [API keys](/settings/api-keys); it is shown once and acts in one workspace. Send it with every
request as \`Authorization: Bearer <key>\`. Without one, and without a session, the answer is 401 \`UNAUTHENTICATED\`.

## Integrations

To receive what Meta sends, add an endpoint, here or under Settings → [Webhooks](/settings/webhooks). Each request to it is
signed: [Receive webhooks](/docs/webhooks) has receivers in five languages. To follow changes as they happen, read the events
of \`GET /api/v1/live\`.

## Conventions

Errors are problem documents (RFC 9457) with a stable \`code\`; [API errors](/docs/errors) explains each. Lists are
\`{data, next_cursor}\`; times are ISO 8601 UTC. Where an \`Idempotency-Key\` is honoured, the same key and request give
the same answer for a day.
`;

/** The shapes of answers stand in the description once, under their names. */
function nameShapes(): void {
  const { SimulatorChange: _, ...answered } = shapes;
  for (const [name, shape] of Object.entries(answered))
    if (shape instanceof z.ZodObject) z.globalRegistry.add(shape, { ...shape.meta(), id: name });
}

/** Each shape is written in a form for requests and one for answers, whichever is asked for. */
function withoutUnused(document: Described): Described {
  const schemas = ("components" in document && document.components?.schemas) || {};
  for (let before = -1; before !== Object.keys(schemas).length;) {
    before = Object.keys(schemas).length;
    const text = JSON.stringify(document);
    for (const name of Object.keys(schemas))
      if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name];
  }
  return document;
}

type Described = ReturnType<SwaggerTransformObject>;

async function describe(app: FastifyInstance): Promise<void> {
  nameShapes();
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Wharf API",
        version: "1",
        description: DESCRIPTION,
      },
      tags: [
        {
          name: "endpoints",
          description:
            "**Integrations**: what arrives from Meta goes on to your own servers, unchanged and signed. Add an endpoint, keep the `secret` that is shown once, and send a test.",
        },
        { name: "deliveries", description: "What was sent to endpoints, try by try, and sending it again" },
      ],
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (given) => withoutUnused(jsonSchemaTransformObject(given)),
  });
  // Made once: these are open to everyone, and each would cost what a hundred webhooks do.
  const documents = new Map<string, () => Promise<Prepared> | Prepared>([
    ["/api/openapi.json", () => prepare("application/json; charset=utf-8", JSON.stringify(app.swagger()))],
    ["/api/docs/json", () => made("/api/openapi.json")],
    ["/api/docs/yaml", () => prepare("application/x-yaml", app.swagger({ yaml: true }))],
    [
      "/api/errors",
      async () => prepare("text/markdown; charset=utf-8", await readFile(join(projectDir, "docs/errors.md"))),
    ],
  ]);
  const known = new Map<string, Promise<Prepared>>();
  const made = (path: string): Promise<Prepared> => {
    const document = known.get(path) ?? Promise.resolve(documents.get(path)!());
    known.set(path, document);
    return document;
  };
  const pathOf = (request: FastifyRequest) => request.url.split("?")[0]!.replace(/\/$/, "");
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request);
    return documents.has(path) ? (await made(path))(request, reply) : undefined;
  };
  await app.register(fastifySwaggerUi, {
    routePrefix: "/api/docs",
    // Without the bar of its own; a link inside of a button can't be reached by the keyboard; a hundred routes at once are
    // slow to draw.
    uiConfig: {
      layout: "BaseLayout",
      deepLinking: false,
      docExpansion: "none",
      defaultModelsExpandDepth: -1,
    },
    theme: look,
    uiHooks: {
      onRequest: (request, reply, next) => {
        if (documents.has(pathOf(request))) void answer(request, reply).catch((error) => reply.send(error));
        else next();
      },
    },
  });
  const hidden = { schema: { hide: true } };
  app.get("/api/openapi.json", hidden, answer);
  app.get("/api/errors", hidden, answer);
}

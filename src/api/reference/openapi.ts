import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { projectDir } from "../../base/base.ts";
import { prepare, type Prepared } from "../http/http.ts";
import { asOneComponentEach, nameShapes } from "./components.ts";
import { look } from "./reference-look.ts";

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

/** Serves the description of all routes that are mounted after it, as documents and as a page. */
export async function describe(app: FastifyInstance): Promise<void> {
  nameShapes();
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Wharf API", version: "1", description: DESCRIPTION },
      tags: TAGS,
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (given) => asOneComponentEach(jsonSchemaTransformObject(given)),
  });
  const documents = createDocuments(app);
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
        if (!documents.has(request)) next();
        else void documents.answer(request, reply).catch((error) => reply.send(error));
      },
    },
  });
  const hidden = { schema: { hide: true } };
  app.get("/api/openapi.json", hidden, documents.answer);
  app.get("/api/errors", hidden, documents.answer);
}

const TAGS = [
  {
    name: "endpoints",
    description:
      "**Integrations**: what arrives from Meta goes on to your own servers, unchanged and signed. Add an endpoint, keep the `secret` that is shown once, and send a test.",
  },
  { name: "deliveries", description: "What was sent to endpoints, try by try, and sending it again" },
];

/** Each document is made once: they are open to everyone, and each would cost what a hundred webhooks do. */
function createDocuments(app: FastifyInstance) {
  const makers = new Map<string, () => Promise<Prepared> | Prepared>([
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
    const document = known.get(path) ?? Promise.resolve(makers.get(path)!());
    known.set(path, document);
    return document;
  };
  const pathOf = (request: FastifyRequest) => request.url.split("?")[0]!.replace(/\/$/, "");
  return {
    has: (request: FastifyRequest) => makers.has(pathOf(request)),
    answer: async (request: FastifyRequest, reply: FastifyReply) => {
      const path = pathOf(request);
      return makers.has(path) ? (await made(path))(request, reply) : undefined;
    },
  };
}

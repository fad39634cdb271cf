import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { Problem } from "../base/base.ts";
import { asSecure, sameOrigin } from "./gate.ts";
import type { People } from "./people.ts";

const Password = z.string().min(10).max(128);
const SignedIn = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) });

/** The few of better-auth's routes that the pages need. Answers never hold the session's token: it is only in the cookie. */
export function mountAuth(plain: FastifyInstance, people: People): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.addHook("onRequest", async (request, reply) => {
    sameOrigin(request, "if given");
    reply.header("cache-control", "no-store");
  });

  // Through better-auth's HTTP side, which counts tries by address.
  const ask = async (request: FastifyRequest, reply: FastifyReply, path: string, body?: object) => {
    const answer = await people.auth.handler(toWeb(request, path, body));
    for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", asSecure(request, cookie));
    if (answer.status === 429) {
      reply.header("retry-after", answer.headers.get("x-retry-after") ?? "10");
      throw new Problem("TOO_MANY_REQUESTS");
    }
    // better-auth logs what went wrong and says nothing; when it was the database, this says so.
    if (answer.status >= 500) await people.checkDatabase();
    return answer;
  };

  app.post(
    "/api/auth/sign-in/email",
    {
      schema: {
        operationId: "signIn",
        tags: ["auth"],
        summary: "Sign in: sets the session cookie",
        body: z.object({ email: z.string().max(320), password: z.string().max(1000) }),
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      const answer = await ask(request, reply, "/sign-in/email", request.body);
      if (!answer.ok) throw new Problem(answer.status < 500 ? "SIGN_IN_FAILED" : "INTERNAL");
      return SignedIn.parse(await answer.json());
    },
  );

  app.post(
    "/api/auth/sign-out",
    {
      schema: {
        operationId: "signOut",
        tags: ["auth"],
        summary: "End this session",
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      sameOrigin(request, "required");
      await ask(request, reply, "/sign-out", {});
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/api/auth/set-password",
    {
      schema: {
        operationId: "setPassword",
        tags: ["auth"],
        summary: "Set a password, after entering by a one-time link; every other session ends",
        body: z.object({ password: Password }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      sameOrigin(request, "required");
      await people.setPassword(request.headers.cookie ?? "", request.body.password);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/api/auth/change-password",
    {
      schema: {
        operationId: "changePassword",
        tags: ["auth"],
        summary: "Change the password; every other session ends",
        body: z.object({ current_password: z.string().max(1000), new_password: Password }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      sameOrigin(request, "required");
      if (!(await people.whoIs({ cookie: request.headers.cookie }))) throw new Problem("UNAUTHENTICATED");
      const answer = await ask(request, reply, "/change-password", {
        currentPassword: request.body.current_password,
        newPassword: request.body.new_password,
        revokeOtherSessions: true,
      });
      if (!answer.ok) throw new Problem(answer.status < 500 ? "SIGN_IN_FAILED" : "INTERNAL");
      return reply.code(204).send(null);
    },
  );

  // A form without fields: nothing of it is read.
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 1_024 },
    (_request, _body, done) => done(null, null),
  );
  // The link itself (GET, HEAD) is a page with a button: what looks at links, as scanners and previews do, uses none up.
  app.post(
    "/sign-in/link/:token",
    { schema: { hide: true, params: z.object({ token: z.string().max(100) }) } },
    async (request, reply) => {
      const path = `/magic-link/verify?token=${encodeURIComponent(request.params.token)}`;
      const answer = await ask(request, reply, path);
      if (answer.ok) await people.enteredByLink(answer.headers.getSetCookie());
      return reply.redirect(answer.ok ? "/" : "/sign-in?error=link", 303);
    },
  );
}

/** Only what better-auth needs to see, said so that it can rely on it. */
function toWeb(request: FastifyRequest, path: string, body?: object): Request {
  const headers = new Headers({ "x-wharf-client": request.ip });
  for (const name of ["cookie", "user-agent"] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  // The origin was checked against the host by `sameOrigin`; better-auth checks it against this URL again.
  const origin = request.headers.origin ?? `${request.protocol}://${request.host}`;
  headers.set("origin", origin);
  const url = new URL(`/api/auth${path}`, origin);
  if (body === undefined) return new Request(url, { headers });
  headers.set("content-type", "application/json");
  return new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
}

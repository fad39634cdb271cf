import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { Problem } from "../../base/base.ts";
import { auth_origin, checkPassword, INSIDE, PASSWORD_MOST } from "../people/people.ts";
import type { Database } from "../../db/db.ts";
import { clientAddress } from "../http/http.ts";
import { asSecure, sameOrigin } from "../http/http.ts";
import { acceptInvitation, readInvitation } from "../members/members.ts";
import type { People } from "../people/people.ts";

/** Its rules are the people's: password-rules.ts. */
const Password = z.string().min(1).max(PASSWORD_MOST);
/** An e-mail and two passwords at their longest, whatever is escaped in them. */
const BODY_LIMIT_BYTES = 16 * 1024;
const SignedIn = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) });

type App = ReturnType<typeof withZod>;
const withZod = (plain: FastifyInstance) => plain.withTypeProvider<ZodTypeProvider>();

/** The few of better-auth's routes that the pages need. Answers never hold the session's token: it is only in the cookie. */
export function mountAuth(plain: FastifyInstance, { people, db }: { people: People; db: Database }): void {
  const app = withZod(plain);
  // Strangers may send here, and a body of one-byte pieces holds many times what it brings.
  app.addHook("onRoute", (route) => {
    route.bodyLimit ??= BODY_LIMIT_BYTES;
  });
  app.addHook("onRequest", async (request, reply) => {
    sameOrigin(request, "if given");
    reply.header("cache-control", "no-store");
  });
  mountSessions(app, people);
  mountPasswords(app, people);
  mountLinks(app, people);
  mountInvitations(app, people, db);
}

/** Through better-auth's HTTP side, which counts attempts by address. */
async function ask(
  people: People,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  body?: object,
): Promise<Response> {
  const answer = await (await people.auth()).handler(toWeb(request, path, body));
  for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", asSecure(request, cookie));
  if (answer.status === 429) {
    reply.header("retry-after", answer.headers.get("x-retry-after") ?? "10");
    throw new Problem("TOO_MANY_REQUESTS");
  }
  // better-auth logs what went wrong and says nothing; when it was the database, this says so.
  if (answer.status >= 500) await people.checkDatabase();
  return answer;
}

/** An attempt at an account's password: counted for it, and in the log with its address when it fails. */
async function guess(
  people: People,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, is_inside }: { email: string; is_inside: boolean },
  check: () => Promise<Response>,
): Promise<Response> {
  const { signInLimit, knownBrowsers } = people;
  const known = is_inside ? INSIDE : knownBrowsers.read(request.headers.cookie, email, Date.now());
  await signInLimit.begin(email, known);
  const answer = await check();
  if (answer.status >= 500) throw new Problem("INTERNAL");
  if (!answer.ok) {
    request.log.warn({ address: clientAddress(request) }, "a sign-in failed: wrong e-mail or password");
    throw new Problem("SIGN_IN_FAILED");
  }
  await signInLimit.succeeded(email, known);
  reply.header("set-cookie", asSecure(request, knownBrowsers.make(email, Date.now())));
  return answer;
}

function mountSessions(app: App, people: People): void {
  app.get(
    "/api/auth/first-visit",
    {
      schema: {
        operationId: "firstVisit",
        tags: ["auth"],
        summary: "Whether anyone has set a password yet; until then, the email that the first link is for",
        response: { 200: z.object({ is_new: z.boolean(), first_email: z.string().nullable() }) },
      },
    },
    () => people.firstVisit(),
  );

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
      const { email } = request.body;
      const answer = await guess(people, request, reply, { email, is_inside: false }, () =>
        ask(people, request, reply, "/sign-in/email", request.body),
      );
      await people.recordSignIn(email, clientAddress(request));
      return SignedIn.parse(await answer.json());
    },
  );

  app.post(
    "/api/auth/prove",
    {
      schema: {
        operationId: "prove",
        tags: ["auth"],
        summary: "Give the password again: for ten minutes secrets are shown and roles are changed",
        body: z.object({ password: z.string().max(1000) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      sameOrigin(request, "required");
      const caller = await people.whoIs({ cookie: request.headers.cookie });
      if (!caller?.user) throw new Problem("UNAUTHENTICATED");
      const { id, email } = caller.user;
      await people.signInLimit.begin(email, INSIDE);
      if (!(await people.isPassword(id, request.body.password))) {
        request.log.warn({ address: clientAddress(request) }, "a password was given again, and is wrong");
        throw new Problem("SIGN_IN_FAILED");
      }
      await people.signInLimit.succeeded(email, INSIDE);
      await people.proveSession(caller);
      return reply.code(204).send(null);
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
      await ask(people, request, reply, "/sign-out", {});
      return reply.code(204).send(null);
    },
  );
}

function mountPasswords(app: App, people: People): void {
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
      const { cookie } = request.headers;
      const caller = await people.whoIs({ cookie });
      if (caller?.user) checkPassword(request.body.password, [caller.user.email, caller.user.name]);
      await people.setPassword(cookie ?? "", request.body.password);
      if (caller?.user)
        reply.header(
          "set-cookie",
          asSecure(request, people.knownBrowsers.make(caller.user.email, Date.now())),
        );
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
      const caller = await people.whoIs({ cookie: request.headers.cookie });
      if (!caller?.user) throw new Problem("UNAUTHENTICATED");
      checkPassword(request.body.new_password, [caller.user.email, caller.user.name]);
      await guess(people, request, reply, { email: caller.user.email, is_inside: true }, () =>
        ask(people, request, reply, "/change-password", {
          currentPassword: request.body.current_password,
          newPassword: request.body.new_password,
          revokeOtherSessions: true,
        }),
      );
      return reply.code(204).send(null);
    },
  );
}

function mountLinks(app: App, people: People): void {
  // A form without fields: nothing of it is read.
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, _body, done) => done(null, null),
  );
  // The link itself (GET, HEAD) is a page with a button: what looks at links, as scanners and previews do, uses none up.
  app.post(
    "/sign-in/link/:token",
    { schema: { hide: true, params: z.object({ token: z.string().max(100) }) } },
    async (request, reply) => {
      const path = `/magic-link/verify?token=${encodeURIComponent(request.params.token)}`;
      const answer = await ask(people, request, reply, path);
      if (answer.ok) await people.enteredByLink(answer.headers.getSetCookie());
      // A second click finds the link used by the first, and the session that the first began.
      const is_inside = answer.ok || (await people.whoIs({ cookie: request.headers.cookie })) !== null;
      return reply.redirect(is_inside ? "/" : "/sign-in?error=link", 303);
    },
  );
}

const ByToken = z.object({ token: z.string().regex(/^[\w-]{1,100}$/) });

/** What an invitation's link leads to. Who bears the link may set up the account of its email, which no one has yet. */
function mountInvitations(app: App, people: People, db: Database): void {
  app.get(
    "/api/auth/invitations/:token",
    {
      schema: {
        operationId: "getInvitation",
        tags: ["auth"],
        summary: "What an invitation is for, by the token of its link",
        params: ByToken,
        response: {
          200: z.object({
            workspace_name: z.string(),
            email: z.string(),
            invited_by: z.string(),
            has_account: z.boolean(),
          }),
        },
      },
    },
    (request) => readInvitation(db, request.params.token),
  );

  app.post(
    "/api/auth/invitations/:token/accept",
    {
      schema: {
        operationId: "acceptInvitation",
        tags: ["auth"],
        summary: "Join the workspace: with a new account's name and password, or the password that one has",
        params: ByToken,
        body: z.object({
          name: z.string().trim().min(1).max(100).optional(),
          password: z.string().max(1000),
        }),
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      sameOrigin(request, "required");
      const { token } = request.params;
      const { name, password } = request.body;
      const { email, has_account } = await readInvitation(db, token);
      const signIn = () =>
        guess(people, request, reply, { email, is_inside: false }, () =>
          ask(people, request, reply, "/sign-in/email", { email, password }),
        );
      // Whose account it is shows that by the password, before the invitation is used up.
      const before = has_account ? await signIn() : null;
      await acceptInvitation(
        { db, people },
        token,
        has_account ? null : { name: name ?? email.split("@")[0]!, password },
      );
      const answer = before ?? (await signIn());
      await people.recordSignIn(email, clientAddress(request));
      return SignedIn.parse(await answer.json());
    },
  );
}

/**
 * Only what better-auth needs to see, said so that it can rely on it. `sameOrigin` has compared origin and host, so
 * nothing of a stranger's becomes a part of the URL: better-auth's own checks see one origin, always the same.
 */
function toWeb(request: FastifyRequest, path: string, body?: object): Request {
  const headers = new Headers({ "x-wharf-client": clientAddress(request), origin: auth_origin });
  for (const name of ["cookie", "user-agent"] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const url = new URL(`/api/auth${path}`, auth_origin);
  if (body === undefined) return new Request(url, { headers });
  headers.set("content-type", "application/json");
  return new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
}

import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { magicLink, organization } from "better-auth/plugins";
import { newId, type Logger, type SecretBox } from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import { tables } from "./auth-tables.ts";
import { PASSWORD_LEAST } from "./password-rules.ts";
import { auth_origin, link_valid_s } from "./auth-words.ts";
import { account_window_s } from "./sign-in-limit.ts";

/**
 * better-auth over our pool: it keeps users, sessions, memberships and keys; `people.ts` says who may enter.
 * The pages reach only what `auth-routes.ts` lets through. It is loaded when the first person comes, as it is by far the
 * largest package: 23 MB, and 0.4 s of a core.
 */
export function createAuth(deps: { db: Database; box: SecretBox; log: Logger }) {
  const { log } = deps;
  return betterAuth({
    appName: "Wharf",
    // Never shown: links are made by ourselves, and `auth-routes.ts` asks by this origin, whatever the client's is.
    baseURL: auth_origin,
    basePath: "/api/auth",
    secret: deps.box.derive(Buffer.alloc(0), "wharf sessions").toString("base64"),
    database: deps.db.pool,
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      // Messages only: the arguments may hold addresses. What strangers send is among its errors, so none is one of ours;
      // a 500 of its own is logged by the route that asked.
      log: (_level, message) => log.warn(message),
    },
    // The routes that let in have rules of their own; the window says how long rows are kept (sign-in-limit.ts).
    rateLimit: {
      enabled: true,
      storage: "database",
      window: account_window_s,
      max: 1_000,
      ...tables.rate_limit,
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: PASSWORD_LEAST },
    user: tables.user,
    account: tables.account,
    verification: tables.verification,
    session: { ...tables.session, expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600 },
    advanced: {
      cookiePrefix: "wharf",
      // `auth-routes.ts` adds Secure where the browser came by https: one Wharf may be reached by both.
      useSecureCookies: false,
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true, path: "/" },
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // Set by `auth-routes.ts` from the connection, whatever the client sent.
      ipAddress: { ipAddressHeaders: ["x-wharf-client"] },
      database: { generateId: () => newId() },
    },
    plugins: [
      organization({ allowUserToCreateOrganization: false, schema: tables.organization }),
      magicLink({
        disableSignUp: true,
        expiresIn: link_valid_s,
        storeToken: "hashed",
        // No mail: `people.ts` makes links, and the plugin lets in by them.
        sendMagicLink() {},
      }),
      apiKey({
        references: "organization",
        defaultPrefix: "wharf_",
        enableMetadata: true,
        maximumNameLength: 100,
        startingCharactersConfig: { shouldStore: true, charactersLength: 12 },
        rateLimit: { enabled: false },
        schema: tables.api_key,
      }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;

import { apiKey, defaultKeyHasher } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { magicLink, organization } from "better-auth/plugins";
import { newId, type Logger, type SecretBox } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { tables } from "./auth-tables.ts";

export const link_valid_s = 24 * 3600;

/**
 * better-auth over our pool: it keeps users, sessions, memberships and keys; `people.ts` says who may enter.
 * The pages reach only what `auth-routes.ts` lets through.
 */
export function createAuth(deps: { db: Database; box: SecretBox; log: Logger }) {
  const log = deps.log.child({ part: "people" });
  return betterAuth({
    appName: "Wharf",
    // Never shown: links are made by ourselves, and what is same-origin follows from the request alone.
    baseURL: "http://wharf.invalid",
    basePath: "/api/auth",
    trustedOrigins: (request) => (request ? [new URL(request.url).origin] : []),
    secret: deps.box.derive(Buffer.alloc(0), "wharf sessions").toString("base64"),
    database: deps.db.pool,
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      // Messages only: the arguments may hold addresses.
      log: (level, message) => (level === "error" ? log.error(message) : log.warn(message)),
    },
    rateLimit: { enabled: true, storage: "database", ...tables.rate_limit },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
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
        // No mail: the link is handed to whoever asked for it, through `metadata`.
        sendMagicLink({ token, metadata }) {
          const hand_over: unknown = metadata?.["hand_over"];
          if (typeof hand_over === "function") hand_over(token);
        },
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

/** As the plugin hashes keys: SHA-256, base64url. */
export const hashKey = defaultKeyHasher;

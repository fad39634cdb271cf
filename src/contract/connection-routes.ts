import { z } from "zod";
import { manage } from "./permissions.ts";
import type { Endpoint } from "./endpoint.ts";
import { NOTICE_KINDS } from "./names.ts";
import { ById } from "./parts.ts";
import { Connection, Id, Time } from "./shapes.ts";

const MetaId = z.string().regex(/^\d{1,32}$/, "must be Meta's id: digits");
const Secret = z.string().trim().min(8).max(2_000);
const VerifyToken = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,200}$/, "must have 8 to 200 characters without spaces");
const CallbackUrl = z.url({ protocol: /^https?$/ }).max(200);
const Pin = z.string().regex(/^\d{6}$/, "must be six digits");
const Name = z.string().trim().min(1).max(100);

const Account = z.object({
  waba_id: z.string(),
  name: z.string().nullable(),
  workspace_id: Id.describe("To which its webhooks go"),
  workspace_name: z.string(),
  numbers: z.number().int(),
  created_at: Time,
});

const Unrouted = z.object({
  connection_id: Id,
  waba_id: z.string().nullable(),
  phone_number_id: z.string().nullable(),
  display_phone_number: z.string().nullable(),
  webhooks: z.number().int(),
  first_at: Time,
  last_at: Time,
});

/** What Meta says of a number just now. */
const NumberState = z.object({
  display_phone_number: z.string(),
  verified_name: z.string().nullable(),
  name_status: z.string().nullable(),
  quality_rating: z.string().nullable(),
  messaging_limit: z.string().nullable(),
  throughput: z.string().nullable().describe("STANDARD: 80 messages a second, HIGH: 1,000"),
  registered: z.boolean().nullable().describe("With the Cloud API: what is not can't send"),
  verified: z.boolean().nullable().describe("By a code that Meta sent to it"),
  has_pin: z.boolean().nullable().describe("Two-step verification is on"),
  test_number: z.boolean(),
  callback_url: z
    .string()
    .nullable()
    .describe("Where its messages' webhooks go, when not to the app's callback URL"),
  silence_after_s: z
    .number()
    .int()
    .nullable()
    .describe("A notice tells of it when it hears nothing for so long"),
  profile: z.object({
    about: z.string().nullable(),
    address: z.string().nullable(),
    description: z.string().nullable(),
    email: z.string().nullable(),
    profile_picture_url: z.string().nullable(),
    websites: z.array(z.string()),
    vertical: z.string().nullable(),
  }),
});

const Override = z
  .object({
    callback_url: CallbackUrl.nullable().describe("Null: to the app's callback URL, as others"),
    verify_token: VerifyToken.optional().describe("Left out: the connection's"),
  })
  .strict();

const Preferences = z.object({
  kinds: z.array(z.enum(NOTICE_KINDS)).describe("Told by email"),
  digest_minutes: z
    .number()
    .int()
    .min(1)
    .max(1_440)
    .describe("How long notices are collected between two emails"),
});

/** Meta apps that people add, their accounts and numbers, and what no workspace took. */
export const connectionRoutes = {
  "POST /api/v1/connections": {
    needs: manage("connections"),
    summary: "Add a Meta app; without a verify token one is made up",
    body: z
      .object({
        name: Name,
        app_id: MetaId.nullable().default(null),
        app_secret: Secret,
        access_token: Secret.nullable().default(null),
        verify_token: VerifyToken.nullable().default(null),
      })
      .strict(),
    response: Connection,
    status: 201,
  },
  "PATCH /api/v1/connections/:id": {
    needs: manage("connections"),
    summary: "Rename a connection, replace its tokens, or share it with other workspaces",
    params: ById,
    body: z
      .object({
        name: Name.optional(),
        app_id: MetaId.nullable().optional(),
        access_token: Secret.optional(),
        verify_token: VerifyToken.optional(),
        shared: z.boolean().optional(),
      })
      .strict(),
    response: Connection,
  },
  "DELETE /api/v1/connections/:id": {
    needs: manage("connections"),
    summary: "Remove a connection that has no accounts and numbers",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/connections/:id/verify_token": {
    needs: manage("connections"),
    summary: "The verify token, to type into Meta's webhook settings",
    params: ById,
    response: z.object({ verify_token: z.string().nullable() }),
  },
  "POST /api/v1/connections/:id/rotate-app-secret": {
    needs: manage("connections"),
    step_up: true,
    summary: "Replace the app secret; signatures by the one before are accepted for some hours more",
    params: ById,
    body: z.object({ app_secret: Secret, keep_hours: z.number().int().min(0).max(168).default(24) }).strict(),
    response: Connection,
  },
  "POST /api/v1/connections/:id/check": {
    needs: manage("connections"),
    summary: "Ask Meta whether token, secret, callback URL, fields, accounts and numbers are as they must be",
    params: ById,
    body: z.object({ callback_url: CallbackUrl.optional().describe("Where its webhooks shall go") }).strict(),
    response: Connection,
  },
  "POST /api/v1/connections/:id/subscribe": {
    needs: manage("connections"),
    summary: "Register the callback URL and the fields with Meta, which verifies the URL at once",
    params: ById,
    body: z.object({ callback_url: CallbackUrl }).strict(),
    response: Connection,
  },
  "GET /api/v1/connections/:id/accounts": {
    needs: manage("connections"),
    summary: "The accounts of a connection, and to which workspace each belongs",
    params: ById,
    response: z.object({ data: z.array(Account) }),
  },
  "POST /api/v1/connections/:id/accounts": {
    needs: manage("connections"),
    summary:
      "Add an account with its numbers, for this workspace or, on a shared connection, for another of yours",
    params: ById,
    body: z.object({ waba_id: MetaId, workspace_id: Id.optional() }).strict(),
    response: z.object({ data: z.array(Account) }),
  },
  "POST /api/v1/connections/:id/accounts/:waba_id/subscribe": {
    needs: manage("connections"),
    summary:
      "Have an account's webhooks sent to this app, those of messages to another address if one is given",
    params: ById.extend({ waba_id: MetaId }),
    body: Override,
    response: z.object({ data: z.array(Account) }),
  },
  "GET /api/v1/unrouted": {
    needs: manage("connections"),
    summary: "Webhooks that belong to no known workspace, by account and number, the newest first",
    response: z.object({ data: z.array(Unrouted) }),
  },
  "POST /api/v1/unrouted/adopt": {
    needs: manage("connections"),
    summary: "Give an account to a workspace, and process the webhooks that waited for it",
    body: z.object({ connection_id: Id, waba_id: MetaId, workspace_id: Id.optional() }).strict(),
    response: z.object({ webhooks: z.number().int().describe("How many are processed now") }),
  },
  "POST /api/v1/unrouted/discard": {
    needs: manage("connections"),
    summary: "No longer keep the webhooks of an account that belongs to no one here",
    body: z.object({ connection_id: Id, waba_id: z.string().max(100) }).strict(),
    response: z.object({ webhooks: z.number().int() }),
  },
  "GET /api/v1/phone_numbers/:id/settings": {
    needs: manage("connections"),
    summary: "What Meta says of a number just now, with its business profile",
    params: ById,
    response: NumberState,
  },
  "PATCH /api/v1/phone_numbers/:id/settings": {
    needs: manage("connections"),
    summary: "Change when a number's silence is told of",
    params: ById,
    body: z.object({ silence_after_s: z.number().int().min(300).max(2_592_000).nullable() }).strict(),
    response: NumberState,
  },
  "PATCH /api/v1/phone_numbers/:id/profile": {
    needs: manage("connections"),
    summary: "Change the business profile that customers see; an empty text takes a part away",
    params: ById,
    body: z
      .object({
        about: z.string().min(1).max(139).optional(),
        address: z.string().max(256).optional(),
        description: z.string().max(512).optional(),
        email: z.union([z.literal(""), z.email().max(128)]).optional(),
        websites: z
          .array(z.url({ protocol: /^https?$/ }).max(256))
          .max(2)
          .optional(),
        vertical: z
          .string()
          .regex(/^[A-Z_]{2,40}$/)
          .optional(),
      })
      .strict(),
    response: NumberState,
  },
  "POST /api/v1/phone_numbers/:id/register": {
    needs: manage("connections"),
    summary: "Register a number with Meta's Cloud API, by the PIN of its two-step verification",
    params: ById,
    body: z.object({ pin: Pin }).strict(),
    response: NumberState,
  },
  "POST /api/v1/phone_numbers/:id/deregister": {
    needs: manage("connections"),
    summary: "Take a number out of Meta's Cloud API; it can't send until it is registered again",
    params: ById,
    response: NumberState,
  },
  "POST /api/v1/phone_numbers/:id/pin": {
    needs: manage("connections"),
    summary: "Set or change the PIN of two-step verification",
    params: ById,
    body: z.object({ pin: Pin }).strict(),
    response: NumberState,
  },
  "POST /api/v1/phone_numbers/:id/request-code": {
    needs: manage("connections"),
    summary: "Have Meta send a code to the number, by text message or call",
    params: ById,
    body: z
      .object({
        method: z.enum(["SMS", "VOICE"]),
        language: z
          .string()
          .regex(/^[a-z]{2,3}(?:_[A-Z]{2})?$/)
          .default("en_US"),
      })
      .strict(),
    response: NumberState,
  },
  "POST /api/v1/phone_numbers/:id/verify-code": {
    needs: manage("connections"),
    summary: "Verify a number by the code that Meta sent to it",
    params: ById,
    body: z.object({ code: z.string().regex(/^\d{3}-?\d{3}$/, "must be six digits") }).strict(),
    response: NumberState,
  },
  "POST /api/v1/phone_numbers/:id/override": {
    needs: manage("connections"),
    summary: "Have the webhooks of a number's messages sent to another address, or no longer",
    params: ById,
    body: Override,
    response: NumberState,
  },
  "GET /api/v1/intake_health": {
    needs: manage("connections", "webhooks"),
    summary: "Of the last days: when Wharf could take no webhooks, and requests whose signature was wrong",
    query: z.object({ days: z.coerce.number().int().min(1).max(90).default(7) }),
    response: z.object({
      outages: z.array(z.object({ began_at: Time, ended_at: Time })).describe("Newest first"),
      rejects: z
        .array(z.object({ connection_id: Id, requests: z.number().int(), last_at: Time }))
        .describe("By connection: wrong signatures"),
      pending: z.number().int().describe("Webhooks that wait to be processed, of all workspaces"),
      oldest_pending_at: Time.nullable(),
    }),
  },
  "GET /api/v1/notice_preferences": {
    needs: "everyone",
    summary: "Of which notices you are told by email",
    response: Preferences.extend({
      mail_configured: z.boolean().describe("Without a mail server no email leaves"),
      error: z.string().nullable().describe("Why the last email to you could not be sent; null: it was"),
      retry_at: Time.nullable(),
    }),
  },
  "PUT /api/v1/notice_preferences": {
    needs: "everyone",
    summary: "Choose of which notices you are told by email",
    body: Preferences.strict(),
    response: Preferences,
  },
} satisfies Record<string, Endpoint>;

import { z } from "zod";
import { languageOf } from "../webhook/webhook.ts";

/** What Meta's Graph API answers, as far as we read it: the rest passes by. Ids are text, however they came. */
const id = z.union([z.string(), z.number()]).transform(String);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
/** Sizes come as numbers or as text. */
const count = z.coerce.number().int().nonnegative().nullish().catch(null);

export const sentShape = z.object({
  contacts: z.array(z.object({ input: text, wa_id: text, user_id: text })).optional(),
  messages: z.tuple([z.object({ id: z.string().min(1), message_status: text })], z.unknown()),
});

export const successShape = z.object({ success: z.literal(true) });

export const idShape = z.object({ id });

export const mediaShape = z
  .object({ url: z.string(), mime_type: text, sha256: text, file_size: count })
  .transform(({ file_size, ...rest }) => ({ ...rest, size_bytes: file_size ?? null }));
export type GraphMedium = z.infer<typeof mediaShape>;

/** One that is odd in a part is read without it: a whole list must not hang on it. */
export const templateShape = z.object({
  id,
  name: text.catch(null),
  language: text.transform(languageOf).catch(null),
  /** APPROVED, PENDING, REJECTED, PAUSED, DISABLED, …: what Meta says next year is kept too. */
  status: text.transform((status) => status?.toUpperCase() ?? null).catch(null),
  category: text.catch(null),
  parameter_format: text.catch(null),
  components: z
    .array(z.looseObject({ type: z.string() }))
    .nullish()
    .transform((components) => components ?? null)
    .catch(null),
  rejected_reason: text.transform((reason) => (reason === "NONE" ? null : reason)).catch(null),
  quality_score: z
    .object({ score: text })
    .nullish()
    .transform((quality) => quality?.score ?? null)
    .catch(null),
});
export type GraphTemplate = z.infer<typeof templateShape>;

export const createdTemplateShape = z.object({ id, status: z.string(), category: text });

/** Of a resumable upload: its session, and then the handle of the file. */
export const SESSION = /^upload:[\w+=:-]+(?:\?[\w+=&%:.-]*)?$/;
export const sessionShape = z.object({ id: z.string().regex(SESSION) });
export const handleShape = z.object({ h: z.string().min(1) });

export const numberShape = z.object({
  id,
  display_phone_number: z.string(),
  verified_name: text,
  quality_rating: text,
  /** STANDARD: 80 messages a second, HIGH: 1,000. */
  throughput: z
    .object({ level: text })
    .nullish()
    .transform((throughput) => throughput?.level ?? null),
  whatsapp_business_manager_messaging_limit: text,
  name_status: text,
  code_verification_status: text,
  /** CONNECTED: registered with the Cloud API. */
  status: text,
});
export type GraphNumber = z.infer<typeof numberShape>;

/** The same with what an operator sets at the number itself. */
export const numberStateShape = numberShape.extend({
  is_pin_enabled: z
    .boolean()
    .nullish()
    .transform((enabled) => enabled ?? null),
  /** SANDBOX: Meta's test number. */
  account_mode: text,
  /** Where its webhooks go, the most special first. */
  webhook_configuration: z
    .object({ phone_number: text, whatsapp_business_account: text, application: text })
    .nullish()
    .transform((given) => given ?? null),
});
export type GraphNumberState = z.infer<typeof numberStateShape>;

export const profileShape = z.object({
  data: z.tuple(
    [
      z.object({
        about: text,
        address: text,
        description: text,
        email: text,
        profile_picture_url: text,
        websites: z
          .array(z.string())
          .nullish()
          .transform((sites) => sites ?? []),
        vertical: text,
      }),
    ],
    z.unknown(),
  ),
});
export type GraphProfile = z.infer<typeof profileShape>["data"][0];

export const accountShape = z.object({
  id,
  name: text,
  account_review_status: text,
  /** Whether each of what a message needs lets it be sent: BUSINESS, WABA, APP, with Meta's words where it does not. */
  health_status: z
    .object({
      entities: z
        .array(
          z.object({
            entity_type: z.string(),
            can_send_message: text,
            errors: z
              .array(z.object({ error_code: count, error_description: text, possible_solution: text }))
              .nullish()
              .transform((errors) => errors ?? [])
              .catch([]),
          }),
        )
        .catch([]),
    })
    .nullish()
    .transform((health) => health?.entities ?? []),
});

export const appSubscriptionsShape = z.object({
  data: z.array(
    z.object({
      object: z.string(),
      callback_url: text,
      active: z.boolean().nullish(),
      fields: z
        .array(z.object({ name: z.string() }).transform(({ name }) => name))
        .nullish()
        .transform((fields) => fields ?? []),
    }),
  ),
});

export const subscriptionsShape = z.object({
  data: z.array(
    z
      .object({
        whatsapp_business_api_data: z.object({ id, name: text }),
        override_callback_uri: text,
      })
      .transform(({ whatsapp_business_api_data, override_callback_uri }) => ({
        app_id: whatsapp_business_api_data.id,
        app_name: whatsapp_business_api_data.name,
        override_callback_uri,
      })),
  ),
});
export type GraphSubscription = z.infer<typeof subscriptionsShape>["data"][number];

export const appShape = z.object({ id, name: text });

export const tokenShape = z.object({
  data: z.object({
    app_id: id,
    is_valid: z.boolean(),
    /** Unix seconds; 0: never. */
    expires_at: z.number().nullish(),
    scopes: z.array(z.string()).default([]),
    granular_scopes: z
      .array(z.object({ scope: z.string(), target_ids: z.array(id).default([]) }))
      .default([]),
    error: z.object({ message: text }).nullish(),
  }),
});
export type GraphToken = z.infer<typeof tokenShape>["data"];

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    paging: z
      .object({
        cursors: z.object({ after: z.string().optional() }).optional(),
        next: z.string().optional(),
      })
      .optional(),
  });

/** A participant that is odd is left out, and counted by `total_participant_count` alone. */
export const groupShape = z
  .object({
    subject: text.catch(null),
    description: text.catch(null),
    suspended: z.coerce.string().nullish().catch(null),
    join_approval_mode: text.catch(null),
    total_participant_count: count,
    participants: z
      .array(z.object({ wa_id: text, user_id: text }).nullable().catch(null))
      .nullish()
      .catch(null),
  })
  .transform(({ suspended, participants, total_participant_count, ...rest }) => ({
    ...rest,
    suspended: suspended === "true",
    participants: participants?.filter((one) => one !== null) ?? null,
    /** Besides the business; null when Meta does not say. */
    participant_count: total_participant_count ?? null,
  }));
export type GraphGroup = z.infer<typeof groupShape>;

import { tableOf } from "../base/table-of.ts";
const MB = 1024 * 1024;

/** Meta's limits. Lengths are in characters, as JavaScript counts them. */
export const LIMITS = {
  name: 512,
  header: 60,
  body: 1_024,
  footer: 60,
  button: 25,
  /** Of the address of a URL button, its variable not counted. */
  url: 2_000,
  phone: 20,
  /** Of a coupon, and of a one-time code. */
  code: 15,
  buttons: 10,
  /** Of each kind that has a limit of its own. */
  buttons_of_kind: { URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, VOICE_CALL: 1, FLOW: 1, CATALOG: 1, MPM: 1 },
  cards: { least: 2, most: 10 },
  card_body: 160,
  card_buttons: 2,
  offer: 16,
  offer_body: 600,
  code_minutes: { least: 1, most: 90 },
  apps: 5,
  emoji: 10,
  /** How long Meta tries to deliver, in seconds. Source: Meta's page of time-to-live. */
  ttl_s: tableOf<{ least: number; most: number }>({
    AUTHENTICATION: { least: 30, most: 900 },
    UTILITY: { least: 30, most: 43_200 },
    MARKETING: { least: 43_200, most: 2_592_000 },
  }),
  /** What Meta takes as the sample of a header. */
  samples: tableOf<{ types: readonly string[]; bytes: number }>({
    IMAGE: { types: ["image/jpeg", "image/png"], bytes: 5 * MB },
    VIDEO: { types: ["video/mp4"], bytes: 16 * MB },
    DOCUMENT: { types: ["application/pdf"], bytes: 100 * MB },
  }),
  /** Of one that is approved. */
  edits: { a_day: 1, in_30_days: 10 },
} as const;

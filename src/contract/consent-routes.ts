import { z } from "zod";
import { manage, read, work } from "./permissions.ts";
import * as consent from "./consent.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";
import { MarketingState, Time } from "./shapes.ts";

/** What a list, or a file, of the ledger is cut to. */
export const LedgerFilter = {
  source: consent.ConsentSource.optional(),
  state: MarketingState.optional().describe("What the entry says"),
  since: Time.optional(),
  until: Time.optional(),
  search: z.string().max(200).optional().describe("A name or a number, or a part of one"),
  contact_id: z.uuid().optional(),
};
export const BlacklistFilter = { search: z.string().max(200).optional() };

export const consentRoutes = {
  "GET /api/v1/consent": {
    needs: read("audience"),
    summary: "The consent ledger: every statement about marketing with its evidence, newest first",
    query: Page.extend(LedgerFilter),
    response: list(consent.ConsentEntry),
  },
  "GET /api/v1/consent/words": {
    needs: read("audience"),
    summary: "The words by which people stop, start and confirm marketing",
    response: consent.ConsentWords,
  },
  "POST /api/v1/consent/words": {
    needs: manage("audience"),
    summary: "Add a word or a button; it counts for messages that are written from now on",
    body: consent.NewOwnWord,
    response: consent.OwnWord,
    status: 201,
    idempotent: "leased",
  },
  "DELETE /api/v1/consent/words/:id": {
    needs: manage("audience"),
    summary: "Take a word back; it counts for what was written before",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "PATCH /api/v1/consent/words/defaults": {
    needs: manage("audience"),
    summary: "Switch the product's words of a language, or of all, off or on again",
    body: consent.DefaultsChange,
    response: consent.ConsentWords,
  },
  "POST /api/v1/consent/words/test": {
    needs: read("audience"),
    audited: false,
    summary: "What a message would do, by the words that count now",
    body: consent.WordTest,
    response: consent.WordTestResult,
  },
  "GET /api/v1/consent/settings": {
    needs: read("audience"),
    summary: "Double opt-in, and what a STOP and a yes are answered by",
    response: consent.ConsentSettings,
  },
  "PATCH /api/v1/consent/settings": {
    needs: manage("audience"),
    summary: "Change them; what is not named stays",
    body: consent.ConsentSettingsChange,
    response: consent.ConsentSettings,
  },
  "GET /api/v1/contacts/:id/consent": {
    needs: read("audience", "inbox"),
    sees: "contact",
    summary: "Proof of consent: all that was ever said about marketing by one person, or of them",
    params: ById,
    response: consent.ConsentProof,
  },
  "POST /api/v1/contacts/:id/consent": {
    needs: work("audience", "inbox"),
    sees: "contact",
    summary: "Change a contact's consent, with a reason that stands in the ledger",
    params: ById,
    body: consent.ConsentChange,
    response: consent.ConsentEntry,
    status: 201,
    idempotent: "leased",
  },
  "GET /api/v1/blacklist": {
    needs: read("audience"),
    summary: "People who get no marketing, newest first",
    query: Page.extend(BlacklistFilter),
    response: list(consent.Blacklisted),
  },
  "POST /api/v1/blacklist": {
    needs: work("audience"),
    summary: "Put a number on the blacklist; a contact is made where there is none",
    body: consent.NewBlacklisted,
    response: consent.Blacklisted,
    status: 201,
    idempotent: "leased",
  },
  "GET /api/v1/blacklist/check": {
    needs: read("audience"),
    summary: "Whether a number is on the blacklist",
    query: z.object({ phone: z.string().min(1).max(100) }),
    response: consent.BlacklistCheck,
  },
  "POST /api/v1/blacklist/:id/remove": {
    needs: work("audience"),
    summary: "Take a contact off the blacklist, with a reason; that is no consent by itself",
    params: ById,
    body: consent.BlacklistRemoval,
    response: consent.ConsentEntry,
    idempotent: "leased",
  },
  "GET /api/v1/marketing_policy": {
    needs: read("audience", "settings", "campaigns"),
    summary: "The limits of marketing: the frequency cap and the quiet hours",
    response: consent.MarketingPolicy,
  },
  "PATCH /api/v1/marketing_policy": {
    needs: manage("audience"),
    summary: "Change the limits of marketing; null switches one off, what is not named stays",
    body: consent.MarketingPolicyChange,
    response: consent.MarketingPolicy,
  },
} as const satisfies Record<string, Endpoint>;

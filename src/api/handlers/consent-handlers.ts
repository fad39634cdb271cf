import * as consent from "../../consent/consent.ts";
import type { Handlers } from "../http/http.ts";
import type { Caller } from "../people/people.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** An agent by name; a key of the API says nothing of who used it. */
const tellerOf = ({ user }: Caller): consent.Teller => ({ user_id: user?.id ?? null });

/** Those who wait for it, or leave by it, are woken. */
const consentTold =
  ({ happened, clock }: HandlerDeps): consent.ConsentTold =>
  async (tx, workspace_id, contact_ids) => {
    const at = new Date(clock.now());
    await happened?.(
      tx,
      contact_ids.map((contact_id) => ({ workspace_id, contact_id, at, kind: "consent_changed" })),
    );
  };

/** The consent ledger, words, double opt-in, the blacklist, and the limits of marketing. */
export function consentHandlers(deps: HandlerDeps) {
  const { db, clock } = deps;
  const told = consentTold(deps);
  return {
    "GET /api/v1/consent": ({ caller, query }) => consent.listEntries(db, caller.workspace_id, query),
    "GET /api/v1/consent/words": ({ caller }) => consent.getWords(db, caller.workspace_id),
    "POST /api/v1/consent/words": ({ caller, body }) =>
      consent.addWord(db, caller.workspace_id, body, tellerOf(caller).user_id),
    "DELETE /api/v1/consent/words/:id": async ({ caller, params }) => {
      await consent.removeWord(db, caller.workspace_id, params.id);
      return null;
    },
    "PATCH /api/v1/consent/words/defaults": ({ caller, body }) =>
      consent.switchDefaults(db, caller.workspace_id, body, tellerOf(caller).user_id),
    "POST /api/v1/consent/words/test": ({ caller, body }) => consent.testWords(db, caller.workspace_id, body),
    "GET /api/v1/consent/settings": ({ caller }) => consent.readSettings(db, caller.workspace_id),
    "PATCH /api/v1/consent/settings": ({ caller, body }) =>
      consent.changeSettings(db, caller.workspace_id, body),
    "GET /api/v1/contacts/:id/consent": ({ caller, params }) =>
      consent.proveConsent(db, caller.workspace_id, params.id, clock.now()),
    "POST /api/v1/contacts/:id/consent": ({ caller, params, body }) =>
      consent.changeConsent(db, caller.workspace_id, params.id, body, tellerOf(caller), told),
    "GET /api/v1/blacklist": ({ caller, query }) => consent.listBlacklist(db, caller.workspace_id, query),
    "POST /api/v1/blacklist": ({ caller, body }) =>
      consent.addToBlacklist(db, caller.workspace_id, body, tellerOf(caller), told),
    "GET /api/v1/blacklist/check": ({ caller, query }) =>
      consent.checkBlacklist(db, caller.workspace_id, query.phone),
    "POST /api/v1/blacklist/:id/remove": ({ caller, params, body }) =>
      consent.removeFromBlacklist(db, caller.workspace_id, params.id, body.reason, tellerOf(caller), told),
    "GET /api/v1/marketing_policy": ({ caller }) => consent.getPolicy(db, caller.workspace_id),
    "PATCH /api/v1/marketing_policy": ({ caller, body }) =>
      consent.changePolicy(db, caller.workspace_id, body, tellerOf(caller).user_id),
  } satisfies Partial<Handlers>;
}

export type ConsentRoute = keyof ReturnType<typeof consentHandlers>;

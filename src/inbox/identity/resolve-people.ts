import type { Tx } from "../../db/db.ts";
import { type ConversationRef, recordConsents } from "../folds/folds.ts";
import { refreshContacts } from "./contact-rows.ts";
import type { Facts } from "../facts/facts.ts";
import { resolveIdentities, type ResolvedIdentities } from "./identities.ts";
import type { ContactRef } from "./identity-rows.ts";
import { regroupThreads } from "./regroup.ts";

export interface ResolvedPeople extends Pick<ResolvedIdentities, "contactOf"> {
  /** Contacts that are new, or show something new. */
  contacts: ContactRef[];
  /** Conversations that contacts which became one, or several, have now. */
  threads: ConversationRef[];
  /** Contacts turned out to be another one, see `takeJoins`. */
  joined: boolean;
}

/** What is said of people: who is who, what they are called, and whether they want marketing. Locks contacts. */
export async function resolvePeople(tx: Tx, facts: Facts): Promise<ResolvedPeople> {
  const identities = await resolveIdentities(tx, facts);
  await recordConsents(tx, facts.consents);
  const regrouped = await regroupThreads(tx, identities.regrouped);
  const consenting = facts.consents.map(({ workspace_id, identity }) => ({
    workspace_id,
    id: identities.contactOf(workspace_id, identity),
  }));
  const renamed = await refreshContacts(
    tx,
    [...regrouped.contacts, ...consenting],
    identities.named,
    identities.shown,
  );
  return {
    contactOf: (workspace_id, identity) => identities.contactOf(workspace_id, identity),
    contacts: [...identities.created, ...renamed, ...regrouped.contacts],
    threads: regrouped.threads,
    joined: regrouped.joined,
  };
}

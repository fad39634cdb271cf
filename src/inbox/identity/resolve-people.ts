import type { Tx } from "../../db/db.ts";
import { type ConversationRef, recordConsents } from "../folds/folds.ts";
import { refreshContacts } from "./contact-rows.ts";
import type { Facts } from "../facts/facts.ts";
import { resolveIdentities, type ResolvedIdentities } from "./identities.ts";
import type { ContactRef } from "./identity-rows.ts";
import { regroupThreads } from "./regroup.ts";

export interface StartedPeople extends Pick<ResolvedIdentities, "contactOf"> {
  /** Conversations that contacts which became one, or several, have now. */
  threads: ConversationRef[];
  /** Contacts turned out to be another one, see `takeJoins`. */
  joined: boolean;
  /** Brings contacts to what is said of them; their rows are locked before. Those that are new, or show something new. */
  finish: () => Promise<ContactRef[]>;
}

export interface ResolvedPeople extends Omit<StartedPeople, "finish"> {
  /** Contacts that are new, or show something new. */
  contacts: ContactRef[];
}

/**
 * What is said of people: who is who, what they are called, and whether they want marketing. Locks contacts, and does not
 * wait for it: what they show is needed at the end only, and then the answer has come with others.
 */
export async function startPeople(tx: Tx, facts: Facts): Promise<StartedPeople> {
  const identities = await resolveIdentities(tx, facts);
  recordConsents(tx, facts.consents);
  const regrouped = await regroupThreads(tx, identities.regrouped);
  const consenting = facts.consents.map(({ workspace_id, identity }) => ({
    workspace_id,
    id: identities.contactOf(workspace_id, identity),
  }));
  return {
    contactOf: (workspace_id, identity) => identities.contactOf(workspace_id, identity),
    threads: regrouped.threads,
    joined: regrouped.joined,
    async finish() {
      const stale = [...regrouped.contacts, ...consenting];
      const renamed = await refreshContacts(tx, stale, identities.named, await identities.shown);
      return [...identities.created, ...renamed, ...regrouped.contacts];
    },
  };
}

/** The same to its end. */
export async function resolvePeople(tx: Tx, facts: Facts): Promise<ResolvedPeople> {
  const { finish, ...people } = await startPeople(tx, facts);
  return { ...people, contacts: await finish() };
}

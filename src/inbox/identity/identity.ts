/** Who is who: evidence, contacts, and conversations regrouped when it changes. */
export { refreshContacts } from "./contact-rows.ts";
export { resolveIdentities } from "./identities.ts";
export { lockContacts, lockGrowth, lockStructure } from "./identity-rows.ts";
export { createRejoin } from "./rejoin-numbers.ts";
export { askTellings, tieRecipients } from "./recipients.ts";
export { resolvePeople, startPeople } from "./resolve-people.ts";
export { type Regrouping, takeJoins } from "./regroup.ts";

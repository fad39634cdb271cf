/** A webhook's bytes: their signature, their events, and slices of the original text. */
export { kindsOf, SUBSCRIPTION_OF_KIND } from "./event-kinds.ts";
export { BSUID } from "./people.ts";
export { failureOf, itemOf, readWebhook } from "./read-webhook.ts";
export { signBody, verifySignature } from "./signature.ts";
export { sliceWebhook } from "./slice-webhook.ts";
export { languageOf } from "./template-items.ts";

/** What a request carries beside its body: the signature, custom headers, and what of it may be logged. */
export {
  changeHeaders,
  type CustomHeaders,
  type HeaderChanges,
  openHeaders,
  reseal,
  type SealedHeaders,
  sealHeaders,
} from "./custom-headers.ts";
export { conceal, readLoggedHeaders } from "./request-headers.ts";
export { drawSecret, type SecretSource } from "./secrets.ts";
export { createSigner, type Signer } from "./signer.ts";

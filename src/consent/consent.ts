/**
 * What a workspace sets about consent, and what people see of it: the ledger, the words and buttons that count, double
 * opt-in and answers, the blacklist, and the limits of marketing. What was said is the inbox's, which folds it; whether a
 * message may go is decided where sends are claimed.
 */
export { applyConsent } from "./apply.ts";
export { ask } from "./asking.ts";
export {
  addToBlacklist,
  checkBlacklist,
  eachBlacklisted,
  listBlacklist,
  removeFromBlacklist,
} from "./blacklist.ts";
export { block, changeConsent, type Blocked, type ConsentTold, type Teller } from "./changes.ts";
export { eachEntry, listEntries, proveConsent, type ConsentEntry, type LedgerFilter } from "./ledger.ts";
export { createConsentMessages, dropMessages, type Queue } from "./messages.ts";
export { limitsOf, type MarketingLimits } from "./policy-rows.ts";
export { changePolicy, getPolicy } from "./policy.ts";
export { quietUntil, type QuietHours } from "./quiet-hours.ts";
export { changeSettings, readSettings } from "./settings.ts";
export { doubleOptInUse } from "./template-use.ts";
export { addWord, getWords, removeWord, switchDefaults, testWords } from "./words.ts";

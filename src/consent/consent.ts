/**
 * What a workspace sets about consent, and what people see of it: the marketing limits. What was said is the inbox's, which
 * folds it; whether a message may go is decided where sends are claimed.
 */
export { limitsOf, type MarketingLimits } from "./policy-rows.ts";
export { longestQuiet_min, quietUntil, type QuietHours } from "./quiet-hours.ts";

/**
 * What Meta says of accounts and business numbers by webhook: names, limits, quality, restrictions and bans. Kept as facts,
 * the newest of each aspect by Meta's clock (apply.ts); read where a number is shown or sends (standing.ts).
 */
export { applyAccounts } from "./apply.ts";
export { blockOf, factOf } from "./standing.ts";

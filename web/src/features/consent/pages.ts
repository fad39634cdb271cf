export { BlacklistPage } from "./blacklist-page.tsx";
export { LedgerPage } from "./ledger-page.tsx";
export { LimitsPage } from "./limits-page.tsx";
export { WordsPage } from "./words-page.tsx";

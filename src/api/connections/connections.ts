/** What owners do at Meta by the API: connections, their accounts and numbers, and what no workspace took. */
export { connectionHandlers } from "./connection-handlers.ts";
export type { ConnectionDeps } from "./connection-deps.ts";
export { numberHandlers, type NumberRoute } from "./number-handlers.ts";

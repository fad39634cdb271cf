/**
 * Webhooks on their way to users' own servers: which endpoints there are, what each is owed, and getting it there:
 * signed, unchanged, at least once, and never where it must not go.
 */
export { createEndpoints, MAX_ENDPOINTS, type Endpoints } from "./endpoints.ts";
export { createFanOut, type FanOutWebhook } from "./fan-out.ts";
export { createGuard, type Guard } from "./guard.ts";
export { createDispatcher, type Dispatcher } from "./dispatcher.ts";

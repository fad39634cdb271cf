/**
 * Webhooks on their way to users' own servers: which endpoints there are, what each is owed, and getting it there:
 * signed, unchanged, at least once, and never where it must not go.
 */
import { sliceWebhook } from "../meta/meta.ts";
import { createFanOut, createReplay } from "./fan-out.ts";

/** Writes what is owed to whom, in the pipeline's transaction. */
export const fanOut = createFanOut(sliceWebhook);
/** The same for one endpoint, later. */
export const replay = createReplay(sliceWebhook);
export { createEndpoints, type Endpoints } from "./endpoints.ts";
export { endpointKeysInUse, listHistory } from "./endpoint-rows.ts";
export { type FanOutWebhook } from "./fan-out.ts";
export { createGuard, type Guard } from "./guard.ts";
export { createDispatcher, type Dispatcher } from "./dispatcher.ts";
export { samples } from "./samples.ts";
export { createTester, type Tester } from "./tester.ts";
export { probe } from "./probe.ts";
export { measureDeliveries } from "./measure.ts";
export { createRetention, owed, type Retention } from "./retention.ts";
export { statsOf, statsOfAll } from "./stats.ts";
export { createRecoveries, type Recoveries, type RecoveryView } from "./recoveries.ts";
export { cancel, cancelPending, resend } from "./resend.ts";
export {
  getDelivery,
  getPayload,
  listDeliveries,
  type AttemptView,
  type DeliveryState,
  type DeliveryView,
} from "./views.ts";

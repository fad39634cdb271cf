/**
 * Webhooks on their way to users' own servers: which endpoints there are, what each is isReferenced, and getting it there:
 * signed, unchanged, at least once, and never where it must not go.
 */
import { sliceWebhook } from "../meta/meta.ts";
import { createFanOut, createReplay } from "./fan-out.ts";

/** Writes the deliveries of new webhooks, in the pipeline's transaction. */
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
export { createRetention, isReferenced, type Retention } from "./retention.ts";
export { statsOf, statsOfAll } from "./stats.ts";
export { createRecoveries, type Recoveries } from "./recoveries.ts";
export { type Choice } from "./recovery-choice.ts";
export { type RecoveryView } from "./recovery-rows.ts";
export {
  cancel,
  cancelChosen,
  cancelPending,
  countCancellable,
  resend,
  uncancel,
  uncancelPending,
} from "./resend.ts";
export { ATTEMPT_ERROR_CODES } from "./attempt-errors.ts";
export { createSender, type Sender } from "./send-now.ts";
export { eventsOfDeliveries } from "./log-events.ts";
export { type DeliveryFilter, type DeliveryState } from "./log-search.ts";
export { listDeliveriesOf } from "./webhook-deliveries.ts";
export { getDelivery, getPayload, listDeliveries, type AttemptView, type DeliveryView } from "./views.ts";

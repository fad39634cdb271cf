/**
 * Webhooks on their way to users' own servers: the endpoints, what is pending for each, and getting it there:
 * signed, unchanged, at least once, and never where it must not go.
 */
import { sliceWebhook } from "../meta/meta.ts";
import type { HandOff } from "./dispatch/dispatch.ts";
import { createFanOut, createReplay } from "./fan-out/fan-out.ts";

/** Writes the deliveries of new webhooks, in the pipeline's transaction. */
export const fanOut = createFanOut(sliceWebhook);
/** The same beside a dispatcher in this process: what it has room for goes to it at the commit. */
export const fanOutTo = (hand_off: HandOff) => createFanOut(sliceWebhook, hand_off);
/** The same for one endpoint, later. */
export const replay = createReplay(sliceWebhook);
export {
  createEndpoints,
  endpointKeysInUse,
  type Endpoints,
  listHistory,
  troubledEndpoints,
} from "./endpoints/endpoints.ts";
export { type FanOut, type FanOutWebhook, type OwnEvent, sendOwnEvents } from "./fan-out/fan-out.ts";
export {
  cancelCalls,
  type CallSecrets,
  type CallView,
  createCaller,
  createCallSecrets,
  type EndedCall,
  followCallJoins,
  forgetCalls,
  giveUpCalls,
  type NewCall,
  queueCalls,
  readCalls,
} from "./calls/calls.ts";
export { createGuard, type Guard } from "./http/http.ts";
export { createDispatcher, type Dispatcher } from "./dispatch/dispatch.ts";
export { createTester, samples, type Tester } from "./testing/testing.ts";
export {
  cancel,
  cancelChosen,
  cancelPending,
  type Choice,
  countCancellable,
  createRecoveries,
  createSender,
  dropPending,
  probe,
  type Recoveries,
  type RecoveryView,
  resend,
  type Sender,
  uncancel,
  uncancelPending,
} from "./recovery/recovery.ts";
export {
  type AttemptView,
  countPending,
  createRetention,
  type DeliveryFilter,
  type DeliveryState,
  type DeliveryView,
  eventsOfDeliveries,
  getDelivery,
  getPayload,
  isReferenced,
  listDeliveries,
  listDeliveriesOf,
  measureDeliveries,
  type Retention,
  statsOf,
  statsOfAll,
} from "./log/log.ts";
export { ATTEMPT_ERROR_CODES } from "./policy/policy.ts";

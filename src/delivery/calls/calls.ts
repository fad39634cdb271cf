/**
 * Requests that are made for something that waits for the answer: queued in the transaction of what asks, made by the
 * caller beside the dispatcher, with the same guard, deadline and signature, and told of in the transaction of the result.
 */
export { createCallSecrets, type CallSecrets } from "./call-secrets.ts";
export { createCaller, type Caller, type EndedCall } from "./caller.ts";
export {
  cancelCalls,
  followCallJoins,
  forgetCalls,
  giveUpCalls,
  queueCalls,
  readCalls,
  type CallView,
  type NewCall,
} from "./call-rows.ts";

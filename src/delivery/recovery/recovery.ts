/** Deliveries that a person sends again: one, those chosen, or all since a moment. */
export { dropPending } from "./drop-pending.ts";
export { probe } from "./probe.ts";
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
export { createSender, type Sender } from "./send-now.ts";

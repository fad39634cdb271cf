/** Deliveries sent again or cancelled: the dialogs, and how far it is. */
export { CancelChosenDialog } from "./cancel-chosen-dialog.tsx";
export { RecoveryList, RecoveryMenu, RecoveryProgress } from "./recovery-progress.tsx";
export { ResendDialog } from "./resend-dialog.tsx";

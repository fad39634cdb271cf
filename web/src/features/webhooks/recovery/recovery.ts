/** Deliveries sent again or cancelled: the dialogs, and how far it is. */
export { CancelChosenDialog } from "./cancel-chosen-dialog.tsx";
export { RecoveryList } from "./recovery-list.tsx";
export { RecoveryMenu } from "./recovery-menu.tsx";
export { RecoveryProgress } from "./recovery-progress.tsx";
export { ResendDialog } from "./resend-dialog.tsx";

/** The secret: shown, rotated, and how a receiver verifies. */
export { SecretDialog } from "./secret-dialog.tsx";
export { SecretSection } from "./secret-section.tsx";
export { Verify } from "./verify.tsx";

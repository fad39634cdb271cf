/** A new endpoint, and the settings of one that there is, with conflicting edits. */
export { AddWebhook } from "./add-webhook.tsx";
export { EditForm } from "./edit-form.tsx";

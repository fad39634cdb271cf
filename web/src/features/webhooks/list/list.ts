/** The page that lists all endpoints. */
export { WebhooksPage } from "./webhooks-page.tsx";

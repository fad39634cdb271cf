/** The pages of connections, fetched together. */
export { ConnectionsPage } from "./connections-page.tsx";
export { ConnectPage } from "./connect-page.tsx";
export { NumberPage } from "./number-page.tsx";

export { AuditPage } from "./audit-page.tsx";
export { PeoplePage } from "./people-page.tsx";
export { RolesPage } from "./roles-page.tsx";

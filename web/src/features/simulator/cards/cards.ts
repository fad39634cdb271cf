/** What else can be set: templates, faults, how webhooks are sent, limits, customers; and what was posted. */
export { AccessCard } from "./access-card.tsx";
export { FaultsCard } from "./faults-card.tsx";
export { LimitsCard, LineCard } from "./line-card.tsx";
export { LogCard } from "./log-card.tsx";
export { PeopleCard } from "./people-card.tsx";
export { TemplatesCard } from "./templates-card.tsx";

/** Deliveries and their attempts as people search and read them, their statistics, and their removal. */
export { countPending } from "./pending-count.ts";
export {
  type AttemptView,
  type DeliveryView,
  getDelivery,
  getPayload,
  listDeliveries,
  UNDER_WAY,
} from "./delivery-views.ts";
export { statsOf, statsOfAll } from "./endpoint-stats.ts";
export { measureDeliveries } from "./late-deliveries.ts";
export { eventsOfDeliveries } from "./log-events.ts";
export { createRetention, isReferenced, type Retention } from "./log-retention.ts";
export { type DeliveryFilter, type DeliveryState, searchLog } from "./log-search.ts";
export { purge } from "./purge.ts";
export { listDeliveriesOf } from "./webhook-deliveries.ts";
export { hashOfWamid } from "./wamids.ts";

import type { Endpoint } from "../../lib/types.ts";

/** What was sent to an endpoint, and what can be done about what was not received. */
export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  return <p>{endpoint.url}</p>;
}

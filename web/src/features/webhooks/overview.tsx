import type { Endpoint } from "../../lib/types.ts";

/** How an endpoint does over time, and what happened to it. */
export function Overview({ endpoint }: { endpoint: Endpoint }) {
  return <p>{endpoint.failures === 0 ? "Nothing has failed." : `${endpoint.failures} tries failed.`}</p>;
}

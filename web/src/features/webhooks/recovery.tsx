import type { Endpoint } from "../../lib/types.ts";

/** How far the recoveries of an endpoint are; nothing when none is under way. */
export function RecoveryProgress({ endpoint }: { endpoint: Endpoint }) {
  return <span hidden>{endpoint.id}</span>;
}

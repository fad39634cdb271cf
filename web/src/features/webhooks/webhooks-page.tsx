import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { endpointsQuery } from "../../lib/queries.ts";

/** Integration settings → Webhooks: where events are sent on to. */
export function WebhooksPage() {
  const query = useQuery(endpointsQuery);
  return (
    <div>
      <h1>Webhooks</h1>
      <ul>
        {query.data?.data.map((endpoint) => (
          <li key={endpoint.id}>
            <Link to="/settings/webhooks/$endpoint_id" params={{ endpoint_id: endpoint.id }}>
              {endpoint.url}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

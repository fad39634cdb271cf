import { sql, uuidArray, type Queryable } from "../../db/db.ts";
import { shown } from "../endpoints/endpoints.ts";
import {
  ATTEMPT_COLUMNS,
  COLUMNS,
  shownAttempt,
  type AttemptRow,
  type AttemptView,
  type DeliveryRow,
  type DeliveryView,
} from "./delivery-views.ts";

export type WebhookDelivery = DeliveryView & {
  endpoint: { id: string; url: string; description: string | null };
  attempt_log: AttemptView[];
};

/** More endpoints and replays than that no webhook has. */
const LIMIT = 500;

/**
 * Every delivery of a webhook with its attempts: endpoint by endpoint, the oldest first. Three statements, by
 * the indexes by journal_id, the key of endpoints and that of attempts. A deleted endpoint's deliveries are gone.
 */
export async function listDeliveriesOf(
  db: Queryable,
  workspace_id: string,
  journal_id: string,
): Promise<WebhookDelivery[]> {
  const rows = await db.rows<DeliveryRow>(sql`
    select ${COLUMNS} from deliveries where journal_id = ${journal_id} and workspace_id = ${workspace_id}
    order by id limit ${LIMIT}`);
  if (rows.length === 0) return [];
  const [endpoints, attempts] = await Promise.all([
    db.rows<WebhookDelivery["endpoint"]>(sql`
      select id, url, description from endpoints
      where workspace_id = ${workspace_id} and id = any(${uuidArray([...new Set(rows.map((row) => row.endpoint_id))])}::uuid[])
        and deleted_at is null
      order by created_at, id`),
    db.rows<AttemptRow & { delivery_id: string }>(sql`
      select delivery_id, ${ATTEMPT_COLUMNS} from attempts
      where workspace_id = ${workspace_id} and delivery_id = any(${uuidArray(rows.map(({ id }) => id))}::uuid[])
      order by attempt`),
  ]);
  const logs = new Map(rows.map(({ id }): [string, AttemptView[]] => [id, []]));
  for (const { delivery_id, ...attempt } of attempts) logs.get(delivery_id)?.push(shownAttempt(attempt));
  return endpoints.flatMap((endpoint) =>
    rows
      .filter(({ endpoint_id }) => endpoint_id === endpoint.id)
      .map((row) => ({ ...shown(row), endpoint, attempt_log: logs.get(row.id) ?? [] })),
  );
}

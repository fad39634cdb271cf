import { Problem, type SecretBox } from "../../base/base.ts";
import { sql, type Keep, type Tx } from "../../db/db.ts";
import { COLUMNS, toView, type EndpointRow, type EndpointView } from "./endpoint-rows.ts";
import { recordHistory, type HistoryKind } from "./endpoint-history.ts";
import { drawSecret } from "../signing/signing.ts";

/** Each throws NOT_FOUND. A dispatcher reads the endpoint at every claim, so it signs anew with the next one. */
export interface EndpointSecrets {
  /** A new secret; what is signed from now on is signed with it alone. A prepared one is forgotten. */
  rotateSecret(
    workspace_id: string,
    id: string,
    user_id?: string | null,
    keep?: Keep<{ secret: string }>,
  ): Promise<{ secret: string }>;
  /** The next secret, which signs nothing but tests until it is activated; replaces one prepared before. */
  prepareSecret(
    workspace_id: string,
    id: string,
    user_id?: string | null,
    keep?: Keep<{ secret: string }>,
  ): Promise<{ secret: string }>;
  /** The prepared secret signs from now on. Throws NO_PREPARED_SECRET. */
  activateSecret(workspace_id: string, id: string, user_id?: string | null): Promise<EndpointView>;
  /** Throws NO_PREPARED_SECRET. */
  discardSecret(workspace_id: string, id: string, user_id?: string | null): Promise<void>;
}

/** `change` runs its work in a transaction that wakes the dispatchers and tells the pages. */
export function createEndpointSecrets(deps: {
  box: SecretBox;
  now: () => Date;
  change: <T>(workspace_id: string, id: string, work: (tx: Tx) => Promise<T>) => Promise<T>;
}): EndpointSecrets {
  const { box, now, change } = deps;
  const note = (
    tx: Tx,
    workspace_id: string,
    endpoint_id: string,
    kind: HistoryKind,
    user_id: string | null,
  ) => recordHistory(tx, [{ workspace_id, endpoint_id, kind, user_id }]);
  const forgetPrepared =
    () => sql`next_secret_salt = null, next_secret_key_id = null, next_secret_fingerprint = null,
    next_secret_created_at = null, updated_at = ${now()}`;

  return {
    rotateSecret(workspace_id, id, user_id = null, keep) {
      const secret = drawSecret(box, id);
      return change(workspace_id, id, async (tx) => {
        await tx.run(sql`
          update endpoints set secret_salt = ${secret.secret_salt}, secret_key_id = ${secret.secret_key_id},
                 secret_fingerprint = ${secret.fingerprint}, secret_created_at = ${now()}, ${forgetPrepared()}
           where workspace_id = ${workspace_id} and id = ${id}`);
        await note(tx, workspace_id, id, "secret_rotated", user_id);
        await keep?.(tx, { secret: secret.text });
        return { secret: secret.text };
      });
    },

    prepareSecret(workspace_id, id, user_id = null, keep) {
      const secret = drawSecret(box, id);
      return change(workspace_id, id, async (tx) => {
        await tx.run(sql`
          update endpoints set next_secret_salt = ${secret.secret_salt}, next_secret_key_id = ${secret.secret_key_id},
                 next_secret_fingerprint = ${secret.fingerprint}, next_secret_created_at = ${now()},
                 updated_at = ${now()}
           where workspace_id = ${workspace_id} and id = ${id}`);
        await note(tx, workspace_id, id, "secret_prepared", user_id);
        await keep?.(tx, { secret: secret.text });
        return { secret: secret.text };
      });
    },

    activateSecret(workspace_id, id, user_id = null) {
      return change(workspace_id, id, async (tx) => {
        const row = await tx.first<EndpointRow>(sql`
          update endpoints set secret_salt = next_secret_salt, secret_key_id = next_secret_key_id,
                 secret_fingerprint = next_secret_fingerprint, secret_created_at = next_secret_created_at,
                 ${forgetPrepared()}
           where workspace_id = ${workspace_id} and id = ${id} and next_secret_salt is not null
          returning ${COLUMNS}`);
        if (!row) throw new Problem("NO_PREPARED_SECRET");
        await note(tx, workspace_id, id, "secret_activated", user_id);
        return toView(row);
      });
    },

    discardSecret(workspace_id, id, user_id = null) {
      return change(workspace_id, id, async (tx) => {
        const forgotten = await tx.run(sql`
          update endpoints set ${forgetPrepared()}
           where workspace_id = ${workspace_id} and id = ${id} and next_secret_salt is not null`);
        if (forgotten === 0) throw new Problem("NO_PREPARED_SECRET");
        await note(tx, workspace_id, id, "secret_discarded", user_id);
      });
    },
  };
}

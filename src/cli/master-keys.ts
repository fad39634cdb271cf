import { createSecretBox, OperatorError } from "../base/base.ts";
import type { Config } from "../config.ts";
import { connectionKeysInUse } from "../connections/connections.ts";
import type { Database } from "../db/db.ts";
import { endpointKeysInUse } from "../delivery/delivery.ts";

/**
 * What is stored was sealed with, or is derived from, master keys. Says which of them this Wharf was not given; null
 * when none is missing. `db`: migrated.
 */
export async function missingMasterKeys(db: Database, config: Config): Promise<string | null> {
  const box = createSecretBox(config.master_keys);
  const [endpoints, connections] = await Promise.all([endpointKeysInUse(db), connectionKeysInUse(db)]);
  const missing = [...new Set([...endpoints, ...connections])].filter((id) => !box.key_ids.includes(id));
  if (missing.length === 0) return null;
  const hit = (ids: readonly string[], what: string) =>
    ids.some((id) => missing.includes(id)) ? [what] : [];
  const locked = [
    ...hit(endpoints, "webhook endpoints can't be signed for"),
    ...hit(connections, "Meta's credentials can't be read"),
  ].join(" and ");
  return `The database was made with master key ${missing.join(" and ")}, which is not among those given (${box.key_ids.join(", ")}): ${locked}. Add it after the newest one in WHARF_MASTER_KEY, separated by a comma.`;
}

/** Refuses to start with the wrong key, before anything is answered, sent or sealed with it. */
export async function checkMasterKeys(db: Database, config: Config): Promise<void> {
  const missing = await missingMasterKeys(db, config);
  if (missing !== null)
    throw new OperatorError(
      `${missing} If it is lost for good, \`wharf start --without-lost-keys\` starts all the same; then give Meta's credentials again, rotate the endpoints' secrets, and enter their headers anew.`,
    );
}

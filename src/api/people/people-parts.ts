import { createHmac } from "node:crypto";
import type { Logger, SecretBox } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import type { Auth } from "./auth.ts";

/** Of the owner that the first start makes; it can be changed in the page. */
export const FIRST_EMAIL = "owner@wharf.local";

export interface PeopleDeps {
  db: Database;
  box: SecretBox;
  log: Logger;
}

/** What all that knows people has in common. */
export interface PeopleParts {
  db: Database;
  /** Its package is loaded when the first person comes. */
  auth: () => Promise<Auth>;
  /** Hashes of the operator's own key (WHARF_API_KEY), one a master key, the newest first. */
  environmentHashes: (key: string) => string[];
}

export function createParts(deps: PeopleDeps): PeopleParts {
  // An operator may choose a short key: who reads the database alone can't try them out.
  const pepper = (key_id: string) => deps.box.derive(Buffer.alloc(0), "wharf api key", key_id);
  const peppers = deps.box.key_ids.map(pepper);
  return {
    db: deps.db,
    auth: onDemand(deps),
    environmentHashes: (key) =>
      peppers.map((secret) => `hmac:${createHmac("sha256", secret).update(key).digest("base64url")}`),
  };
}

function onDemand(deps: PeopleDeps): () => Promise<Auth> {
  let loading: Promise<Auth> | null = null;
  return () =>
    (loading ??= import("./auth.ts").then(
      ({ createAuth }) => createAuth(deps),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    ));
}

/** better-auth hides what went wrong below it; when that was the database, the database's own error is the one to tell. */
export async function asking<T>({ db }: Pick<PeopleParts, "db">, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    await db.first(sql`select 1`);
    throw error;
  }
}

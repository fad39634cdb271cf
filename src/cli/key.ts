import { createPeople, type People } from "../api/api.ts";
import { createLog, createSecretBox, isId, OperatorError } from "../base/base.ts";
import { withMasterKeys } from "../config.ts";
import { withDatabase } from "./database.ts";
import { findWharf } from "./running.ts";

/** `wharf key make --name NAME [--workspace SLUG]`: prints the key, this once. */
export function makeKey(options: { name: string; workspace?: string }): Promise<void> {
  return withPeople(async (people) => {
    const { key } = await people.makeKey({ name: options.name, slug: options.workspace });
    console.log(key);
    console.error(
      "Keep it: it is not stored and can't be shown again. Use it as `Authorization: Bearer <key>`.",
    );
  });
}

/** `wharf key list`: what keys there are, without the keys. */
export function listKeys(): Promise<void> {
  return withPeople(async (people) => {
    const keys = await people.listKeys();
    for (const { id, name, start, last_request_at, expires_at } of keys) {
      const ended = expires_at !== null && expires_at.getTime() <= Date.now();
      const last = last_request_at === null ? "never used" : `last used ${last_request_at.toISOString()}`;
      const used = ended ? `${last}, expired` : last;
      console.log(`${id}  ${start === null ? "" : `${start}…  `}${name ?? "unnamed"}  ${used}`);
    }
    if (keys.length === 0) console.log("There are no API keys; `wharf key make --name NAME` makes one.");
  });
}

/** `wharf key revoke ID`: the key ends with the next request. */
export function revokeKey(id: string): Promise<void> {
  return withPeople(async (people) => {
    if (!isId(id) || !(await people.revokeKey(id))) {
      throw new OperatorError(`There is no API key ${id}; \`wharf key list\` shows them.`);
    }
    console.log("Revoked.");
  });
}

export function withPeople<T>(work: (people: People) => Promise<T>): Promise<T> {
  const config = withMasterKeys(findWharf().config);
  const log = createLog({ level: "warn", pretty: false });
  return withDatabase(config, log, (db) =>
    work(createPeople({ db, box: createSecretBox(config.master_keys), log })),
  );
}

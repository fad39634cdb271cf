import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createSecretBox, OperatorError } from "../../base/base.ts";
import { masterKeyPath, type Config } from "../../config.ts";
import { openKeys } from "./keys.ts";
import type { Manifest } from "./manifest.ts";

/** What is to be done about the master keys of a backup: nothing, or to write them where a start finds them. */
export interface KeyPlan {
  /** Null: there is nothing to write. */
  write: { path: string; line: string } | null;
  says: string;
}

/** Throws an OperatorError when what the backup holds could not be used, before anything is changed. */
export function planKeys(
  config: Config,
  { keys }: Pick<Manifest, "keys">,
  options: { passphrase: string | null; without_keys: boolean },
): KeyPlan {
  const path = masterKeyPath(config);
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : null;
  const here =
    config.master_keys.length > 0
      ? config.master_keys
      : (kept?.split(",").map((key) => Buffer.from(key.trim(), "base64")) ?? []);
  const known = here.length > 0 ? createSecretBox(here).key_ids : [];
  const missing = keys.ids.filter((id) => !known.includes(id));
  if (missing.length === 0) return { write: null, says: "Its master key is the one that is here." };
  if (keys.sealed !== null && options.passphrase !== null) {
    const line = openKeys(keys.sealed, options.passphrase);
    // A variable is another's to set: the key is laid beside, to be copied from there.
    if (config.master_keys.length > 0)
      return {
        write: { path: `${path}.restored`, line },
        says: `Its master key is in ${path}.restored: add it to WHARF_MASTER_KEY, after the newest one, separated by a comma, and delete that file.`,
      };
    return {
      write: { path, line: kept === null ? line : `${line},${kept}` },
      says: `Its master key is in ${path}.`,
    };
  }
  if (options.without_keys)
    return {
      write: null,
      says: "Its master key is missing: start with --without-lost-keys, then give Meta's credentials again and rotate the endpoints' secrets.",
    };
  throw new OperatorError(
    keys.sealed === null
      ? `The backup does not hold its master key (${missing.join(", ")}). Put your copy into ${path}, or into WHARF_MASTER_KEY; or add --without-keys when it is lost for good. Nothing was changed.`
      : `The master key (${missing.join(", ")}) of this backup is under a passphrase: set WHARF_BACKUP_PASSPHRASE, or name a file with it by --passphrase-file. Nothing was changed.`,
  );
}

export function writeKeys({ write }: KeyPlan, { data_dir }: Config): void {
  if (write === null) return;
  mkdirSync(data_dir, { recursive: true });
  writeFileSync(write.path, `${write.line}\n`, { mode: 0o600 });
}

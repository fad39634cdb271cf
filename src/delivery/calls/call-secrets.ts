import { newId, type SecretBox } from "../../base/base.ts";
import { sql, type Database, type Keep, type Queryable, type Tx } from "../../db/db.ts";
import { drawSecret, type SecretSource } from "../signing/signing.ts";

/** What a workspace's calls are signed with. */
export interface CallSecrets {
  /** Null: none was shown to anyone yet. */
  get(workspace_id: string): Promise<{ fingerprint: string; created_at: string } | null>;
  /** A new one, shown this once; calls from now on are signed with it alone. */
  rotate(workspace_id: string, keep?: Keep<{ secret: string }>): Promise<{ secret: string }>;
}

export function createCallSecrets({ db, box }: { db: Database; box: SecretBox }): CallSecrets {
  return {
    async get(workspace_id) {
      const row = await db.first<{ fingerprint: string; created_at: Date }>(sql`
        select secret_fingerprint as fingerprint, created_at from call_secrets where workspace_id = ${workspace_id}`);
      return row === undefined ? null : { ...row, created_at: row.created_at.toISOString() };
    },
    rotate: (workspace_id, keep) =>
      db.transaction(async (tx) => {
        const { text: secret } = await draw(
          tx,
          box,
          workspace_id,
          sql`do update set id = excluded.id,
          secret_salt = excluded.secret_salt, secret_key_id = excluded.secret_key_id,
          secret_fingerprint = excluded.secret_fingerprint, created_at = now()`,
        );
        await keep?.(tx, { secret });
        return { secret };
      }),
  };
}

async function draw(
  db: Pick<Queryable, "run">,
  box: SecretBox,
  workspace_id: string,
  conflict: ReturnType<typeof sql>,
) {
  const secret = drawSecret(box, newId());
  await db.run(sql`
    insert into call_secrets (workspace_id, id, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${secret.id}, ${secret.secret_salt}, ${secret.secret_key_id}, ${secret.fingerprint})
    on conflict (workspace_id) ${conflict}`);
  return secret;
}

/** By workspace. One that has none yet gets one that no one has seen: its calls are signed all the same. */
export async function readSecrets(
  db: Database,
  box: SecretBox,
  workspaces: readonly string[],
): Promise<Map<string, SecretSource>> {
  const read = async () => {
    const rows = await db.rows<SecretSource & { workspace_id: string }>(sql`
      select workspace_id, id, secret_salt, secret_key_id from call_secrets
      where workspace_id = any(${[...workspaces]}::uuid[])`);
    return new Map(rows.map(({ workspace_id, ...source }) => [workspace_id, source]));
  };
  const known = await read();
  const without = workspaces.filter((id) => !known.has(id));
  if (without.length === 0) return known;
  for (const workspace_id of without)
    await db.transaction((tx: Tx) => draw(tx, box, workspace_id, sql`do nothing`));
  return read();
}

import { newId } from "../base/base.ts";
import { rowsOf, sql, type Tx } from "../db/db.ts";

/** A message, or an edit of one, as far as it names a file. */
export interface Namer {
  workspace_id: string;
  wamid_hash: string;
  /** The row of phone_numbers. */
  phone_number: string | null;
  type: string;
  /** Meta's object of the message's type. */
  content: Record<string, unknown>;
  received_at: Date;
}

/** Types of messages that are a file. */
export const FILE_TYPES: readonly string[] = ["image", "video", "audio", "voice", "document", "sticker"];

type DueFile = Namer & { phone_number: string; ref: string };

const COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  ref: "text",
  wamid_hash: "uuid",
  phone_number_id: "uuid",
  mime_type: "text",
  filename: "text",
  sha256: "text",
  due_at: "timestamptz",
  until: "timestamptz",
} as const;

const ID_LIFE_MS = 7 * 86_400_000;
const FILENAME_LIMIT = 255;

/**
 * What the messages of a batch name becomes due, once however often it is named: to be called in the transaction that
 * writes them, so that no file is forgotten.
 */
export async function enqueueDownloads(tx: Tx, namers: readonly Namer[]): Promise<void> {
  const due = new Map<string, DueFile>();
  for (const namer of namers) {
    const { workspace_id, type, phone_number } = namer;
    const ref = namer.content["id"];
    if (phone_number === null || !FILE_TYPES.includes(type)) continue;
    // It becomes a part of a URL: what isn't an id is shown as it came, and not fetched.
    if (typeof ref !== "string" || !/^[\w-]{1,200}$/.test(ref)) continue;
    const key = `${workspace_id} ${ref}`;
    if (!due.has(key)) due.set(key, { ...namer, phone_number, ref });
  }
  if (due.size === 0) return;
  const rows = [...due.values()].map(({ content, received_at, phone_number, ...file }) => ({
    ...file,
    id: newId(),
    phone_number_id: phone_number,
    mime_type: textOf(content["mime_type"]),
    filename: textOf(content["filename"]),
    sha256: readSha256(content["sha256"]),
    due_at: received_at,
    until: received_at.getTime() + ID_LIFE_MS,
  }));
  tx.later(sql`
    with added as (
      insert into media (workspace_id, id, ref, origin, wamid_hash, phone_number_id, state, mime_type, filename,
      meta_sha256, next_attempt_at, expires_at)
    select workspace_id, id, ref, 'received', wamid_hash, phone_number_id, 'pending', mime_type, filename, sha256, due_at, until
    from ${rowsOf(rows, COLUMNS)}
    order by workspace_id, ref
    on conflict (workspace_id, ref) do nothing returning 1)
    select count(pg_notify('media', '')) from (select from added limit 1) any_added`);
}

const textOf = (value: unknown) => (typeof value === "string" ? value.slice(0, FILENAME_LIMIT) : null);

/** Webhooks spell it in base64, the Graph API in hex. */
export function readSha256(value: unknown): string | null {
  if (typeof value !== "string") return null;
  if (/^[\da-f]{64}$/i.test(value)) return value.toLowerCase();
  return /^[\w+/-]{43}=?$/.test(value) ? Buffer.from(value, "base64").toString("hex") : null;
}

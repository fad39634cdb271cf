import { rowsOf, sql, textArray, uuidArray, type Database, type Sql, type Tx } from "../../db/db.ts";
import { SEARCH_RULE, searchable, searchColumns, type Searchable } from "./search-text.ts";
import { searchableMessage, type SearchedMessage } from "./search-words.ts";

/** A table whose rows are searched. */
interface Source {
  table: Sql;
  /** The rest of the primary key, after the workspace, as one text. */
  key: Sql;
  order: Sql;
  after: (key: string) => Sql;
  /** The row of `due`, by the primary key. */
  match: Sql;
  /** What is folded, as JSON. */
  read: Sql;
  fold: (read: unknown) => Searchable;
  /** The columns that are written, from a row `due`. */
  columns: Sql;
}

const BOTH = sql`search_text = due.folded, search_grams = due.grams::integer[]`;
const foldTexts = (read: unknown): Searchable => searchable(...(read as (string | null)[]));
const foldMessage = (read: unknown): Searchable => searchableMessage(read as SearchedMessage);
const byId = (table: Sql, id: Sql, { read, fold }: Pick<Source, "read" | "fold">): Source => ({
  table,
  key: sql`t.${id}::text`,
  order: sql`t.workspace_id, t.${id}`,
  after: (key) => sql`(t.workspace_id, t.${id}) > (${workspaceOf(key)}::uuid, ${restOf(key)}::uuid)`,
  match: sql`t.${id} = due.key::uuid`,
  read,
  fold,
  columns: BOTH,
});
const SOURCES = {
  contacts: byId(sql`contacts`, sql`id`, {
    read: sql`json_build_array(t.name, t.book_name, t.profile_name, t.username)`,
    fold: foldTexts,
  }),
  contact_identities: {
    table: sql`contact_identities`,
    key: sql`t.kind || ' ' || t.value`,
    order: sql`t.workspace_id, t.kind, t.value`,
    after: (key) => {
      const [kind, ...value] = restOf(key).split(" ");
      return sql`(t.workspace_id, t.kind, t.value) > (${workspaceOf(key)}::uuid, ${kind}, ${value.join(" ")})`;
    },
    match: sql`t.kind = split_part(due.key, ' ', 1) and t.value = substr(due.key, strpos(due.key, ' ') + 1)`,
    read: sql`json_build_array(t.value)`,
    fold: foldTexts,
    columns: sql`search_grams = due.grams::integer[]`,
  },
  message_amendments: {
    table: sql`message_amendments`,
    key: sql`t.wamid_hash || ' ' || t.party_kind || ' ' || t.party_value`,
    order: sql`t.workspace_id, t.wamid_hash, t.party_kind, t.party_value`,
    after: (key) => {
      const [wamid_hash, kind, ...value] = restOf(key).split(" ");
      return sql`(t.workspace_id, t.wamid_hash, t.party_kind, t.party_value)
        > (${workspaceOf(key)}::uuid, ${wamid_hash}::uuid, ${kind}, ${value.join(" ")})`;
    },
    match: sql`t.wamid_hash = left(due.key, 36)::uuid and t.party_kind || ' ' || t.party_value = substr(due.key, 38)`,
    read: sql`json_build_object('text', t.edited_text, 'content', coalesce(t.edited_content, '{}'))`,
    fold: foldMessage,
    columns: BOTH,
  },
  messages: byId(sql`messages`, sql`id`, {
    // A template's words as they are now: what they were is not kept.
    read: sql`json_build_object('text', t.text, 'content', t.content, 'template', case when t.type = 'template' then (
      select s.components from conversations c
      join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
      join templates s on s.workspace_id = n.workspace_id and s.waba_id = n.waba_id
        and s.name = t.content ->> 'name' and s.language = t.content #>> '{language,code}'
      where c.workspace_id = t.workspace_id and c.id = t.conversation_id
      order by s.status = 'DELETED', s.updated_at desc limit 1) end)`,
    fold: foldMessage,
  }),
} satisfies Record<string, Source>;

const workspaceOf = (key: string) => key.slice(0, 36);
const restOf = (key: string) => key.slice(37);

interface Row {
  workspace_id: string;
  key: string;
}

/** Brings contacts, whose rows are locked, to what their names fold to. */
export async function foldNamesForSearch(
  tx: Tx,
  contacts: readonly { workspace_id: string; id: string }[],
): Promise<void> {
  if (contacts.length === 0) return;
  const source = SOURCES.contacts;
  const rows = await tx.rows<Row & { read: unknown; search_text: string | null }>(sql`
    select t.workspace_id, ${source.key} as key, ${source.read} as read, t.search_text
    from ${rowsOf(contacts, { workspace_id: "uuid", id: "uuid" })}
    join contacts t using (workspace_id, id)`);
  const folded = rows.map((row) => ({ ...row, ...source.fold(row.read) }));
  await write(
    tx,
    source,
    folded.filter((row) => row.folded !== row.search_text),
  );
}

async function write(tx: Tx, source: Source, rows: readonly (Row & Searchable)[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    update ${source.table} t set ${source.columns}
    from unnest(${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${textArray(rows.map((row) => row.key))}::text[],
      ${searchColumns(rows)}) as due (workspace_id, key, folded, grams)
    where t.workspace_id = due.workspace_id and ${source.match}`);
}

/** How many rows are folded in one transaction: a fraction of a second, in which no one else can write to them. */
const BATCH = 500;

/**
 * Folds what is stored by another rule than today's (before there was one, or an update changed it), batch by batch,
 * beside the work of every day. A step answers how many rows it looked at; 0 when nothing is left, or another process
 * is at it. What it has not come to yet is not found, or found as it was.
 */
export function createSearchFill({ db }: { db: Database }) {
  const sources = Object.values<Source>(SOURCES);
  let at: Place = { source: 0, key: null };
  return {
    async step(): Promise<number> {
      const { next, rows } = await db.transaction((tx) => fillBatch(tx, sources, at));
      at = next;
      return rows;
    },
  };
}

interface Place {
  source: number;
  key: string | null;
}

async function fillBatch(
  tx: Tx,
  sources: readonly Source[],
  at: Place,
): Promise<{ next: Place; rows: number }> {
  const lock = await tx.first<{ got: boolean; rule: number }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended('inbox search fill', 0)) as got, rule from search_rules`);
  if (!lock?.got || lock.rule === SEARCH_RULE) return { next: at, rows: 0 };
  const source = sources[at.source];
  if (!source) {
    await tx.run(sql`update search_rules set rule = ${SEARCH_RULE}`);
    return { next: { source: 0, key: null }, rows: 0 };
  }
  const rows = await readBatch(tx, source, at.key);
  await write(
    tx,
    source,
    rows.map((row) => ({ ...row, ...source.fold(row.read) })),
  );
  const last = rows.at(-1);
  const next = last
    ? { ...at, key: `${last.workspace_id} ${last.key}` }
    : { source: at.source + 1, key: null };
  return { next, rows: rows.length + 1 };
}

/** Along the primary key. */
async function readBatch(tx: Tx, source: Source, after: string | null) {
  return tx.rows<Row & { read: unknown }>(sql`
    select t.workspace_id, ${source.key} as key, ${source.read} as read from ${source.table} t
    where ${after === null ? sql`true` : source.after(after)}
    order by ${source.order} limit ${BATCH} for no key update of t`);
}

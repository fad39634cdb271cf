import type { SegmentRule } from "../contract/audience.ts";
import { sql, uuidArray, type Queryable, type Sql } from "../db/db.ts";
import { missingIn, readFieldKinds } from "./rule-check.ts";
import { RULE_TABLES } from "./rule-sql.ts";
import { inRule } from "./segments.ts";

/** A set of contacts: a list, a segment or a tag. */
export interface Source {
  kind: "list" | "segment" | "tag";
  id: string;
}

export interface ReadSources {
  /** Those that there are, by name; a source that was deleted has none. */
  nameOf(source: Source): string | null;
  /** What there is no more, of the sources or of what the rules of segments name, as `A tag`; null: all of it is there. */
  missing: string | null;
  /**
   * Its contacts as `select … as id`: those whose id meets `within`. By the keys of list_contacts and contact_tags, or
   * that of contacts; nothing for a source that there is no more.
   */
  contactsOf(source: Source, within: (id: Sql) => Sql): Sql;
  /** The contacts among which those of a source are, in the same form: cheap to go through in the order of their ids. */
  amongOf(source: Source, within: (id: Sql) => Sql): Sql;
}

/** Reads what these are now; `today` as for rules. */
export async function readSources(
  db: Queryable,
  workspace_id: string,
  sources: readonly Source[],
  today: string,
): Promise<ReadSources> {
  const ids = uuidArray(sources.map(({ id }) => id));
  const rows = await db.rows<Source & { name: string; rule: SegmentRule | null }>(sql`
    select 'list' as kind, id, name, null::jsonb as rule from lists where workspace_id = ${workspace_id} and id = any(${ids}::uuid[])
    union all select 'tag', id, name, null from tags where workspace_id = ${workspace_id} and id = any(${ids}::uuid[])
    union all select 'segment', id, name, rule from segments where workspace_id = ${workspace_id} and id = any(${ids}::uuid[])`);
  const found = new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]));
  const fields = await readFieldKinds(db, workspace_id);
  const members = ({ kind, id }: Source, within: (id: Sql) => Sql): Sql => {
    const [table, key] =
      kind === "list" ? [sql`list_contacts`, sql`list_id`] : [sql`contact_tags`, sql`tag_id`];
    return sql`select m.contact_id as id from ${table} m
      where m.workspace_id = ${workspace_id} and m.${key} = ${id} and ${within(sql`m.contact_id`)}`;
  };
  const nameOf = ({ kind, id }: Source) => found.get(`${kind} ${id}`)?.name ?? null;
  const gone = sources.find((source) => nameOf(source) === null);
  const segments = rows.flatMap(({ name, rule }) => (rule === null ? [] : [{ name, rule }]));
  const unnamed = await missingIn(
    db,
    workspace_id,
    segments.map(({ rule }) => rule),
    fields,
  );
  return {
    missing:
      gone !== undefined
        ? `A ${gone.kind} of its audience`
        : unnamed && `A ${unnamed.on} that its segment “${segments[unnamed.rule]!.name}” asks for`,
    nameOf,
    contactsOf(source, within) {
      if (source.kind !== "segment") return members(source, within);
      const rule = found.get(`segment ${source.id}`)?.rule;
      if (!rule) return sql`select null::uuid as id where false`;
      return sql`select c.id from ${RULE_TABLES}
        where ${inRule(rule, { workspace_id, fields, today })} and ${within(sql`c.id`)}`;
    },
    amongOf: (source, within) =>
      source.kind === "segment"
        ? sql`select c.id from contacts c where c.workspace_id = ${workspace_id} and ${within(sql`c.id`)}`
        : members(source, within),
  };
}

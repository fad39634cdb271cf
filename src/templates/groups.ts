import { newId, Problem } from "../base/base.ts";
import type { Reply, Seen } from "../contract/contract.ts";
import {
  decodeCursor,
  encodeCursor,
  found,
  iso,
  rowsOf,
  sql,
  uniqueName,
  type Database,
  type Keep,
  type List,
  type Page,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import { accountOf } from "./accounts.ts";
import { changed } from "./changed.ts";
import { chooseLanguage } from "./group-languages.ts";

type GroupView = Reply<"GET /api/v1/template_groups/:id">;
type NewGroup = Seen<"POST /api/v1/template_groups">["body"];
type GroupChanges = Seen<"PATCH /api/v1/template_groups/:id">["body"];

/** Each member with the template that has its name and language now, by templates__name. */
const groups = (db: Queryable, where: Sql, limit: number): Promise<GroupView[]> =>
  db.rows(sql`
    select g.id, g.waba_id, g.name, g.fallback_language, ${iso(sql`g.updated_at`)} as updated_at,
      (select coalesce(json_agg(json_build_object('language', m.language, 'template_name', m.template_name,
          'template_id', t.id, 'status', t.status) order by m.language), '[]')
        from template_group_members m
        left join lateral (
          select t.id, t.status from templates t where t.workspace_id = m.workspace_id and t.name = m.template_name
            and t.language = m.language and t.waba_id = g.waba_id
          order by t.status = 'DELETED', t.id limit 1) t on true
        where m.workspace_id = g.workspace_id and m.group_id = g.id) as members
    from template_groups g where ${where} order by lower(g.name) limit ${limit}`);

const isText = (value: unknown): value is string => typeof value === "string";

/** By name (template_groups__name). */
export async function listGroups(
  db: Queryable,
  workspace_id: string,
  { cursor, limit }: Page,
): Promise<List<GroupView>> {
  const after = decodeCursor<[string]>(cursor, [isText]);
  const rest = after === null ? sql`true` : sql`lower(g.name) > ${after[0]}`;
  const rows = await groups(db, sql`g.workspace_id = ${workspace_id} and ${rest}`, limit + 1);
  const data = rows.slice(0, limit);
  return { data, next_cursor: rows.length > limit ? encodeCursor([data.at(-1)!.name.toLowerCase()]) : null };
}

export const getGroup = async (db: Queryable, workspace_id: string, id: string): Promise<GroupView> =>
  found((await groups(db, sql`g.workspace_id = ${workspace_id} and g.id = ${id}`, 1))[0]);

export function createGroup(
  db: Database,
  workspace_id: string,
  given: NewGroup,
  keep?: Keep<GroupView>,
): Promise<GroupView> {
  return db.transaction(async (tx) => {
    const id = newId();
    checkMembers(given);
    const waba_id = await accountOf(tx, workspace_id, given.waba_id);
    await uniqueName(given.name, () =>
      tx.run(sql`
        insert into template_groups (workspace_id, id, waba_id, name, fallback_language)
        values (${workspace_id}, ${id}, ${waba_id}, ${given.name}, ${given.fallback_language})`),
    );
    await insertMembers(tx, workspace_id, id, given.members);
    const group = await getGroup(tx, workspace_id, id);
    await keep?.(tx, group);
    return group;
  });
}

export function updateGroup(
  db: Database,
  workspace_id: string,
  id: string,
  changes: GroupChanges,
): Promise<GroupView> {
  return db.transaction(async (tx) => {
    found(
      await tx.first(
        sql`select from template_groups where workspace_id = ${workspace_id} and id = ${id} for update`,
      ),
    );
    const { name, fallback_language, members } = await getGroup(tx, workspace_id, id);
    const now = changed<GroupSettings>({ name, fallback_language, members }, changes);
    checkMembers(now);
    await uniqueName(now.name, () =>
      tx.run(sql`
        update template_groups set name = ${now.name}, fallback_language = ${now.fallback_language}, updated_at = now()
        where workspace_id = ${workspace_id} and id = ${id}`),
    );
    if (changes.members) {
      await tx.run(
        sql`delete from template_group_members where workspace_id = ${workspace_id} and group_id = ${id}`,
      );
      await insertMembers(tx, workspace_id, id, changes.members);
    }
    return getGroup(tx, workspace_id, id);
  });
}

export async function deleteGroup(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(
      sql`delete from template_group_members where workspace_id = ${workspace_id} and group_id = ${id}`,
    );
    found(
      await tx.first(
        sql`delete from template_groups where workspace_id = ${workspace_id} and id = ${id} returning id`,
      ),
    );
  });
}

type GroupSettings = { name: string; fallback_language: string; members: Members };
type Members = readonly { language: string; template_name: string }[];

function checkMembers({ members, fallback_language }: { members: Members; fallback_language: string }): void {
  const languages = members.map(({ language }) => language);
  if (new Set(languages).size < languages.length)
    throw new Problem("INVALID_REQUEST", "body.members: each language may be there once");
  if (!languages.includes(fallback_language))
    throw new Problem(
      "INVALID_REQUEST",
      "body.fallback_language: must be the language of one of the members",
    );
}

const insertMembers = (tx: Tx, workspace_id: string, id: string, members: Members) =>
  tx.run(sql`
    insert into template_group_members (workspace_id, group_id, language, template_name)
    select ${workspace_id}, ${id}, * from ${rowsOf(members, { language: "text", template_name: "text" })}`);

/**
 * The template of a group for a customer who reads these languages, the best known first: among those that are approved
 * now. Null: none is. Throws NOT_FOUND.
 */
export async function chooseTemplate(
  db: Queryable,
  workspace_id: string,
  group_id: string,
  wanted: readonly string[],
): Promise<{ name: string; language: string } | null> {
  return chooseMember(await getGroup(db, workspace_id, group_id), wanted);
}

/** The same of a group that was read. */
export function chooseMember(
  { members, fallback_language }: Pick<GroupView, "members" | "fallback_language">,
  wanted: readonly string[],
): { name: string; language: string } | null {
  const sendable = members.filter(({ status }) => status === "APPROVED");
  const language = chooseLanguage(
    sendable.map((each) => each.language),
    wanted,
    fallback_language,
  );
  const chosen = sendable.find((each) => each.language === language);
  return chosen ? { name: chosen.template_name, language: chosen.language } : null;
}

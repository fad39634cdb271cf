import { isId } from "../../base/base.ts";
import { listFields, readSources, type Source } from "../../audience/audience.ts";
import type { Flow } from "../../contract/automations.ts";
import type { FieldKind } from "../../contract/audience.ts";
import { placesOf, unsupportedIn, type Place } from "../../campaigns/campaigns.ts";
import { sql, uuidArray, type Queryable } from "../../db/db.ts";
import { namedIn, type NamedKind, type NamedThing } from "./named-in.ts";

export interface KnownTemplate {
  id: string | null;
  name: string;
  /** In which account it is; of a number's account alone it can be sent. */
  waba_id: string;
  status: string | null;
  category: string | null;
  /** What it says is known. */
  is_read: boolean;
  places: readonly Place[];
  /** Why Wharf can't send it, in a sentence; null: it can. */
  unsupported: string | null;
}

/** What the workspace has of what a flow names, read at once: the checks are pure. */
export interface Known {
  /** By kind and id, as `tag 01a2…`. */
  names: ReadonlyMap<string, string>;
  fields: ReadonlyMap<string, { kind: FieldKind; choices: readonly string[] }>;
  templates: ReadonlyMap<string, KnownTemplate>;
  groups: ReadonlyMap<string, { name: string; waba_id: string; members: readonly KnownTemplate[] }>;
  /** The account of the flow's number. */
  waba_id: string | null;
}

export const nameOf = ({ names }: Known, { kind, id }: NamedThing): string | null =>
  names.get(`${kind} ${id}`) ?? null;

const AUDIENCES: readonly NamedKind[] = ["list", "segment", "tag"];

/** Of several flows at once, each by the keys of what it names. */
export async function readKnown(db: Queryable, workspace_id: string, flows: readonly Flow[]): Promise<Known> {
  const named = flows.flatMap(namedIn);
  const idsOf = (kind: NamedKind) => {
    const ids = named.filter((each) => each.kind === kind && isId(each.id)).map(({ id }) => id);
    return uuidArray([...new Set(ids)]);
  };
  const names = await db.rows<NamedThing & { name: string }>(sql`
    select 'campaign' as kind, id, name from campaigns where workspace_id = ${workspace_id} and id = any(${idsOf("campaign")}::uuid[])
    union all select 'media', id, name from media_library
      where workspace_id = ${workspace_id} and id = any(${idsOf("media")}::uuid[]) and deleted_at is null
    union all select 'number', id, coalesce(display_phone_number, phone_number_id) from phone_numbers
      where workspace_id = ${workspace_id} and id = any(${idsOf("number")}::uuid[])
    union all select 'endpoint', id, url from endpoints
      where workspace_id = ${workspace_id} and id = any(${idsOf("endpoint")}::uuid[]) and deleted_at is null
    union all select 'user', u.id, u.name from members m join users u on u.id = m.user_id
      where m.workspace_id = ${workspace_id} and m.user_id = any(${idsOf("user")}::uuid[]) and m.deactivated_at is null`);
  const { data: fields } = await listFields(db, workspace_id);
  const audiences = named.filter((each): each is Source => AUDIENCES.includes(each.kind) && isId(each.id));
  // Names alone are asked for, which no day changes.
  const sources = await readSources(db, workspace_id, audiences, "1970-01-01");
  const number = await db.first<{ waba_id: string | null }>(sql`
    select waba_id from phone_numbers where workspace_id = ${workspace_id} and id = any(${idsOf("number")}::uuid[]) limit 1`);
  return {
    names: new Map([
      ...names.map(({ kind, id, name }): [string, string] => [`${kind} ${id}`, name]),
      ...audiences.flatMap((source): [string, string][] => {
        const name = sources.nameOf(source);
        return name === null ? [] : [[`${source.kind} ${source.id}`, name]];
      }),
      ...fields.map(({ id, name }): [string, string] => [`field ${id}`, name]),
    ]),
    fields: new Map(fields.map(({ id, kind, choices }) => [id, { kind, choices }])),
    templates: await readTemplates(db, workspace_id, idsOf("template")),
    groups: await readGroups(db, workspace_id, idsOf("template_group")),
    waba_id: number?.waba_id ?? null,
  };
}

interface TemplateRow extends Pick<KnownTemplate, "id" | "name" | "waba_id" | "status" | "category"> {
  components: Record<string, unknown> | null;
}

function knownTemplate({ components, ...template }: TemplateRow): KnownTemplate {
  return {
    ...template,
    is_read: components !== null,
    places: placesOf(components),
    unsupported: unsupportedIn(components),
  };
}

/** By name and language (templates__name): one that is deleted at Meta and made again is the same. */
async function readTemplates(db: Queryable, workspace_id: string, ids: Buffer): Promise<Known["templates"]> {
  const rows = await db.rows<TemplateRow & { of: string }>(sql`
    select chosen.id as of, now.id, coalesce(chosen.name, '') as name, chosen.waba_id, now.status, now.category, now.components
    from templates chosen
    left join lateral (
      select t.id, t.status, t.category, t.components from templates t
      where t.workspace_id = chosen.workspace_id and t.name = chosen.name and t.language = chosen.language
        and t.waba_id = chosen.waba_id
      order by t.status = 'DELETED', t.id = chosen.id desc, t.id limit 1) now on true
    where chosen.workspace_id = ${workspace_id} and chosen.id = any(${ids}::uuid[])`);
  return new Map(rows.map(({ of, ...row }) => [of, knownTemplate(row)]));
}

async function readGroups(db: Queryable, workspace_id: string, ids: Buffer): Promise<Known["groups"]> {
  const rows = await db.rows<TemplateRow & { group_id: string; group_name: string }>(sql`
    select g.id as group_id, g.name as group_name, g.waba_id, t.id, coalesce(m.template_name, '') as name, t.status, t.category,
      t.components
    from template_groups g
    left join template_group_members m on m.workspace_id = g.workspace_id and m.group_id = g.id
    left join lateral (
      select t.id, t.status, t.category, t.components from templates t
      where t.workspace_id = g.workspace_id and t.name = m.template_name and t.language = m.language and t.waba_id = g.waba_id
      order by t.status = 'DELETED', t.id limit 1) t on true
    where g.workspace_id = ${workspace_id} and g.id = any(${ids}::uuid[])
    order by g.id, m.language`);
  const groups = new Map<string, { name: string; waba_id: string; members: KnownTemplate[] }>();
  for (const { group_id, group_name, ...row } of rows) {
    const group = groups.get(group_id) ?? { name: group_name, waba_id: row.waba_id, members: [] };
    if (row.name !== "") group.members.push(knownTemplate(row));
    groups.set(group_id, group);
  }
  return groups;
}

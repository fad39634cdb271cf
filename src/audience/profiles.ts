import type { z } from "zod";
import { Problem, visible } from "../base/base.ts";
import type * as shapes from "../contract/audience.ts";
import { found, iso, sql, type Database, type Queryable, type Tx } from "../db/db.ts";
import { openContact, renameContact } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import { judgeNumber } from "../meta/meta.ts";
import { fieldValue, listFields } from "./fields.ts";
import { joinedFacts, type Telling } from "./happened.ts";
import { changeMemberships } from "./memberships.ts";
import { countryCode, languageTag, timeZoneName } from "./place-names.ts";

type ContactProfile = z.infer<typeof shapes.ContactProfile>;
type Change = z.infer<typeof shapes.ContactProfileChange>;

/** What the workspace keeps of a contact, and what they did last. Throws NOT_FOUND. */
export async function getProfile(db: Queryable, workspace_id: string, id: string): Promise<ContactProfile> {
  const [row] = await db.rows<ContactProfile>(sql`
    select p.language, p.time_zone, coalesce(p.fields, '{}') as fields,
      coalesce(p.country, (
        select i.country from contact_identities i
        where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.country is not null
        order by i.former, i.kind desc, i.value desc limit 1)) as country,
      ${thoseOf(TAGS)} as tags, ${thoseOf(LISTS)} as lists,
      ${iso(sql`a.last_inbound_at`)} as last_inbound_at, ${iso(sql`a.last_delivered_at`)} as last_delivered_at,
      ${iso(sql`a.last_read_at`)} as last_read_at, ${iso(sql`a.last_replied_at`)} as last_replied_at
    from contacts c
    left join contact_profiles p on p.workspace_id = c.workspace_id and p.contact_id = c.id
    left join contact_activity a on a.workspace_id = c.workspace_id and a.contact_id = c.id
    where c.workspace_id = ${workspace_id} and c.id = ${id}`);
  return found(row);
}

const TAGS = { things: sql`tags`, members: sql`contact_tags`, key: sql`tag_id` };
const LISTS = { things: sql`lists`, members: sql`list_contacts`, key: sql`list_id` };

/** What the contact `c` has of it, by name. */
const thoseOf = ({ things, members, key }: typeof TAGS) => sql`(
  select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by lower(t.name), t.id), '[]')
  from ${members} m join ${things} t on t.workspace_id = m.workspace_id and t.id = m.${key}
  where m.workspace_id = c.workspace_id and m.contact_id = c.id)`;

/**
 * Sets what is named, takes away what is null, and tells those who look at the contact. Throws NOT_FOUND, and
 * INVALID_REQUEST with the field's name and what it takes.
 */
export async function changeProfile(
  db: Database,
  workspace_id: string,
  id: string,
  change: Change,
  telling?: Telling,
): Promise<ContactProfile> {
  await db.transaction((tx) => writeProfile(tx, workspace_id, id, change, telling));
  return getProfile(db, workspace_id, id);
}

/** Adds a contact by a number; one that is known by it is changed instead. Throws INVALID_REQUEST for what is no number. */
export async function addContact(
  db: Database,
  workspace_id: string,
  { phone, ...change }: Change & { phone: string },
  telling?: Telling,
): Promise<{ id: string; created: boolean }> {
  const judged = judgeNumber(phone, null);
  if ("problem" in judged) throw new Problem("NUMBER_INVALID", judged.problem);
  return db.transaction(async (tx) => {
    const opened = await openContact(tx, workspace_id, judged.digits);
    await writeProfile(tx, workspace_id, opened.id, change, telling, opened.created);
    return opened;
  });
}

async function writeProfile(
  tx: Tx,
  workspace_id: string,
  id: string,
  change: Change,
  telling?: Telling,
  created = false,
): Promise<void> {
  const { set, cleared } = await readValues(tx, workspace_id, change);
  const about = { language: languageOf(change), country: countryOf(change), time_zone: timeZoneOf(change) };
  const [contact] = await tx.rows<{ marketing_state: string }>(sql`
    select marketing_state from contacts where workspace_id = ${workspace_id} and id = ${id} for key share`);
  if (found(contact).marketing_state === "REDACTED")
    throw new Problem("INVALID_REQUEST", "This person was erased; nothing is kept of them any more.");
  const before = telling && (await fieldsOf(tx, workspace_id, id));
  if (change.name !== undefined) await renameContact(tx, workspace_id, id, visible(change.name));
  await tx.run(sql`
    insert into contact_profiles as p (workspace_id, contact_id, language, country, time_zone, fields)
    values (${workspace_id}, ${id}, ${about.language ?? null}, ${about.country ?? null}, ${about.time_zone ?? null},
      ${JSON.stringify(set)}::jsonb)
    on conflict (workspace_id, contact_id) do update set
      language = case when ${about.language === undefined} then p.language else excluded.language end,
      country = case when ${about.country === undefined} then p.country else excluded.country end,
      time_zone = case when ${about.time_zone === undefined} then p.time_zone else excluded.time_zone end,
      fields = (p.fields - ${cleared}::text[]) || excluded.fields, updated_at = now()`);
  const joined = await changeMemberships(tx, workspace_id, [id], change);
  if (telling) {
    const about = { workspace_id, contact_id: id, at: telling.now };
    const values = [...Object.entries(set), ...cleared.map((field_id) => [field_id, null] as const)];
    await telling.happened(tx, [
      ...(created ? [{ ...about, kind: "contact_created" as const }] : []),
      ...joinedFacts(about, joined),
      ...values.flatMap(([field_id, value]) =>
        (before?.[field_id] ?? null) === value
          ? []
          : [{ ...about, kind: "field_changed" as const, id: field_id, value }],
      ),
    ]);
  }
  await publish(tx, [{ workspace_id, name: "ContactUpdated", data: { contact_id: id } }]);
}

/** The values as they were, the row locked. */
async function fieldsOf(
  tx: Tx,
  workspace_id: string,
  id: string,
): Promise<Record<string, shapes.FieldValue> | undefined> {
  const row = await tx.first<{ fields: Record<string, shapes.FieldValue> }>(sql`
    select fields from contact_profiles where workspace_id = ${workspace_id} and contact_id = ${id} for no key update`);
  return row?.fields;
}

/** What fields are set to and which are emptied. Throws INVALID_REQUEST. */
async function readValues(tx: Tx, workspace_id: string, change: Change) {
  const { data: fields } = await listFields(tx, workspace_id);
  const set: Record<string, shapes.FieldValue> = {};
  const cleared: string[] = [];
  for (const [field_id, value] of Object.entries(change.fields ?? {})) {
    const field = fields.find((each) => each.id === field_id);
    if (!field) throw new Problem("INVALID_REQUEST", `\`fields.${field_id}\` is no field of the workspace.`);
    if (value === null) cleared.push(field_id);
    else set[field_id] = fieldValue(field, value);
  }
  return { set, cleared };
}

function languageOf({ language }: Change): string | null | undefined {
  if (typeof language !== "string") return language;
  const tag = languageTag(language);
  if (tag === null) throw new Problem("INVALID_REQUEST", `“${language}” is no language; write it as pt-BR.`);
  return tag;
}

function countryOf({ country }: Change): string | null | undefined {
  if (typeof country !== "string") return country;
  const code = countryCode(country);
  if (code === null) throw new Problem("INVALID_REQUEST", `“${country}” is no country; write it as BR.`);
  return code;
}

function timeZoneOf({ time_zone }: Change): string | null | undefined {
  if (typeof time_zone !== "string") return time_zone;
  const name = timeZoneName(time_zone);
  if (name === null)
    throw new Problem("INVALID_REQUEST", `“${time_zone}” is no time zone; write it as America/Sao_Paulo.`);
  return name;
}

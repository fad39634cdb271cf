import type { CampaignVariable, CampaignVariables } from "../../contract/campaigns.ts";
import type { FieldValue } from "../../contract/audience.ts";
import { sql, uuidArray, type Queryable } from "../../db/db.ts";
import { languagesOfNumber } from "../../templates/templates.ts";
import type { PlaceValue } from "./message-content.ts";
import type { Place } from "./template-places.ts";

/** A contact with what a message to them may say. */
export interface Person {
  contact_id: string;
  name: string | null;
  marketing_state: string;
  /** By which they can be written to; null: by nothing. */
  reach: { kind: "wa_id" | "phone" | "bsuid"; value: string } | null;
  country: string | null;
  language: string | null;
  time_zone: string | null;
  fields: Record<string, FieldValue>;
  /** The columns of the CSV, or what the API gave. */
  values: Record<string, FieldValue>;
}

/** Those that exist, by their ids: by the keys of contacts and contact_profiles, and contact_identities__contact_id. */
export async function readPeople(
  db: Queryable,
  workspace_id: string,
  wanted: readonly { contact_id: string; values: Record<string, FieldValue> | null }[],
): Promise<Map<string, Person>> {
  const rows = await db.rows<Omit<Person, "values">>(sql`
    select c.id as contact_id, coalesce(c.name, c.book_name, c.profile_name) as name, c.marketing_state,
      case when i.value is not null then json_build_object('kind', i.kind, 'value', i.value) end as reach,
      coalesce(p.country, i.country) as country, p.language, p.time_zone, coalesce(p.fields, '{}') as fields
    from unnest(${uuidArray(wanted.map((each) => each.contact_id))}::uuid[]) as due (id)
    join contacts c on c.workspace_id = ${workspace_id} and c.id = due.id
    left join contact_profiles p on p.workspace_id = ${workspace_id} and p.contact_id = due.id
    left join lateral (
      select i.kind, i.value, i.country from contact_identities i
      where i.workspace_id = ${workspace_id} and i.contact_id = due.id and i.kind in ('wa_id', 'phone', 'bsuid')
      order by i.former, i.kind = 'bsuid', i.value desc limit 1) i on true`);
  const values = new Map(wanted.map((each) => [each.contact_id, each.values ?? {}]));
  return new Map(rows.map((row) => [row.contact_id, { ...row, values: values.get(row.contact_id) ?? {} }]));
}

/** The best known first. */
export function languagesOf({ language, reach }: Person): string[] {
  const by_number = reach === null || reach.kind === "bsuid" ? [] : languagesOfNumber(reach.value);
  return [...(language === null ? [] : [language]), ...by_number];
}

/** What stands in each place for this person, or the first place that they have nothing for. */
export function valuesOf(
  places: readonly Place[],
  variables: CampaignVariables,
  person: Person,
): { values: Map<string, PlaceValue> } | { missing: string } {
  const values = new Map<string, PlaceValue>();
  for (const { place, kind, required } of places) {
    const variable = variables[place];
    const value = variable === undefined ? null : valueOf(variable, kind, person);
    if (value !== null) values.set(place, value);
    else if (required) return { missing: place };
  }
  return { values };
}

function valueOf(variable: CampaignVariable, kind: Place["kind"], person: Person): PlaceValue | null {
  if (variable.from === "location") {
    const { from: _, ...place } = variable;
    return kind === "location" ? place : null;
  }
  if (kind === "location") return null;
  if (variable.from === "media") return kind === "text" ? null : { media: { id: variable.media_id } };
  const text = textFor(variable, person);
  if (text === null) return null;
  if (kind === "text") return { text };
  return /^https?:\/\//.test(text) ? { media: { link: text } } : null;
}

function textFor(
  variable: Exclude<CampaignVariable, { from: "location" | "media" }>,
  person: Person,
): string | null {
  if (variable.from === "text") return clean(variable.text);
  const known =
    variable.from === "contact"
      ? aboutOf(variable.what, person)
      : variable.from === "field"
        ? person.fields[variable.field_id]
        : person.values[variable.column];
  return clean(spelled(known)) ?? clean(variable.fallback);
}

function aboutOf(
  what: Extract<CampaignVariable, { from: "contact" }>["what"],
  { name, reach, language, country, time_zone }: Person,
): string | null {
  switch (what) {
    case "name":
      return name;
    case "first_name":
      return name?.trim().split(/\s+/)[0] ?? null;
    case "phone":
      return reach === null || reach.kind === "bsuid" ? null : `+${reach.value}`;
    case "language":
      return language;
    case "country":
      return country;
    case "time_zone":
      return time_zone;
  }
}

function spelled(value: FieldValue | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

/** As Meta takes it: on one line, without four spaces in a row. Nothing where nothing is left. */
function clean(text: string | null | undefined): string | null {
  const one_line = (text ?? "")
    .replaceAll(/[\r\n\t]+/g, " ")
    .replaceAll(/ {4,}/g, " ")
    .trim();
  return one_line === "" ? null : one_line;
}

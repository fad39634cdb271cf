import { listFields, type ContactField } from "../audience/audience.ts";
import type { ImportTarget } from "../contract/imports.ts";
import { sql, textArray, uuidArray, type Queryable } from "../db/db.ts";
import { isCountry } from "../meta/meta.ts";
import { findOpen } from "../campaigns/campaigns.ts";
import type { ImportRow } from "./import-rows.ts";

/** What only one column may be. */
const TARGET_NAMES: Partial<Record<ImportTarget["to"], string>> = {
  phone: "phone number",
  name: "name",
  first_name: "first name",
  last_name: "last name",
  language: "language",
  country: "country",
  time_zone: "time zone",
  consent_state: "consent",
  consent_date: "date of consent",
  consent_source: "source of consent",
  consent_reason: "reason",
};

type Draft = Pick<ImportRow, "workspace_id" | "kind" | "settings" | "columns">;

/** What is to be decided before an import can start, each in a sentence; none: it can. */
export async function problemsOf(db: Queryable, draft: Draft): Promise<string[]> {
  const { data: fields } = await listFields(db, draft.workspace_id);
  return [
    ...mappingProblems(draft, fields),
    ...consentProblems(draft),
    ...(await campaignProblems(db, draft)),
    ...(await goneProblems(db, draft)),
  ];
}

function mappingProblems({ settings, columns }: Draft, fields: readonly ContactField[]): string[] {
  const { mapping, default_country } = settings;
  const problems: string[] = [];
  const has = (to: ImportTarget["to"]) => mapping.some((target) => target.to === to);
  if (mapping.length !== columns.length)
    problems.push(`Say for each of the ${columns.length} columns what it is.`);
  if (!has("phone")) problems.push("Choose the column that holds the phone number.");
  for (const [to, name] of Object.entries(TARGET_NAMES))
    if (mapping.filter((target) => target.to === to).length > 1)
      problems.push(`Two columns are chosen as the ${name}. Keep one of them.`);
  if (has("name") && (has("first_name") || has("last_name")))
    problems.push("Choose either the name or the first and last name.");
  const field_ids = mapping.flatMap((target) => (target.to === "field" ? [target.field_id] : []));
  for (const id of new Set(field_ids)) {
    const field = fields.find((each) => each.id === id);
    if (!field) problems.push("A field that a column is for was deleted. Choose another one.");
    else if (field_ids.filter((each) => each === id).length > 1)
      problems.push(`Two columns are chosen as “${field.name}”. Keep one of them.`);
  }
  const names = fields.map(({ name }) => name.toLowerCase());
  for (const target of mapping) {
    if (target.to !== "new_field") continue;
    if (names.includes(target.name.toLowerCase()))
      problems.push(
        `There is a field “${target.name}” already. Choose it, or give the new one another name.`,
      );
    names.push(target.name.toLowerCase());
  }
  if (default_country !== null && !isCountry(default_country))
    problems.push(`“${default_country}” is no country that has phone numbers. Choose another one.`);
  return problems;
}

function consentProblems({ kind, settings }: Draft): string[] {
  if (kind === "blacklist") return [];
  const { mapping, consent } = settings;
  const has = (to: ImportTarget["to"]) => mapping.some((target) => target.to === to);
  const says_more = has("consent_state") || consent.state === "SUBSCRIBED" || consent.state === "PENDING";
  if (!says_more) return [];
  const problems: string[] = [];
  if (!has("consent_date") && consent.date === null)
    problems.push("Say when these people agreed: choose the column with the date, or enter one.");
  if (!has("consent_source") && (consent.source ?? "") === "")
    problems.push("Say where these people agreed, as “newsletter form on our website”.");
  if (!consent.agreed) problems.push("Confirm that these people agreed to be written to.");
  return problems;
}

async function campaignProblems(db: Queryable, { workspace_id, kind, settings }: Draft): Promise<string[]> {
  if (kind !== "campaign") return [];
  if (settings.campaign_id === null) return ["Choose the campaign that these people are for."];
  const campaign = await findOpen(db, workspace_id, settings.campaign_id);
  if (!campaign) return ["The campaign is not there any more. Choose another one."];
  return campaign.is_open
    ? []
    : [`“${campaign.name}” has started, so no one can be added. Choose another campaign.`];
}

async function goneProblems(db: Queryable, { workspace_id, settings }: Draft): Promise<string[]> {
  const { tag_ids, list_ids, new_list } = settings;
  const [found] = await db.rows<{ tags: number; lists: number; taken: boolean }>(sql`
    select (select count(*)::integer from tags where workspace_id = ${workspace_id} and id = any(${uuidArray(tag_ids)}::uuid[])) as tags,
      (select count(*)::integer from lists where workspace_id = ${workspace_id} and id = any(${uuidArray(list_ids)}::uuid[])) as lists,
      exists (select from lists where workspace_id = ${workspace_id}
        and lower(name) in (select lower(name) from unnest(${textArray(new_list === null ? [] : [new_list])}::text[]) as due (name))) as taken`);
  return [
    ...(found!.tags < new Set(tag_ids).size
      ? ["A tag that was chosen was deleted. Choose the tags again."]
      : []),
    ...(found!.lists < new Set(list_ids).size
      ? ["A list that was chosen was deleted. Choose the lists again."]
      : []),
    ...(found!.taken
      ? [`There is a list “${new_list}” already. Choose it, or give the new one another name.`]
      : []),
  ];
}

import type { CampaignVariable } from "../../contract/campaigns.ts";
import { sql, type Sql } from "../../db/db.ts";
import { isSendable, type CampaignRow, type CampaignTemplates } from "../definition/definition.ts";

/** Where a query has what is known of a person. */
export interface PersonColumns {
  name: Sql;
  number_kind: Sql;
  country: Sql;
  language: Sql;
  time_zone: Sql;
  fields: Sql;
  /** What was added with them, by column. */
  values: Sql;
}

/**
 * Whether a person is skipped as they have no value for a place, as `valuesOf` judges it one by one. Of a group whose
 * templates have different places those count that all of them have: which one a person gets depends on their language.
 */
export function missingSql(row: CampaignRow, templates: CampaignTemplates | null, of: PersonColumns): Sql {
  const members = (templates?.members ?? []).filter(isSendable);
  const places = (members[0]?.places ?? []).filter(
    ({ place, required }) =>
      required && members.every((member) => member.places.some((other) => other.place === place)),
  );
  return places.reduce(
    (any, { place, kind }) => {
      const variable = row.variables[place];
      if (variable === undefined || variable.from === "text" || hasFallback(variable)) return any;
      const value = valueSql(variable, of);
      if (value === null) return any;
      return kind === "text"
        ? sql`${any} or coalesce(btrim(${value}, E' \\t\\r\\n'), '') = ''`
        : sql`${any} or coalesce(${value}, '') !~ '^\\s*https?://'`;
    },
    sql`false`,
  );
}

const hasFallback = (variable: CampaignVariable) =>
  "fallback" in variable && (variable.fallback ?? "").trim() !== "";

/** Null: it is there for everyone. */
function valueSql(variable: CampaignVariable, of: PersonColumns): Sql | null {
  switch (variable.from) {
    case "contact":
      return aboutSql(variable.what, of);
    case "field":
      return sql`${of.fields} ->> ${variable.field_id}::text`;
    case "column":
      return sql`${of.values} ->> ${variable.column}::text`;
    default:
      return null;
  }
}

function aboutSql(what: Extract<CampaignVariable, { from: "contact" }>["what"], of: PersonColumns): Sql {
  switch (what) {
    case "name":
    case "first_name":
      return of.name;
    case "phone":
      return sql`nullif(${of.number_kind}, 'bsuid')`;
    case "language":
      return of.language;
    case "country":
      return of.country;
    case "time_zone":
      return of.time_zone;
  }
}

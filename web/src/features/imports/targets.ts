import type { Field, Import, Target } from "./queries.ts";
import { COLUMNS, TARGETS } from "./texts.ts";

type Plain = keyof typeof TARGETS;

const ABOUT: readonly Plain[] = [
  "phone",
  "name",
  "first_name",
  "last_name",
  "language",
  "country",
  "time_zone",
];
const CONSENT: readonly Plain[] = ["consent_state", "consent_date", "consent_source", "consent_reason"];

const option = (to: Plain) => ({ value: to, label: TARGETS[to] });

/** What a column can be, as the groups of a select. */
export const optionsOf = (kind: Import["kind"], fields: readonly Field[]) => [
  option("ignore"),
  ...(kind === "campaign" ? [option("value")] : []),
  { group: COLUMNS.groups.about, items: [...ABOUT.map(option), { value: "tags", label: COLUMNS.tags }] },
  {
    group: COLUMNS.groups.fields,
    items: [
      ...fields.map(({ id, name }) => ({ value: `field:${id}`, label: name })),
      { value: "new_field", label: COLUMNS.new_field },
    ],
  },
  { group: COLUMNS.groups.consent, items: CONSENT.map(option) },
];

export const valueOf = (target: Target): string =>
  target.to === "field" ? `field:${target.field_id}` : target.to;

/** The target that an option stands for; a new field begins with the column's name. */
export function targetOf(value: string, column: string): Target {
  if (value.startsWith("field:")) return { to: "field", field_id: value.slice("field:".length) };
  if (value === "new_field") return { to: "new_field", name: column, kind: "text" };
  if (value === "tags") return { to: "tags", separator: "|" };
  return { to: value as Plain };
}

import type { ContactField } from "../audience/audience.ts";
import type { ImportSettings, ImportTarget } from "../contract/imports.ts";
import { readNumber } from "../meta/meta.ts";

type Kind = "contacts" | "blacklist";
interface Column {
  name: string;
  samples: string[];
}

/** What people and other programs call a column, in plain letters. */
const CALLED: readonly (readonly [to: Plain, names: RegExp])[] = [
  [
    "phone",
    /^((mobile|cell|whats ?app|contact|customer)? ?)?(phone|telephone|tel|mobile|cell|cellphone|whats ?app|msisdn|wa id|celular|telefone|telefono|fone|movil|numero|number|handy|telefon|portable)( ?(number|no|nr|numero|num|id|mobile|e164|1 value))?$/,
  ],
  ["first_name", /^(first ?name|given ?name|forename|nome proprio|nombre de pila|vorname|prenom)$/],
  ["last_name", /^(last ?name|family ?name|surname|sobrenome|apellidos?|nachname|nom de famille)$/],
  ["name", /^((full|display|contact|customer|profile) ?name|name|nome|nombre|nom|customer|contact)$/],
  ["language", /^(language|lang|locale|preferred language|idioma|lingua|sprache|langue)$/],
  ["country", /^(country|country code|pais|land|pays|default address country code)$/],
  ["time_zone", /^(time ?zone|tz|fuso horario|zona horaria)$/],
  [
    "consent_state",
    /^(consent|consent (state|status)|marketing (state|status|consent)|subscribed|opt ?in|opted in|opt ?in status|accepts (whatsapp |sms |email )?marketing|whatsapp (consent|marketing|opt ?in))$/,
  ],
  [
    "consent_date",
    /^(consent (date|time|at|updated at)|opt ?in (date|time|at)|opted in (at|on)|subscribed (at|on)|consented (at|on)|marketing consent (date|at))$/,
  ],
  ["consent_source", /^((consent|opt ?in|marketing|marketing consent) source|source of consent)$/],
];
type Plain = Exclude<ImportTarget["to"], "field" | "new_field" | "tags">;

const TAGS = /^(tags?|labels?|etiquetas?)$/;
/** The columns of a list of people who must not be written to. */
const BLACKLIST: readonly (readonly [to: Plain, names: RegExp])[] = [
  ["consent_source", /^source$/],
  ["consent_reason", /^(reason|motivo|grund)$/],
  ["consent_date", /^(added at|added|date|created at|blocked at|opted out at|unsubscribed at)$/],
];

const plain = (name: string) =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

/** A file of people who opted out, by its columns. */
export function guessKind(columns: readonly Column[]): Kind {
  const names = columns.map(({ name }) => plain(name));
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  return has(CALLED[0]![1]) && has(/^reason$/) && has(/^added at$/) ? "blacklist" : "contacts";
}

/** A workspace may well have fields of its own for them. */
const PARTS: readonly Plain[] = ["first_name", "last_name"];

/** What each column is likely to be: by its name, by the workspace's own fields, else by what is in it; each but once. */
export function guessMapping(
  columns: readonly Column[],
  fields: readonly ContactField[],
  kind: "contacts" | "blacklist" | "campaign",
): ImportTarget[] {
  const taken = new Set<string>();
  const take = (to: Plain): ImportTarget | null => {
    if (taken.has(to)) return null;
    taken.add(to);
    return { to };
  };
  const called = kind === "blacklist" ? [...BLACKLIST, ...CALLED] : CALLED;
  const own = new Set<string>();
  const mapping = columns.map(({ name }): ImportTarget | null => {
    const written = plain(name);
    const found = called.find(([, names]) => names.test(written))?.[0];
    const built_in = found && !PARTS.includes(found) ? take(found) : null;
    if (built_in) return built_in;
    const field = fields.find((each) => plain(each.name) === written && written !== "" && !own.has(each.id));
    if (field) {
      own.add(field.id);
      return { to: "field", field_id: field.id };
    }
    if (kind !== "blacklist" && TAGS.test(written)) return { to: "tags", separator: "" };
    return found ? take(found) : null;
  });
  const phones = columns.findIndex(({ samples }, i) => mapping[i] === null && samples.some(isPhone));
  if (!taken.has("phone") && phones >= 0) mapping[phones] = take("phone");
  return mapping.map((target, i): ImportTarget => {
    if (target?.to === "tags") return { to: "tags", separator: separatorOf(columns[i]!.samples) };
    return target ?? { to: kind === "campaign" ? "value" : "ignore" };
  });
}

function isPhone(text: string): boolean {
  const read = readNumber(text);
  return read !== null && read.digits.length >= 8 && read.digits.length <= 15;
}

function separatorOf(samples: readonly string[]): string {
  return ["|", ";", ","].find((each) => samples.some((sample) => sample.includes(each))) ?? "|";
}

/** The first row names the columns unless a number of a phone stands in it. */
export const looksLikeHeader = (first: readonly string[]): boolean => !first.some(isPhone);

/** `3.5` and `1,234.50`: only a decimal sign stands last and before other than three digits, or behind the other sign. */
const POINT = /^[-+]?(?:\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3})+\.\d+)$/;
const COMMA = /^[-+]?(?:\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)$/;

/** By the numbers themselves; where they don't tell, programs that part by semicolons mostly write a comma. */
function guessDecimal(columns: readonly Column[], delimiter: string): "." | "," {
  const samples = columns.flatMap((column) => column.samples);
  const count = (form: RegExp) => samples.filter((sample) => form.test(sample)).length;
  const [points, commas] = [count(POINT), count(COMMA)];
  if (points !== commas) return points > commas ? "." : ",";
  return delimiter === ";" ? "," : ".";
}

export const initialSettings = (
  mapping: ImportTarget[],
  { delimiter, columns }: { delimiter: string; columns: readonly Column[] },
): ImportSettings => ({
  mapping,
  default_country: null,
  day_first: true,
  decimal: guessDecimal(columns, delimiter),
  policy: "fill_blanks",
  tag_ids: [],
  list_ids: [],
  new_list: null,
  consent: { state: null, date: null, source: null, agreed: false },
  campaign_id: null,
});
